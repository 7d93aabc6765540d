"""Jobs and runs for the tests of the controllers, made the short way."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from joblint.api.judge import judge
from joblint.base.record import replace
from joblint.controller.cron.trace import JobRun
from joblint.controller.job.simulate import simulate
from joblint.controller.job.trace import Run
from joblint.controller.scenario.file import read_scenario
from joblint.controller.scenario.scenario import Scenario, built_in

DATA = Path(__file__).parent.parent / "data"


def job(restart: str = "Never", pod: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    """A Job that the server takes, with its defaults, named `j`."""
    template = {"restartPolicy": restart, "containers": [{"name": "main", "image": "x"}], **(pod or {})}
    manifest = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "j"},
        "spec": {**spec, "template": {"spec": template}},
    }
    return accepted(manifest)


def accepted(manifest: dict[str, Any]) -> dict[str, Any]:
    """The defaulted object of a manifest that the server takes."""
    verdict = judge(manifest)
    assert verdict is not None and verdict.accepted and verdict.defaulted is not None, verdict
    return verdict.defaulted


def run(
    of: dict[str, Any], scenario: str | dict[str, Any] | Scenario = "fail", until: float | None = None, seconds: float = 1.0
) -> Run:
    """A simulated run: of a built-in scenario with tries of so many seconds, or of a scenario file's data."""
    if isinstance(scenario, str):
        scenario = built_in(scenario, seconds)
    elif isinstance(scenario, dict):
        scenario = read_scenario(scenario, "test")
    return simulate(of, replace(scenario, instant=True), until)


def run_of(found: Run) -> JobRun:
    """How a CronJob's Job goes that was simulated alone."""
    if found.ends_at is None:
        return JobRun(None)
    return JobRun(found.ends_at, "Complete" if found.outcome == "complete" else "Failed")


def times(found: Run, event: str) -> list[float]:
    """When an event happened, in seconds."""
    return [e.t for e in found.events if e.event == event]


def ended(found: Run) -> tuple[str, str]:
    """Type and reason of the last condition; ("", "") where there is none."""
    last = found.final.conditions[-1] if found.final.conditions else None
    return (last.type, last.reason) if last else ("", "")


@cache
def recorded() -> dict[str, dict[str, Any]]:
    """Jobs that a real controller of Kubernetes 1.36.3 ran, by name: what it made of them, second by second."""
    with gzip.open(DATA / "runs.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {case["case"]: case for case in map(json.loads, lines)}
