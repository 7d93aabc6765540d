"""Jobs that ran under a real kubelet of Kubernetes 1.36.3 (its containers were played): the same end, each time in its range."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest

from joblint.controller.job.trace import Run
from joblint.controller.prediction.outlook import outlook
from joblint.controller.scenario.file import read_scenario
from tests.controller.helper import DATA, accepted

SLACK = 1.0
"""Seconds by which the recorder and a busy machine may be off."""

with gzip.open(DATA / "kubelet_runs.jsonl.gz", "rt", encoding="utf-8") as lines:
    CASES: dict[str, dict[str, Any]] = {case["case"]: case for case in map(json.loads, lines)}


def simulated(case: dict[str, Any]) -> Run:
    scenario = read_scenario(case["scenario"], case["case"])
    return outlook(accepted(case["manifest"]), scenario, case["until"], version="1.36")


def within(real: float | None, between: tuple[float, float] | None) -> bool:
    if real is None or between is None:
        return real is between
    return between[0] - SLACK <= real <= between[1] + SLACK


def plain(message: str) -> str:
    return re.sub(r"^Pod \S+ has", "Pod POD has", re.sub(r"for pod \S+", "for pod POD", message))


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_ends_as_it_really_did(name: str) -> None:
    case = CASES[name]
    found, real = simulated(case), case["final"]
    conditions = [[c.type, c.status, c.reason, plain(c.message)] for c in found.final.conditions]
    assert conditions == [[*c[:3], plain(c[3])] for c in real.get("conditions", [])]
    said = found.final.as_dict()
    if case["deleted_at"] is not None:
        return  # what the status would have come to nobody saw
    for field in ("succeeded", "failed", "completedIndexes", "failedIndexes"):
        assert (said[field] or "") == (real.get(field) or ""), field
    assert within(case["ends_at"], found.ends_between)


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_is_deleted_as_it_really_was(name: str) -> None:
    assert within(CASES[name]["deleted_at"], simulated(CASES[name]).deleted_between)


@pytest.mark.parametrize("name", sorted(CASES))
def test_its_pods_are_created_when_they_really_were(name: str) -> None:
    case = CASES[name]
    key = sorted([(t, -1 if i is None else i) for t, i in case["pods"]])
    events = [e for e in simulated(case).events if e.event == "pod-created"]
    said = sorted([(e.t, -1 if e.index is None else e.index, e.t_min or 0.0, e.t_max or 0.0) for e in events])
    assert sorted([index for _, index in key]) == sorted([index for _, index, *_ in said])
    for (real, _), (_, _, low, high) in zip(key, said, strict=True):
        assert within(real, (low, high)), (real, low, high)


@pytest.mark.parametrize("name", sorted(n for n in CASES if CASES[n]["restarts"]))
def test_its_containers_are_restarted_when_they_really_were(name: str) -> None:
    case = CASES[name]
    events = [e for e in simulated(case).events if e.event == "container-restarted"]
    for n, container in {(n, container) for _, n, container, _ in case["restarts"]}:
        said = [(e.t_min or 0.0, e.t_max or 0.0) for e in events if (e.n, e.detail["container"]) == (n, container)]
        real = [t for t, *which, _ in case["restarts"] if which == [n, container]]
        # Whether one more comes before the end may depend on chance.
        assert len(real) <= len(said) <= len(real) + 1
        for at, (low, high) in zip(real, said, strict=False):
            assert within(at, (low, high)), (at, low, high)


@pytest.mark.parametrize("name", sorted(CASES))
def test_its_ranges_say_something(name: str) -> None:
    between = simulated(CASES[name]).ends_between
    if between is not None:
        assert between[1] - between[0] <= max(5.0, 0.6 * between[1])
