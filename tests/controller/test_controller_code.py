"""Random Jobs that the Job controller's own code (Kubernetes 1.36.3) was played through, with its clock turned by hand.

Recorded by `python -m conformance.controller.compare --refresh`, which needs Go; the replay does not.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

import pytest

from conformance.controller.agreement import disagreements
from conformance.controller.draw import UNTIL
from tests.controller.helper import DATA

PARTS = 8


@cache
def played() -> list[dict[str, Any]]:
    with gzip.open(DATA / "controller.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.parametrize("part", range(PARTS))
def test_the_model_does_what_the_controllers_code_does(part: int) -> None:
    cases = played()[part::PARTS]
    assert len(cases) > 40
    for case in cases:
        assert disagreements(case["job"], case["scenario"], UNTIL, case["controller"]) == []


def test_a_wrong_answer_is_seen() -> None:
    case = next(c for c in played() if c["controller"]["succeeded"] and c["controller"]["ends_at"])
    for field, value in (
        ("succeeded", 77),
        ("failed", 77),
        ("completed", "77"),
        ("pods", []),
        ("ends_at", 377.0),
        ("conditions", []),
    ):
        assert disagreements(case["job"], case["scenario"], UNTIL, {**case["controller"], field: value})
