"""Template files without the chart around them, named or open in an editor: joblint renders the chart, and reports what concerns
these files."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError
from joblint.base.record import Record, replace
from joblint.run.render.template_name import may_be_template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.run.explain import Explained
    from joblint.run.projects import Projects
    from joblint.run.render.charts import Chart
    from joblint.run.render.check import Rendering
    from joblint.run.render.explained import Explain
    from joblint.run.render.helm import Asked
    from joblint.run.result import Report

_MOST = 1 << 19
"""Bytes of a chart that is rendered while somebody types in one of its templates."""


class Around(Record):
    """A chart, and the files of the run that are templates of it, as the user wrote their names."""

    chart: Chart
    files: tuple[str, ...]


def charts_around(files: tuple[str, ...]) -> tuple[Around, ...]:
    """Return the charts around template files; those that render no Job are left out."""
    from joblint.run.render.charts import Chart, is_of_use
    from joblint.source.unrendered.chart import chart_of

    found: dict[str, tuple[str, list[str], list[str]]] = {}
    for file in files:
        chart = chart_of(file) if may_be_template(file) else ""
        if not chart:
            continue
        inside = os.path.relpath(os.path.abspath(file), chart)
        if chart not in found:
            root = file[: -len(inside)].rstrip(os.sep) or os.curdir if file.endswith(inside) else os.path.relpath(chart)
            found[chart] = root, [], []
        found[chart][1].append(file if file.endswith(inside) else os.path.join(found[chart][0], inside))
        found[chart][2].append(file)
    return tuple([Around(Chart(root, tuple(own)), tuple(names)) for root, own, names in found.values() if is_of_use(root)])


def check_templates(here: Projects, charts: tuple[Around, ...], asked: Asked, each_values: bool) -> tuple[Report, ...]:
    """Return a report for each chart, on its files alone; those that print no Job are in none. Raises ConfigError, UnknownRule
    and WrongInput as `Projects` does."""
    made = [template_rendering(here, one, asked, each_values) for one in charts]
    return tuple([one.report for one in made if one.report is not None])


def template_rendering(here: Projects, around: Around, asked: Asked, each_values: bool) -> Rendering:
    """Return the result for the chart around template files, with a report on these alone. Raises ConfigError, UnknownRule and
    ValueError as `Projects` does."""
    from joblint.run.render.check import Rendering, rendering, task_of

    report = rendering(task_of(here, around.chart, replace(asked, without_helm=True), each_values)).report
    return Rendering(around.chart, _on(report, around.files) if report is not None else None, "", ())


def _on(report: Report, files: tuple[str, ...]) -> Report:
    """The part of a report that concerns files, under the names that the user wrote."""
    names = {os.path.realpath(file): file for file in files}

    def of(file: str) -> str:
        return names.get(os.path.realpath(file), "")

    documents = tuple([replace(d, file=of(d.file)) for d in report.documents if of(d.file)])
    findings = tuple([replace(f, file=of(f.file)) for f in report.findings if of(f.file)])
    there = {d.file for d in documents} | {f.file for f in findings}
    return replace(report, files=len(there), documents=documents, findings=findings, skipped=())


def covered(reports: tuple[Report, ...]) -> frozenset[str]:
    """Return the files that reports are on."""
    return frozenset([*[d.file for r in reports for d in r.documents], *[f.file for r in reports for f in r.findings]])


def explain_templates(
    here: Projects, charts: tuple[Around, ...], asked: Asked, each_values: bool, explain: Explain
) -> tuple[tuple[Explained, ...], frozenset[str]]:
    """Return the explanations of the Jobs in template files, and which files print one."""
    from joblint.run.render.explained import explain_charts

    found: list[Explained] = []
    for one in charts:
        names = {os.path.realpath(file): file for file in one.files}
        for part in explain_charts(here, (one.chart,), replace(asked, without_helm=True), each_values, explain).parts:
            own = [(names.get(os.path.realpath(e.file), ""), e) for e in part.explanations]
            explanations = tuple([replace(e, file=name) for name, e in own if name])
            findings = tuple([f for f in part.findings if os.path.realpath(f.file) in names])
            sources = tuple([(names[os.path.realpath(f)], t) for f, t in part.sources if os.path.realpath(f) in names])
            found.append(replace(part, explanations=explanations, findings=findings, sources=sources, skipped=()))
    return tuple(found), frozenset([e.file for part in found for e in part.explanations])


def check_open(engine: Engine, path: str, data: bytes, written: Report) -> Report:
    """Return the report on the newest text of a template: of what its chart prints, and of `written`, the report on the text
    as it is written, what is only true for other values. It is `written` itself if the chart cannot be rendered, is large, or
    prints no Job there."""
    from tempfile import TemporaryDirectory

    from joblint.run.render.charts import copy, expand, is_of_use, is_packed, walk
    from joblint.source.unrendered.chart import chart_of

    chart = chart_of(path)
    try:
        if not chart or sum([size for _, size in walk(chart)]) > _MOST or not is_of_use(chart):
            return written
        with TemporaryDirectory(prefix="joblint-") as work:
            work = os.path.realpath(work)
            root, inside = os.path.join(work, "root"), os.path.relpath(path, chart)
            copy(chart, root)
            with open(os.path.join(root, inside), "wb") as file:
                file.write(data)
            if is_packed(root):
                os.makedirs(os.path.join(work, "inner"))
                expand(root, os.path.join(work, "inner"))
            found, stops = _rendered(engine, chart, root, inside, work)
    except (OSError, ProgramError, RecursionError):
        return written
    if found is None:
        return replace(written, findings=(*stops, *written.findings)) if stops else written
    return _together(replace(found, files=written.files), written, path)


def _rendered(engine: Engine, chart: str, root: str, inside: str, work: str) -> tuple[Report | None, tuple[Finding, ...]]:
    """What is found in the chart's output; None if the template `inside` could not be evaluated, and where helm stops in it,
    whatever the values are, if that is not because somebody is still typing."""
    from joblint.run.check import check_text
    from joblint.run.render.broken import from_own, is_written
    from joblint.run.render.helm import Asked, render
    from joblint.run.render.not_rendered import findings
    from joblint.run.render.placing import Placer

    folder = os.path.join(work, "made")
    os.makedirs(folder)
    rendered = render(root, Asked(without_helm=True), engine.version, folder)
    if inside.replace(os.sep, "/") in rendered.failed:
        here = [b for b in from_own(root, rendered.faults) if b.file == inside.replace(os.sep, "/") and is_written(b)]
        return None, findings(engine, chart, root, (), tuple(here))
    report = check_text(engine, rendered.text.encode("utf-8", "surrogateescape"), chart)
    placer = Placer(chart, root, rendered)
    documents = []
    for checked in report.documents:
        name, judged = placer.judged(checked.judged)
        documents.append(replace(checked, file=name, judged=judged))
    return replace(report, documents=tuple(documents), findings=placer.findings(report.findings)), ()


def _together(found: Report, written: Report, path: str) -> Report:
    """What is found in a template's output, and in its text for other values; with the fixes that are known of the text."""
    from joblint.rules.unrendered.judged import depends

    documents = tuple([replace(d, file=path) for d in found.documents if os.path.realpath(d.file) == os.path.realpath(path)])
    if not documents:
        return written
    as_written = {(f.rule, f.span.line): f for f in written.findings}
    findings = [
        as_written.get((f.rule, f.span.line), replace(f, file=path))
        for f in found.findings
        if os.path.realpath(f.file) == os.path.realpath(path)
    ]
    known = {(f.rule, f.span.line) for f in findings}
    findings += [f for f in written.findings if depends(f) and (f.rule, f.span.line) not in known]
    findings.sort(key=lambda f: (f.span.line, f.span.column, f.rule))
    return replace(found, documents=documents, findings=tuple(findings), skipped=())
