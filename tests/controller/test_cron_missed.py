"""The start that is due, the count of missed ones and the next look are those of the controller's own code, recorded."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from conformance.schedule.agreement import mine
from joblint.api.go.schedule import parse_standard
from joblint.api.go.zone import load
from joblint.controller.cron.missed import most_recent

DATA = Path(__file__).parents[1] / "data" / "schedules.json.gz"


def test_every_recorded_answer() -> None:
    cases = json.loads(gzip.decompress(DATA.read_bytes()))["dues"]
    wrong = [(case, got) for case in cases if (got := mine(case["question"], case["answer"])) != case["answer"]]
    assert wrong == []
    assert len(cases) == 1500
    assert {case["answer"].get("missed", 0) for case in cases} == {0, 1, 2}
    assert any("error" in case["answer"] for case in cases)


@pytest.mark.parametrize(
    ("deadline", "starts"), [(None, True), (0, False), (1, True), (200, True), (9_223_372_036, True), (9_223_372_037, False)]
)
def test_which_deadlines_let_it_start(deadline: int | None, starts: bool) -> None:
    due = 1_800_000_000 - 1_800_000_000 % 60
    recent = most_recent(parse_standard("* * * * *"), load("UTC"), due - 60, due + 0.1, deadline)
    assert (recent.latest == due) is starts
