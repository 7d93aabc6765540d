"""The start that is due, the count of missed ones and the next look are those of the controller's own code, recorded."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from joblint.api.validate.schedule import parse_standard
from joblint.api.zone import load
from joblint.controller.missed import MANY, InvalidSchedule, most_recent, next_look

DATA = Path(__file__).parents[1] / "data" / "cron_missed.jsonl.gz"


def answer(case: dict[str, Any]) -> dict[str, Any]:
    schedule, zone = parse_standard(case["schedule"]), load(case["zone"])
    look = next_look(schedule, zone, case["last"], case["now"])
    try:
        recent = most_recent(schedule, zone, case["last"], case["now"], case["deadline"])
    except InvalidSchedule as error:
        return {"latest": None, "missed": 0, "error": str(error), "look": look}
    missed = 2 if recent.missed > MANY else 1 if recent.missed else 0  # none, few or many, as the controller has it
    return {"latest": recent.latest, "missed": missed, "error": None, "look": look}


def test_every_recorded_answer() -> None:
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    wrong = [
        (case, got) for case in cases if (got := answer(case)) != {**got, **{k: case[k] for k in ("latest", "missed", "error")}}
    ]
    assert wrong == []
    assert [case for case in cases if answer(case)["look"] != pytest.approx(case["look"], abs=0.01)] == []
    assert len(cases) == 1500
    assert {case["missed"] for case in cases} == {0, 1, 2}
    assert any(case["error"] for case in cases)


@pytest.mark.parametrize(
    ("deadline", "starts"), [(None, True), (0, False), (1, True), (200, True), (9_223_372_036, True), (9_223_372_037, False)]
)
def test_which_deadlines_let_it_start(deadline: int | None, starts: bool) -> None:
    due = 1_800_000_000 - 1_800_000_000 % 60
    recent = most_recent(parse_standard("* * * * *"), load("UTC"), due - 60, due + 0.1, deadline)
    assert (recent.latest == due) is starts
