"""Running rules over manifests given as text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import indent

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.check import check_text
from joblint.run.projects import Asked, Projects
from joblint.run.render.charts import charts
from joblint.run.render.check import check_charts
from joblint.run.render.helm import Asked as Rendering
from joblint.run.result import Report


@cache  # an engine plans its checks once; a new one for each manifest takes longer than the checks
def engine_of(version: str = "1.36", profile: str = "strict", select: tuple[str, ...] = ()) -> Engine:
    """An engine with the rules of every profile unless said otherwise."""
    return Engine(chosen(builtin(), Selection(select=select, profile=profile), version), version)


def report_of(manifest: str, version: str = "1.36", profile: str = "strict", select: tuple[str, ...] = ()) -> Report:
    """The report on a manifest, with the rules of every profile unless said otherwise."""
    return check_text(engine_of(version, profile, select), manifest.encode(), "job.yaml")


def report_of_chart(folder: Path, template: str, files: dict[str, str], version: str = "1.36") -> Report:
    """The report on a chart in a directory, with one template, as joblint renders it."""
    (folder / "templates").mkdir(parents=True)
    for name, text in {"templates/job.yaml": template, **files}.items():
        (folder / name).write_text(text)
    paths = tuple([str(folder / name) for name in ["templates/job.yaml", *files]])
    here = Projects(Asked(profile="strict", kubernetes_version=version))
    (report,) = check_charts(here, charts(paths)[0], Rendering(without_helm=True), False).reports
    return report


WORK = "command: [./load]\n"
"""A container's field whose work nothing is known of."""


def job_of(container: str = WORK, spec: str = "", meta: str = "", pod: str = "", image: str = "example.com/etl:1.4.2") -> str:
    """A Job named x with further lines of its container, its spec, its metadata and its Pod, each from the first column on."""
    return (
        f"apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: x\n{indent(meta, '  ')}spec:\n{indent(spec, '  ')}"
        f"  template:\n    spec:\n      restartPolicy: Never\n{indent(pod, '      ')}      containers:\n"
        f"      - name: main\n        image: {image}\n{indent(container, '        ')}"
    )


def script_of(text: str, shell: str = "sh", options: str = "-c") -> str:
    """The lines of a container that runs a script."""
    return f"command: [{shell}, {options}]\nargs:\n- |\n{indent(text, '  ')}\n"


def cronjob_of(schedule: str, spec: str = "", job: str = "") -> str:
    """A CronJob named x with further lines of its spec and of its Jobs' spec."""
    return (
        f'apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: x\nspec:\n  schedule: "{schedule}"\n{indent(spec, "  ")}'
        f"  jobTemplate:\n    spec:\n{indent(job, '      ')}      template:\n        spec:\n          restartPolicy: Never\n"
        "          containers:\n          - name: main\n            image: example.com/etl:1.4.2\n            command: [./load]\n"
    )


def warnings_of(manifest: str, version: str = "1.37") -> set[str]:
    """The rules that warn of a manifest, or more, with the default profile; no check may crash."""
    report = report_of(manifest, version, profile="default")
    assert not report.crashes
    return {f.rule for f in report.findings if f.severity != "info"}
