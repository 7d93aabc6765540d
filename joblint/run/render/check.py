"""Charts as one check sees them: each rendered, judged as a whole, and told of at the lines of its templates."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError
from joblint.base.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Finding
    from joblint.run.projects import Projects
    from joblint.run.render.charts import Chart
    from joblint.run.render.helm import Asked
    from joblint.run.result import Report

_LEFT_OUT = "skipping unknown hook"
"""What helm says where it leaves out an object whose hook it does not know."""
_HOOK_UNKNOWN = "hook-value-unknown"


@record
class Told:
    """What came of the charts: a report each, the files that are to be read as written since their chart could not be
    rendered, and what there is to say of it to a person."""

    reports: tuple[Report, ...]
    unrendered: tuple[str, ...]
    said: tuple[str, ...]


def check_charts(here: Projects, charts: tuple[Chart, ...], asked: Asked, each_values: bool, least: str) -> Told:
    """Renders and checks charts. Raises ConfigError, UnknownRule and ValueError as `Projects` does."""
    from joblint.base.programs import is_there

    reports: list[Report] = []
    unrendered: list[str] = []
    said: list[str] = []
    if not is_there("helm"):
        names = ", ".join([chart.path for chart in charts[:5]]) + (" …" if len(charts) > 5 else "")
        said.append(f"joblint: helm is not on the PATH: the templates of {names} are read without rendering")
        return Told((), tuple([f for chart in charts for f in chart.files if not is_archive(f)]), tuple(said))
    for chart in charts:
        try:
            reports.append(_checked(here, chart, asked, each_values, least, said))
        except (ProgramError, OSError) as error:
            why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            said.append(f"joblint: {chart.path}: rendering failed, so its templates are read without rendering: {why}")
            unrendered += [f for f in chart.files if not is_archive(f)]
    return Told(tuple(reports), tuple(unrendered), tuple(said))


def is_archive(file: str) -> bool:
    """Whether a chart is named by its archive."""
    from joblint.run.render.charts import ARCHIVES

    return file.endswith(ARCHIVES)


def _checked(here: Projects, chart: Chart, asked: Asked, each_values: bool, least: str, said: list[str]) -> Report:
    from tempfile import TemporaryDirectory

    before = len(said)
    with TemporaryDirectory(prefix="joblint-") as work:
        found = [
            _one(here, chart, root, way, least, folder, said)
            for root, way, folder in ways(chart, asked, each_values, os.path.realpath(work))
        ]
    if any(_LEFT_OUT in line for line in said[before:]):
        found.append(_hooks_as_written(here, chart, least))
    seen: set[tuple[object, ...]] = set()
    findings: list[Finding] = []
    for report in found:
        for finding in report.findings:
            key = (finding.rule, finding.file, finding.span.line, finding.span.column, finding.message)
            if key not in seen:
                seen.add(key)
                findings.append(finding)
    findings.sort(key=lambda f: (f.file, f.span.line, f.span.column, f.rule))
    crashes = tuple([c for report in found for c in report.crashes])
    return replace(found[0], findings=tuple(findings), crashes=crashes, files=len(chart.files))


def _hooks_as_written(here: Projects, chart: Chart, least: str) -> Report:
    """Findings on the hooks of a chart, read from its templates: helm skips an object whose hook it does not know."""
    from joblint.run.projects import check_projects

    files = tuple([f for f in chart.files if not is_archive(f)])
    report = check_projects(here.shared_out(files), files, 1, None, least)
    return replace(report, documents=(), findings=tuple([f for f in report.findings if f.name == _HOOK_UNKNOWN]))


def ways(chart: Chart, asked: Asked, each_values: bool, work: str) -> Iterator[tuple[str, Asked, str]]:
    """The chart's folder, what is asked for, and an empty folder, for each rendering of a chart; archives are unpacked in `work`.
    Raises OSError."""
    from joblint.run.render.charts import unpack

    root = chart.path
    if is_archive(chart.path):
        os.makedirs(os.path.join(work, "archive"))
        root = unpack(chart.path, os.path.join(work, "archive"))
    files = values_files(root) if each_values else []
    for n, way in enumerate([asked, *[replace(asked, values=(*asked.values, file)) for file in files]]):
        os.makedirs(os.path.join(work, str(n)))
        yield root, way, os.path.join(work, str(n))


def values_files(root: str) -> list[str]:
    """The files of values that come with a chart: `values-prod.yaml` next to it, `ci/*-values.yaml` as chart-testing has them."""
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


def _one(here: Projects, chart: Chart, root: str, asked: Asked, least: str, work: str, said: list[str]) -> Report:
    from joblint.run.contents import Stdin
    from joblint.run.projects import check_projects
    from joblint.run.render.helm import render
    from joblint.run.render.placing import Placer
    from joblint.run.result import Checked

    settings = here.settings(os.path.join(chart.path, "Chart.yaml"))
    rendered = render(root, asked, here.versions(settings)[-1], work)
    if rendered.said:
        said += [f"helm: {chart.path}: {line}" for line in rendered.said.split("\n")]
    projects = here.shared_out(("-",), os.path.join(chart.path, "Chart.yaml"))
    stdin = Stdin(chart.path, rendered.text.encode("utf-8", "surrogateescape"))
    report = check_projects(projects, ("-",), 1, stdin, least)
    placer = Placer(chart.path, root, rendered)
    documents = []
    for checked in report.documents:
        file, judged = placer.judged(checked.judged)
        documents.append(Checked(file, judged))
    return replace(report, documents=tuple(documents), findings=tuple([placer.finding(f) for f in report.findings]))
