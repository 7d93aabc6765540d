"""How far apart the starts of schedules are, against the starts themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.api.go.civil import DAY, day_of
from joblint.api.go.schedule import parse_standard
from joblint.controller.cron.calendar import starts
from joblint.controller.cron.periods import Periods, every_day, every_hour, periods

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


@given(st.integers(2, 80))
def test_a_step_of_minutes_is_even_if_and_only_if_all_gaps_are_it(step: int) -> None:
    told = periods(parse_standard(f"*/{step} * * * *"), NOW)
    assert told is not None
    assert (told.shortest == told.longest == 60 * step) is (60 % step == 0)


def test_every_hour_and_every_day() -> None:
    assert every_hour(parse_standard("5 * * * 1"))
    assert every_hour(parse_standard("5 0-23 * * *"))
    assert not every_hour(parse_standard("5 0-22 * * *"))
    assert every_day(parse_standard("0 5 * * *"))
    assert every_day(parse_standard("0 5 1-31 * 1"))
    assert every_day(parse_standard("0 5 13 * 0-6"))
    assert not every_day(parse_standard("0 5 13 * *"))
    assert not every_day(parse_standard("0 5 * 1-11 *"))


def test_days_and_gaps_are_those_of_the_day_that_is_asked_for() -> None:
    from joblint.controller.cron.rhythm import rhythm

    found = rhythm({"schedule": "0 3 1 * *"})
    assert found is not None
    for now in (1_767_225_600.0, 1_830_297_600.0, 1_767_225_600.0):  # 2026-01-01 and 2028-01-01
        assert found.days(now)[0] == now // 86_400
