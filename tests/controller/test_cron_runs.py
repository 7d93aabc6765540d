"""The model of the CronJob controller against CronJobs that real controllers of 1.36.3 ran for some minutes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from joblint.api.create.job_of_cronjob import job_from_template
from joblint.api.judge import judge
from joblint.controller.cron.simulate import simulate
from joblint.controller.cron.trace import CronAction, CronRun, JobRun
from joblint.controller.job.simulate import simulate as simulate_job
from joblint.controller.scenario.scenario import PodScript, Scenario, Script
from tests.controller.helper import run_of

DATA = Path(__file__).parents[1] / "data" / "cron_runs.jsonl.gz"
SLACK = 1.5
"""Seconds by which a real control plane may be later than the model."""

with gzip.open(DATA, "rt", encoding="utf-8") as lines:
    CASES: dict[str, dict[str, Any]] = {case["case"]: case for case in map(json.loads, lines)}


def job_run(case: dict[str, Any]) -> JobRun:
    """How long the Jobs take, by the model of the Job controller and what the containers did."""
    script = Script(run=(case["pods"]["run"],), exit=(case["pods"]["exit"],))
    job = job_from_template(judge(case["cronjob"]).defaulted or {})
    return run_of(simulate_job(job, Scenario("played", (PodScript(script=script),), instant=True)))


def played(case: dict[str, Any]) -> CronRun:
    actions = [CronAction(**action) for action in case["actions"]]
    return simulate(case["cronjob"], case["created"], case["until"], [job_run(case)], actions)


def near(expected: float | None, got: float | None, slack: float = SLACK) -> bool:
    return expected == got if expected is None or got is None else -0.5 <= expected - got <= slack


@pytest.mark.parametrize("name", CASES)
def test_jobs_are_made_when_and_as_often_as_they_really_were(name: str) -> None:
    case = CASES[name]
    run = played(case)
    real = [(job["name"], job["created"]) for job in case["jobs"]]
    assert [job.name for job in run.jobs] == [made for made, _ in real]
    for job, (_, created) in zip(run.jobs, real, strict=True):
        assert abs(job.created // 1 - created) <= 1, (job, created)


@pytest.mark.parametrize("name", CASES)
def test_jobs_end_and_are_deleted_as_they_really_were(name: str) -> None:
    case = CASES[name]
    for job, real in zip(played(case).jobs, case["jobs"], strict=True):
        assert near(real["finished"], job.finished), (job, real)
        assert job.outcome == real["outcome"]
        assert near(real["deleted"], job.deleted), (job, real)


@pytest.mark.parametrize("name", CASES)
def test_the_status_changes_as_it_really_did(name: str) -> None:
    case = CASES[name]
    status = [(e.at, list(e.active), e.last, e.success) for e in played(case).events if e.event == "status"]
    real = [tuple(entry) for entry in case["statuses"]]
    if name == "y01-cron-toomany":
        real = real[1:]  # the first change is the action's own
    assert [(active, last) for _, active, last, _ in status] == [(active, last) for _, active, last, _ in real]
    for (at, _, _, success), (real_at, _, _, real_success) in zip(status, real, strict=True):
        assert near(real_at, at)
        assert near(real_success, success, 2)


@pytest.mark.parametrize("name", CASES)
def test_the_events_are_the_real_ones(name: str) -> None:
    case = CASES[name]
    events = played(case).events
    texts = {(e.reason, e.message) for e in events if e.event in ("event", "skipped")}
    assert texts == {(reason, message) for reason, message in case["events"]}
