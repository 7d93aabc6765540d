"""Jobs that a real API server and Job controller of Kubernetes 1.36.3 ran, against the model: same end, counts, Pods, times."""

from __future__ import annotations

import re
from typing import Any

import pytest

from joblint.controller.job.backoff import CLOCK_OFFSET
from joblint.controller.job.simulate import simulate
from joblint.controller.job.trace import Run
from joblint.controller.prediction.outlook import outlook
from joblint.controller.scenario.file import read_scenario
from tests.controller.helper import accepted, recorded

RACES = {"e06b-tie-bl1-dl12": 970, "e25-ads-whole-job-p1": 620}
"""Runs decided by the part of a second in which the Job was made, with that part in milliseconds."""


def simulated(case: dict[str, Any], offset: int = CLOCK_OFFSET) -> Run:
    scenario = read_scenario({**case["scenario"], "kubelet": "instant"}, case["case"])
    return simulate(accepted(case["manifest"]), scenario, case["until"], offset=offset)


def differences(case: dict[str, Any], run: Run) -> list[str]:
    """Where the run differs from the recorded one by more than the recorder could see."""
    found = []
    real, said = case["final"], run.final.as_dict()
    seen_end = case["deleted_at"] is None or real.get("conditions")  # a Job deleted at once may be gone before its end is seen
    if seen_end:
        conditions = [[c["type"], c["status"], c["reason"], plain(c["message"])] for c in said["conditions"]]
        if [[*c[:3], plain(c[3])] for c in real.get("conditions", [])] != conditions:
            found.append(f"conditions {conditions}")
        for name in ("succeeded", "failed", "completedIndexes", "failedIndexes"):
            if (real.get(name) or "") != (said[name] or ""):
                found.append(f"{name} {said[name]}")
    never = -100.0
    if abs((run.job_deleted_at or never) - (case["deleted_at"] or never)) > 3:
        found.append(f"deleted at {run.job_deleted_at}")
    pods = sorted((t, -1 if i is None else i) for t, i in case["pods"])
    made = sorted((e.t, -1 if e.index is None else e.index) for e in run.events if e.event == "pod-created")
    if sorted(i for _, i in pods) != sorted(i for _, i in made):
        found.append(f"pods {made}")
    elif any(abs(a - b) > max(2.5, 0.02 * a) for (a, _), (b, _) in zip(pods, made, strict=True)):
        found.append(f"pod times {made}")
    return found


def plain(message: str) -> str:
    return re.sub(r"for pod \S+", "for pod POD", message)


@pytest.mark.parametrize("name", sorted(set(recorded()) - set(RACES)))
def test_run(name: str) -> None:
    case = recorded()[name]
    assert differences(case, simulated(case)) == []


@pytest.mark.parametrize("name", sorted(RACES))
def test_race_inside_one_second(name: str) -> None:
    """Whole-second times make these a matter of the part of the second: with the one they had, the model agrees."""
    case = recorded()[name]
    assert differences(case, simulated(case))
    assert differences(case, simulated(case, RACES[name])) == []


def test_an_instant_kubelet_says_which_other_end_a_part_of_a_second_brings() -> None:
    """The second Pod fails after 12 s; the deadline of 13 s counts from the full second before the Job was made."""
    job = accepted(recorded()["e06b-tie-bl1-dl12"]["manifest"])
    tight = {**job, "spec": {**job["spec"], "activeDeadlineSeconds": 13}}
    scenario = read_scenario({"kubelet": "instant", "pods": [{"run": 1, "exit": 1}]}, "tight")
    found = outlook(tight, scenario, version="1.36")
    assert found.ending == ("Failed", "BackoffLimitExceeded") and found.otherwise == (("Failed", "DeadlineExceeded"),)
    loose = {**job, "spec": {**job["spec"], "activeDeadlineSeconds": 15}}
    assert outlook(loose, scenario, version="1.36").otherwise == ()


def test_there_are_as_many_runs_as_were_recorded() -> None:
    assert len(recorded()) == 151
