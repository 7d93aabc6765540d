"""Charts in a check: each rendered, checked as a whole, and reported at the lines of its templates."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError
from joblint.base.record import Record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from joblint.rules.finding import Finding
    from joblint.run.projects import Project, Projects
    from joblint.run.render.broken import Broken
    from joblint.run.render.charts import Chart
    from joblint.run.render.helm import Asked
    from joblint.run.result import Checked, Report

    Render = Callable[[tuple["Task", ...]], Iterable["Rendering"]]

_LEFT_OUT = "skipping unknown hook"
"""What helm prints if it skips an object because it does not know its hook."""
_HOOK_UNKNOWN = "hook-value-unknown"

NO_HELM = "helm is not on the PATH"


_OF_WHAT_IS_NOWHERE = (
    *("reference-misspelled", "host-misspelled", "reference-in-another-namespace", "role-lacks-verb", "delete-does-not-wait"),
    "account-not-used",
)
"""Rules about objects that are missing: a template that could not be evaluated may print them."""


class Told(Record):
    """The results for the charts: a report each, the files that are to be read without rendering because their chart could not
    be rendered, and messages for the user."""

    reports: tuple[Report, ...]
    unrendered: tuple[str, ...]
    said: tuple[str, ...]


class Task(Record):
    """A chart, and all that its rendering depends on."""

    chart: Chart
    asked: Asked
    each_values: bool
    projects: tuple[Project, ...]
    version: str


class Rendering(Record):
    """The result of a chart: a report, on no file if the chart cannot even be loaded (it then contains the reason), None if there
    is nothing to report either; in `why` the reason that helm did not render it; and what was said, by helm or of it."""

    chart: Chart
    report: Report | None
    why: str
    said: tuple[str, ...]


def check_charts(
    here: Projects, charts: tuple[Chart, ...], asked: Asked, each_values: bool, render: Render | None = None
) -> Told:
    """Renders and checks charts, here or as `render` does. Raises ConfigError, UnknownRule and WrongInput as `Projects` does."""
    tasks = tuple([task_of(here, chart, asked, each_values) for chart in charts])
    return told(map(rendering, tasks) if render is None else render(tasks))


def task_of(here: Projects, chart: Chart, asked: Asked, each_values: bool) -> Task:
    """The task of rendering a chart. Raises ConfigError, UnknownRule and WrongInput as `Projects` does."""
    file = os.path.join(chart.path, "Chart.yaml")
    return Task(chart, asked, each_values, here.shared_out(("-",), file), here.versions(here.settings(file))[-1])


def rendering(task: Task) -> Rendering:
    """Renders and checks a chart."""
    from joblint.base.programs import is_there

    chart, why = task.chart, ""
    said: list[str] = []
    if not task.asked.without_helm and not is_there("helm"):
        why = NO_HELM
        task = replace(task, asked=replace(task.asked, without_helm=True))
    failed: list[str] = []
    try:
        report = _checked(task, said, failed)
        return Rendering(chart, report, why or next(iter(failed), ""), tuple(said))
    except (ProgramError, OSError) as error:
        last = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        report = _not_loaded(task, last)
        if task.asked.without_helm:
            said.append(f"joblint: {chart.path}: it cannot be rendered, so its files are checked as written: {last}")
            return Rendering(chart, report, "", tuple(said))
        return Rendering(chart, report, next(iter(failed), last), tuple(said))
    except MemoryError:
        raise
    except Exception as error:  # one bad chart must not take the others with it
        return Rendering(chart, bug(task.version, chart.path, len(chart.files), error), "", tuple(said))


def _not_loaded(task: Task, why: str) -> Report:
    """The report on a chart whose files cannot be read."""
    from joblint.run.render.broken import from_helm
    from joblint.run.render.not_rendered import findings
    from joblint.run.result import Report

    found = findings(task.projects[0].engines[-1], task.chart.path, task.chart.path, (), (from_helm(why),))
    return Report(task.version, 0, (), found, (), (), ())


def bug(version: str, path: str, files: int, error: Exception) -> Report:
    """The report on a chart or overlay that joblint failed on."""
    from joblint.rules.finding import failed
    from joblint.run.result import Report

    return Report(version, files, (), (), (), (failed(path, 0, error),), ())


def told(renderings: Iterable[Rendering]) -> Told:
    """What there is to say of charts together."""
    reports: list[Report] = []
    unrendered: list[str] = []
    said: list[str] = []
    without: list[str] = []
    for one in renderings:
        said += one.said
        if one.report is not None:
            reports.append(one.report)
        unrendered += read_instead(one)
        if one.why == NO_HELM:
            without.append(one.chart.path)
        elif one.why:
            is_loaded = one.report is not None and one.report.files
            instead = "joblint renders its templates itself" if is_loaded else "its files are checked as written"
            said.append(f"joblint: {one.chart.path}: rendering with helm failed, so {instead}: {one.why}")
    if without:
        names = ", ".join(without[:5]) + (" …" if len(without) > 5 else "")
        said.insert(0, f"joblint: helm is not on the PATH: joblint renders the templates of {names} itself")
    return Told(tuple(reports), tuple(unrendered), tuple(said))


def read_instead(one: Rendering) -> list[str]:
    """The files that are read as written since their chart could not be rendered."""
    is_loaded = one.report is not None and one.report.files
    return [] if is_loaded else [f for f in one.chart.files if not is_archive(f)]


def is_archive(file: str) -> bool:
    """Return whether a chart was specified as an archive."""
    from joblint.run.render.charts import ARCHIVES

    return file.endswith(ARCHIVES)


def _checked(task: Task, said: list[str], why: list[str]) -> Report:
    """The report on a chart; what helm says where it fails is added to `why`, and joblint renders the chart itself then."""
    from tempfile import TemporaryDirectory

    from joblint.run.render.broken import needs_values
    from joblint.run.render.not_rendered import findings as reasons_of

    chart = task.chart
    before = len(said)
    with TemporaryDirectory(prefix="joblint-") as work:
        found = []
        failed: set[str] = set()
        reasons: list[tuple[Broken, ...]] = []
        for root, packed, way, folder in ways(chart, task.asked, task.each_values, os.path.realpath(work)):
            report, without, broken = _one_way(task, root, packed, way, folder, said, why)
            found.append(report)
            failed |= without
            reasons.append(broken)
        if not all(needs_values(one) for one in reasons):  # some values are enough
            reasons = [tuple([r for r in one if not needs_values((r,))]) for one in reasons]
        not_rendered = reasons_of(
            task.projects[0].engines[-1],
            chart.path,
            root,
            packed,
            tuple([r for one in reasons for r in one]),
            bool(task.asked.values or task.asked.sets),
        )
        if any(_LEFT_OUT in line for line in said[before:]):
            found += _hooks(task, os.path.join(work, "hooks"))
        found.append(_as_written(task, root, packed, found, failed))
    seen: set[tuple[object, ...]] = set()
    findings: list[Finding] = list(not_rendered)
    for report in found:
        for finding in report.findings:
            key = (finding.rule, finding.file, finding.span.line, finding.span.column, finding.message)
            if key not in seen:
                seen.add(key)
                findings.append(finding)
    findings.sort(key=lambda f: (f.file, f.span.line, f.span.column, f.rule))
    crashes = tuple([c for report in found for c in report.crashes])
    return replace(found[0], findings=tuple(findings), documents=_objects(found), crashes=crashes, files=len(chart.files))


def _objects(found: list[Report]) -> tuple[Checked, ...]:
    """The objects of all renderings of a chart, those that several of them print once."""
    objects: list[Checked] = []
    seen: set[tuple[str | None, ...]] = set()
    for report in found:
        keys: list[tuple[str | None, ...]] = [
            (one.file, one.judged.kind, one.judged.namespace, one.judged.name) for one in report.documents
        ]
        objects += [one for one, key in zip(report.documents, keys, strict=True) if key not in seen]
        seen |= set(keys)
    return tuple(objects)


def _as_written(task: Task, root: str, packed: tuple[tuple[str, str], ...], found: list[Report], failed: set[str]) -> Report:
    """What is found in the templates as they are written, in addition to what is `found` in their output: in branches that no
    values take, and in the templates that could not be evaluated, `failed` by their paths in the chart. Its documents are those
    of the templates that print no Job with any of the values."""
    from joblint.rules.finding import at_least, noted
    from joblint.rules.unrendered.judged import depends, if_enabled
    from joblint.run.projects import check_projects
    from joblint.run.render.given import shown_in
    from joblint.source.helm.ignored import ignored_in
    from joblint.source.unrendered.chart import left_out_by

    names: dict[str, str] = {}
    ignored = ignored_in(task.chart.path)
    for file in task.chart.files:
        inside = os.path.relpath(file, task.chart.path).replace(os.sep, "/")
        if "templates" in file.split("/") and not is_archive(file) and not ignored(inside):
            names[file] = file
    for folder in [folder for folder, _ in packed] or ([""] if is_archive(task.chart.path) else []):
        for path in _templates(os.path.join(root, *folder.split("/"))):
            names[path] = shown_in(task.chart.path, os.path.relpath(path, root).replace(os.sep, "/"), packed)
    report = check_projects((replace(task.projects[0], files=tuple(names)),), tuple(names), 1, None)
    unread = {shown_in(task.chart.path, name, packed) for name in failed}
    known = {(f.rule, f.file, f.span.line) for one in found for f in one.findings}
    findings = []
    conditions: dict[str, str] = {}
    for found_in, finding in [(f.file, replace(f, file=names.get(f.file, f.file))) for f in report.findings]:
        at = (finding.rule, finding.file, finding.span.line)
        if finding.file in unread or depends(finding) and at not in known:
            findings.append(finding)
        elif at not in known and at_least("info", task.projects[0].engines[-1].least):
            # A template without actions is an ordinary manifest: nothing in it says that its chart is disabled.
            folder = found_in.rpartition("/templates/")[0]
            if folder not in conditions:
                conditions[folder] = left_out_by(folder)
            if conditions[folder]:
                noted_as = noted(finding.message, if_enabled(conditions[folder]))
                findings.append(replace(finding, severity="info", message=noted_as))
    documents = [replace(checked, file=names.get(checked.file, checked.file)) for checked in report.documents]
    crashes = tuple([replace(c, file=names.get(c.file, c.file)) for c in report.crashes])
    printed = {checked.file for one in found for checked in one.documents}
    kept = tuple([checked for checked in documents if checked.file not in printed])
    return replace(report, documents=kept, findings=tuple(findings), crashes=crashes)


def _templates(folder: str) -> list[str]:
    """The template files of a chart and of those in it."""
    from joblint.run.render.charts import walk

    return [path for path, _ in walk(folder) if "templates" in path.split(os.sep) and path.endswith((".yaml", ".yml"))]


def _hooks(task: Task, work: str) -> list[Report]:
    """Findings on the hooks of a chart, as joblint renders them: helm skips an object whose hook it does not know."""
    found = []
    for root, packed, way, folder in ways(task.chart, replace(task.asked, without_helm=True), task.each_values, work):
        report, _, _ = _one(task, root, packed, way, folder, [])
        findings = tuple([f for f in report.findings if f.name == _HOOK_UNKNOWN])
        found.append(replace(report, documents=(), findings=findings))
    return found


def ways(
    chart: Chart, asked: Asked, each_values: bool, work: str
) -> Iterator[tuple[str, tuple[tuple[str, str], ...], Asked, str]]:
    """The chart's folder, those of its folders that are really archives, what is requested, and an empty folder, for each
    rendering of a chart; archives are unpacked in `work`. Raises OSError."""
    from joblint.run.render.charts import copy, expand, is_packed, unpack

    root = chart.path
    if is_archive(chart.path):
        os.makedirs(os.path.join(work, "archive"))
        root = unpack(chart.path, os.path.join(work, "archive"))
    files = values_files(root) if each_values and not is_archive(chart.path) else []
    packed: tuple[tuple[str, str], ...] = ()
    if is_packed(root):
        copied, inner = os.path.join(work, "whole"), os.path.join(work, "inner")
        copy(root, copied)
        os.makedirs(inner)
        root, packed = copied, tuple(expand(copied, inner))
    if each_values and is_archive(chart.path):
        files = values_files(root)
    for n, way in enumerate([asked, *[replace(asked, values=(*asked.values, file)) for file in files]]):
        os.makedirs(os.path.join(work, str(n)))
        yield root, packed, way, os.path.join(work, str(n))


def values_files(root: str) -> list[str]:
    """Return the values files in a chart: `values-prod.yaml` next to it, `ci/*-values.yaml` as chart-testing uses them."""
    found = []
    for folder, fits in ((root, _is_values), (os.path.join(root, "ci"), _is_ci_values)):
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        found += [os.path.join(folder, name) for name in names if name.endswith((".yaml", ".yml")) and fits(name)]
    return found


def _is_values(name: str) -> bool:
    return name.startswith("values") and name != "values.yaml"


def _is_ci_values(name: str) -> bool:
    return name.rpartition(".")[0].endswith("values")


def _one_way(
    task: Task, root: str, packed: tuple[tuple[str, str], ...], asked: Asked, work: str, said: list[str], why: list[str]
) -> tuple[Report, set[str], tuple[Broken, ...]]:
    """The same as `_one`, by joblint itself if helm fails."""
    from joblint.run.render.broken import from_helm

    if asked.without_helm:
        return _one(task, root, packed, asked, work, said)
    try:
        return _one(task, root, packed, asked, work, said)
    except ProgramError as error:
        why.append(str(error))
    work = os.path.join(work, "itself")
    os.makedirs(work)
    report, failed, broken = _one(task, root, packed, replace(asked, without_helm=True), work, said)
    return report, failed, (*broken, from_helm(why[-1]))


def _one(
    task: Task, root: str, packed: tuple[tuple[str, str], ...], asked: Asked, work: str, said: list[str]
) -> tuple[Report, set[str], tuple[Broken, ...]]:
    """The report on one rendering, the templates that were not evaluated, and why helm does not render the chart, as far as
    joblint knows by itself."""
    from joblint.run.contents import Stdin
    from joblint.run.projects import check_projects
    from joblint.run.render.broken import from_own
    from joblint.run.render.helm import render
    from joblint.run.render.placing import Placer
    from joblint.run.result import Checked

    chart = task.chart
    rendered = render(root, asked, task.version, work)
    if rendered.said:
        said += [f"helm: {chart.path}: {line}" for line in rendered.said.split("\n")]
    stdin = Stdin(chart.path, rendered.text.encode("utf-8", "surrogateescape"))
    report = check_projects(task.projects, ("-",), 1, stdin)
    placer = Placer(chart.path, root, rendered, packed)
    documents = []
    for checked in report.documents:
        file, judged = placer.judged(checked.judged)
        documents.append(Checked(file, judged))
    findings = [f for f in report.findings if not (rendered.failed and f.name in _OF_WHAT_IS_NOWHERE)]
    report = replace(report, documents=tuple(documents), findings=placer.findings(findings))
    return report, set(rendered.failed), from_own(root, rendered.faults) if asked.without_helm else ()
