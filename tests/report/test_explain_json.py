"""The JSON of `jobs-explain` follows its schema, and says what the simulation found."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from joblint.base.compiled import read
from joblint.controller.scenario.file import read_scenario
from joblint.report.explain.json import render
from tests.report.explain_helper import ETL, NIGHTLY, explained, job

RUNS = Path(__file__).parent.parent / "data" / "runs.jsonl.gz"


def as_json(manifest: str, **options: object) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(render(explained(manifest, **options)))
    return data


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    found = json.loads(read("schemas/output/explain.json"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


@pytest.mark.parametrize(
    "manifest",
    [
        ETL,
        NIGHTLY,
        NIGHTLY.replace("30 2 * * *", "0 0 31 2 *"),
        NIGHTLY.replace("Forbid", "Replace"),
        job(),
        job("parallelism: 0"),
        job("completions: 0"),
        job("suspend: true"),
        job("managedBy: example.com/queue"),
        job("completions: 3\ncompletionMode: Indexed\nbackoffLimitPerIndex: 1\nmaxFailedIndexes: 1\nttlSecondsAfterFinished: 0"),
        job("backofLimit: 3"),
        job("completions: -1"),
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: 3}\nspec: 7\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n",
        "a: [",
        "",
    ],
)
def test_the_schema_holds(schema: Draft202012Validator, manifest: str) -> None:
    assert [e.message for e in schema.iter_errors(as_json(manifest))] == []


def test_the_schema_holds_for_recorded_runs(schema: Draft202012Validator) -> None:
    with gzip.open(RUNS, "rt") as lines:
        cases = [json.loads(line) for line in lines]
    assert len(cases) > 100
    for case in cases[::4]:
        found = as_json(json.dumps(case["manifest"]), scenario=read_scenario(case["scenario"], "recorded"))
        assert [e.message for e in schema.iter_errors(found)] == [], case["case"]


def test_the_schema_is_strict(schema: Draft202012Validator) -> None:
    found = as_json(ETL)
    found["jobs"][0]["simulation"]["events"][0]["colour"] = "blue"
    assert not schema.is_valid(found)


def test_the_simulation_is_the_failing_one_unless_another_is_asked_for() -> None:
    assert as_json(ETL)["jobs"][0]["simulation"]["scenario"] == "fail"
    asked = as_json(ETL, scenario="succeed")["jobs"][0]
    assert asked["simulation"]["scenario"] == "succeed"
    assert asked["simulation"]["outcome"] == "complete"
    assert asked["simulation"]["ends_at"] == asked["scenarios"]["succeed"]["ends_at"]
    assert list(asked["scenarios"]) == ["fail", "succeed", "hang", "evict", "node", "pending"]


def test_the_design_s_numbers() -> None:
    found = as_json(job())["jobs"][0]
    simulation = found["simulation"]
    assert simulation["events"][0] == {"t": 0.0, "t_min": 0.0, "t_max": 0.0, "event": "pod-created", "n": 0, "index": None}
    assert [c["type"] for c in simulation["final"]["conditions"]] == ["FailureTarget", "Failed"]
    assert simulation["final"]["failed"] == 7
    assert round(simulation["ends_at"]) == 639
    assert simulation["job_deleted_at"] is None
    assert found["pattern"] == "single"


def test_the_run_time_is_that_of_each_try() -> None:
    ends = [as_json(job("backoffLimit: 0"), run=run)["jobs"][0]["scenarios"]["fail"]["ends_at"] for run in (1.0, 60.0)]
    assert [round(e) for e in ends] == [3, 63]


def test_looking_on_for_so_long_only() -> None:
    found = as_json(job(), until=20.0)["jobs"][0]
    assert found["simulation"]["outcome"] == "until"
    assert all(e["t"] <= 20 for e in found["simulation"]["events"])
    assert found["scenarios"]["succeed"]["outcome"] == "complete"


def test_what_is_not_explained_is_named() -> None:
    found = as_json("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n---\n" + ETL)
    assert found["skipped"] == [{"file": "job.yaml", "document": 0, "reason": "kind Secret"}]
    assert [(j["document"], j["line"]) for j in found["jobs"]] == [(1, 5)]


def test_ten_thousand_pods_are_told_in_full() -> None:
    found = as_json(job("completions: 10000\nparallelism: 500"), scenario="succeed")["jobs"][0]
    assert sum(e["event"] == "pod-succeeded" for e in found["simulation"]["events"]) == 10000
    assert found["scenarios"]["succeed"]["kubectl"]["completions"] == "10000/10000"
