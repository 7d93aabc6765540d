"""How often schedules start: periods, uneven steps, two day fields, crowds, overlaps; each against the starts themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.api.civil import DAY, day_of
from joblint.api.validate.schedule import parse_standard
from joblint.api.zone import UTC, load
from joblint.controller.calendar import starts
from joblint.controller.crowd import crowds, most_at_once
from joblint.controller.periods import (
    EitherDay,
    Periods,
    either_day,
    every_day,
    every_hour,
    impossible_days,
    periods,
    uneven_steps,
)

NOW = day_of(2026, 11, 21) * DAY
HOUR = 3600


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* * * * *", Periods(60, 60, 1440, 365)),
        ("*/5 * * * *", Periods(300, 300, 288, 365)),
        ("*/45 * * * *", Periods(15 * 60, 45 * 60, 48, 365)),
        ("*/90 * * * *", Periods(HOUR, HOUR, 24, 365)),
        ("0 0 * * *", Periods(DAY, DAY, 1, 365)),
        ("0 */5 * * *", Periods(4 * HOUR, 5 * HOUR, 5, 365)),
        ("0 9-17 * * 1-5", Periods(HOUR, 2 * DAY + 16 * HOUR, 9, 260)),
        ("0 0 1 * *", Periods(28 * DAY, 31 * DAY, 1, 12)),
        ("0 0 31 * *", Periods(31 * DAY, 61 * DAY, 1, 7)),
        ("0 0 1 1 *", Periods(365 * DAY, 366 * DAY, 1, 1)),
        ("0 0 29 2 *", Periods(1461 * DAY, 1461 * DAY, 1, 0)),
        ("0 0 13 * 5", Periods(DAY, 7 * DAY, 1, 63)),
        ("0 0 1-31 * 1", Periods(DAY, DAY, 1, 365)),
        ("@hourly", Periods(HOUR, HOUR, 24, 365)),
        ("@every 90s", Periods(90, 90, 960, 365)),
        ("0 0 30 2 *", None),
        (", * * * *", None),
    ],
)
def test_rhythm(text: str, expected: Periods | None) -> None:
    assert periods(parse_standard(text), NOW) == expected


FIELDS = st.tuples(
    st.sampled_from(["*", "0", "*/20", "*/45", "59", "5,50"]),
    st.sampled_from(["*", "0", "*/6", "*/5", "9-17", "3,23"]),
    st.sampled_from(["*", "*", "1", "*/2", "31", "10-12"]),
    st.sampled_from(["*", "*", "1", "*/5", "6-8"]),
    st.sampled_from(["*", "*", "0", "1-5", "*/3"]),
).map(" ".join)


@settings(max_examples=50)
@given(FIELDS)
def test_periods_are_those_of_the_starts(text: str) -> None:
    schedule = parse_standard(text)
    found = list(starts(schedule, NOW - 1, NOW + 4 * 365 * DAY))
    gaps = {later - earlier for earlier, later in zip(found, found[1:], strict=False)}
    told = periods(schedule, NOW)
    assert told is not None
    assert (told.shortest, told.longest) == (min(gaps), max(gaps))
    assert told.per_year == sum(at < NOW + 365 * DAY for at in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*/45 * * * *", [(0, 45, (0, 45), (45, 15))]),
        ("*/7 * * * *", [(0, 7, (0, 7, 14, 21, 28, 35, 42, 49, 56), (7, 4))]),
        ("*/90 * * * *", [(0, 90, (0,), (60,))]),
        ("5/45 * * * *", [(0, 45, (5, 50), (45, 15))]),
        ("0 */5 * * *", [(1, 5, (0, 5, 10, 15, 20), (5, 4))]),
        ("0 0 */10 * *", [(2, 10, (1, 11, 21, 31), (10, 8, 9, 1))]),
        ("0 0 * */5 *", [(3, 5, (1, 6, 11), (5, 2))]),
        ("0 0 * * */2", [(4, 2, (0, 2, 4, 6), (2, 1))]),
        ("TZ=UTC */45 * * * *", [(0, 45, (0, 45), (45, 15))]),
        ("*/15 */6 * */3 *", []),
        ("*/60 */24 * */12 */7", []),
        ("5/15 * * * *", []),
        ("30/20 * * * *", []),
        ("0 9-17/3 * * *", []),
        ("*/1 * * * *", []),
        ("@hourly", []),
        ("@every 45m", []),
        ("*/x * * * *", []),
    ],
)
def test_uneven_steps(text: str, expected: list[tuple[int, int, tuple[int, ...], tuple[int, ...]]]) -> None:
    assert [(step.field, step.step, step.values, step.gaps) for step in uneven_steps(text)] == [
        (field, step, values, gaps) for field, step, values, gaps in expected
    ]


@given(st.text())
def test_any_text_has_uneven_steps_or_none(text: str) -> None:
    assert isinstance(uneven_steps(text), tuple)


@given(st.integers(2, 80))
def test_a_step_of_minutes_is_even_if_and_only_if_all_gaps_are_it(step: int) -> None:
    told = periods(parse_standard(f"*/{step} * * * *"), NOW)
    assert told is not None
    assert (told.shortest == told.longest == 60 * step) is (uneven_steps(f"*/{step} * * * *") == ())


def test_both_day_fields_restricted_means_either() -> None:
    assert either_day(parse_standard("0 0 13 * 5"), NOW) == EitherDay(by_month=12, by_week=52, either=63, both=1)
    assert either_day(parse_standard("0 0 1-7 * 1"), NOW) == EitherDay(by_month=84, by_week=52, either=124, both=12)
    assert either_day(parse_standard("0 0 */2 * 1"), NOW) is not None  # a step takes the star away
    assert either_day(parse_standard("0 0 13 * *"), NOW) is None
    assert either_day(parse_standard("0 0 */1 * 1"), NOW) is None
    assert either_day(parse_standard("@every 1h"), NOW) is None


def test_days_that_no_calendar_has() -> None:
    assert impossible_days(parse_standard("0 0 30 2 *")) == ((2, 30),)
    assert impossible_days(parse_standard("0 0 31 4,5 *")) == ((4, 31),)
    assert impossible_days(parse_standard("0 0 29 2 *")) == ()
    assert impossible_days(parse_standard("0 0 31 * *")) == ()
    assert impossible_days(parse_standard("0 0 30 2 1")) == ()


def test_every_hour_and_every_day() -> None:
    assert every_hour(parse_standard("5 * * * 1"))
    assert every_hour(parse_standard("5 0-23 * * *"))
    assert not every_hour(parse_standard("5 0-22 * * *"))
    assert every_day(parse_standard("0 5 * * *"))
    assert every_day(parse_standard("0 5 1-31 * 1"))
    assert every_day(parse_standard("0 5 13 * 0-6"))
    assert not every_day(parse_standard("0 5 13 * *"))
    assert not every_day(parse_standard("0 5 * 1-11 *"))


def test_a_crowd_at_midnight() -> None:
    texts = ["0 0 * * *", "@daily", "0 0 * * 6", "0 1 * * *", "*/5 * * * *", "0 0 1 1 *"]
    items = [(parse_standard(text), UTC) for text in texts]
    found = crowds(items, NOW, least=2)
    assert found[0] == (NOW + 7 * DAY, (0, 1, 2))  # Saturday, with the weekly one
    assert found[1] == (NOW + DAY, (0, 1))
    assert len(found) == 2


def test_a_crowd_is_one_of_instants_not_of_clocks() -> None:
    items = [(parse_standard("0 1 * * *"), load("Europe/Berlin")), (parse_standard("0 0 * * *"), UTC)]
    assert crowds(items, NOW, least=2) == ((NOW + DAY, (0, 1)),)
    assert crowds([(parse_standard("0 0 * * *"), load("Europe/Berlin")), items[1]], NOW, least=2) == ()


def test_how_many_run_at_once_under_allow() -> None:
    assert most_at_once(parse_standard("* * * * *"), UTC, 60, NOW) == 1
    assert most_at_once(parse_standard("* * * * *"), UTC, 61, NOW) == 2
    assert most_at_once(parse_standard("*/45 * * * *"), UTC, 16 * 60, NOW) == 2
    assert most_at_once(parse_standard("0 0 * * *"), UTC, 2.5 * DAY, NOW) == 3
    assert most_at_once(parse_standard("0 0 30 2 *"), UTC, 60, NOW) == 0
