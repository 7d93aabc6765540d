"""Answers of the API server (1.36.3) to Jobs and CronJobs that are wrong, or just right, outside their Pod template."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from joblint.api.judge import judge

_AREAS: dict[str, list[dict[str, Any]]] = defaultdict(list)
with gzip.open(Path(__file__).parent.parent / "data" / "job-spec.jsonl.gz", "rt", encoding="utf-8") as _lines:
    for _case in map(json.loads, _lines):
        _AREAS[_case["id"].rpartition("-")[0]].append(_case)

# The server walks these maps in a random order.
_UNORDERED = {"labels", "templateLabels", "annotations", "all-at-once", "names"}


def test_areas_hold_refusals_and_objects_that_are_taken() -> None:
    accepted = {area: sum(case["documents"][0]["accepted"] for case in cases) for area, cases in _AREAS.items()}
    assert {area for area, cases in _AREAS.items() if accepted[area] == len(cases)} == {"warnings"}
    assert {area for area in accepted if not accepted[area]} == {"all-at-once"}


@pytest.mark.parametrize("area", sorted(_AREAS))
def test_same_errors_in_the_same_order(area: str) -> None:
    for case in _AREAS[area]:
        (document,) = case["documents"]
        verdict = judge(json.loads(case["yaml"]), "1.36")
        assert verdict is not None
        if document.get("panic"):
            assert [e.field for e in verdict.errors] == ["spec.completions"], case["id"]
            continue
        assert verdict.accepted == document["accepted"], case["id"]
        expected = [(e["type"], e["field"], e["detail"]) for e in document.get("errors", ())]
        found = [(e.type, e.field, e.message) for e in verdict.errors]
        if area in _UNORDERED:
            expected.sort()
            found.sort()
        assert found == expected, case["id"]
        assert list(verdict.warnings) == document.get("warnings", []), case["id"]
