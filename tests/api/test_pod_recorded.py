"""Answers of the API server (1.36.3) to Jobs whose Pod template is wrong, or just right, in one place after the other."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from joblint.api.judge import judge

_AREAS: dict[str, list[dict[str, Any]]] = defaultdict(list)
with gzip.open(Path(__file__).parent.parent / "data" / "pod-template.jsonl.gz", "rt", encoding="utf-8") as _lines:
    for _case in map(json.loads, _lines):
        _AREAS[_case["id"].rpartition("-")[0]].append(_case)


def test_every_area_has_refusals_and_all_but_few_have_something_accepted() -> None:
    accepted = {area: sum(case["documents"][0]["accepted"] for case in cases) for area, cases in _AREAS.items()}
    assert all(accepted[area] < len(cases) for area, cases in _AREAS.items())
    assert {area for area in accepted if not accepted[area]} <= {"ephemeral", "host"}


@pytest.mark.parametrize("area", sorted(_AREAS))
def test_same_errors_in_the_same_order(area: str) -> None:
    for case in _AREAS[area]:
        (document,) = case["documents"]
        verdict = judge(json.loads(case["yaml"]), "1.36")
        assert verdict is not None
        assert verdict.accepted == document["accepted"], case["id"]
        expected = [(e["type"], e["field"], e["detail"]) for e in document.get("errors", ())]
        assert [(e.type, e.field, e.message) for e in verdict.errors] == expected, case["id"]
