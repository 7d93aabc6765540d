"""Manifests and explanations for the tests of `jobs-explain`'s formats."""

from __future__ import annotations

from functools import cache

from joblint.explain.explanation import Explanation
from joblint.report.explain.text import render
from joblint.report.style import Style
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.explain import Explained, explain_files

NOW = 1_795_257_000.0  # 2026-11-21T10:30:00Z

ETL = """apiVersion: batch/v1
kind: Job
metadata:
  name: etl-load
spec:
  backoffLimit: 6
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: load
          image: registry.example.com/etl:1.4.2
"""

NIGHTLY = """apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "30 2 * * *"
  timeZone: Europe/Berlin
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 2
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: report
              image: registry.example.com/report:2.0.1
"""

OFTEN = """apiVersion: batch/v1
kind: CronJob
metadata: {name: often}
spec:
  schedule: "*/5 * * * *"
  concurrencyPolicy: Replace
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: main, image: registry.example.com/often:1.0}]
"""
"""Its runs are killed by the next start, whether they fail or hang."""


def job(spec: str = "", name: str = "j", restart: str = "Never", pod: str = "", container: str = "") -> str:
    """A Job with these lines in its spec, in its Pod's, and in its container."""
    return (
        f"apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {name}\nspec:\n{_lines(spec, 2)}  template:\n    spec:\n"
        f"      restartPolicy: {restart}\n{_lines(pod, 6)}      containers:\n        - name: main\n"
        f'          image: "b:1"\n{_lines(container, 10)}'
    )


def _lines(text: str, indent: int) -> str:
    return "".join([f"{' ' * indent}{line}\n" for line in text.splitlines()])


@cache
def engine() -> Engine:
    """All rules, for 1.36."""
    return Engine(chosen(builtin(), Selection((), (), "default"), "1.36"), "1.36")


def explained(text: str, *, page: bool = False, **options: object) -> Explained:
    """The explanations of a file named job.yaml."""
    return explain_files(
        [("job.yaml", text.encode())],
        "1.36",
        now=NOW,
        engine=engine() if page else None,
        ladder=page,
        **options,  # type: ignore[arg-type]
    )


def one(text: str, **options: object) -> Explanation:
    """The only explanation of a file."""
    (found,) = explained(text, **options).explanations
    return found


def text_of(manifest: str, *, brief: bool = False, full: bool = False, style: Style | None = None, **options: object) -> str:
    """What a terminal without colours, 100 columns wide, shows."""
    return "\n".join(render(explained(manifest, **options), style or Style(False, False, 100), brief, full))
