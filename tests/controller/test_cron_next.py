"""The next start is the one robfig/cron v3.0.1 finds: recorded over zones and changes of the clock, and by properties."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.schedule.agreement import mine
from joblint.api.go.civil import DAY, day_of, rfc3339
from joblint.api.go.schedule import STAR, Schedule, parse_standard
from joblint.api.go.zone import UTC, load
from joblint.controller.cron.calendar import matches, minutes_of_day, next_start, starts, zone_of

DATA = Path(__file__).parents[1] / "data" / "schedules.json.gz"
NEW_YEAR = day_of(2026, 1, 1) * DAY


def texts(schedule: str, zone: str, after: str, count: int) -> list[str]:
    """The next starts as the clock there shows them; `after` is a date in UTC."""
    parsed, there = parse_standard(schedule), load(zone)
    year, month, day = map(int, after.split("-"))
    at: int | None = day_of(year, month, day) * DAY
    out = []
    for _ in range(count):
        assert at is not None
        at = next_start(parsed, at, there)
        assert at is not None
        out.append(rfc3339(at, there.offset(at))[:16])
    return out


def test_every_recorded_start_is_found() -> None:
    cases = json.loads(gzip.decompress(DATA.read_bytes()))["nexts"]
    wrong = [(case, got) for case in cases if (got := mine(case["question"], case["answer"])) != case["answer"]]
    assert wrong == []
    assert len(cases) == 4000


def test_every_recorded_span_has_these_starts_and_no_others() -> None:
    zones, wrong = {"UTC": UTC}, []
    for case in json.loads(gzip.decompress(DATA.read_bytes()))["nexts"]:
        asked, expected = case["question"], case["answer"].get("next", [None])
        if expected[-1] is None:
            continue
        zone = zones.get(asked["zone"]) or zones.setdefault(asked["zone"], load(asked["zone"]))
        if list(starts(parse_standard(asked["schedule"]), asked["after"], expected[-1], zone)) != expected:
            wrong.append(case)
    assert wrong == []


FIELDS = st.tuples(
    *(
        st.sampled_from(["*", "*/2", "*/7", str(low), str(high), f"{low}-{high}", f"{low + 1},{high - 1}"])
        for low, high in ((0, 59), (0, 23), (1, 28), (1, 12), (0, 6))
    )
).map(" ".join)
TIMES = st.integers(NEW_YEAR, NEW_YEAR + 5 * 365 * DAY)
SETTLED = st.sampled_from(["UTC", "Asia/Tokyo", "Asia/Kolkata", "America/Phoenix"])
MOVING = st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo"])


@given(FIELDS, TIMES, SETTLED | MOVING)
def test_the_next_start_is_later(text: str, after: int, zone: str) -> None:
    at = next_start(parse_standard(text), after, load(zone))
    assert at is None or at > after


@given(FIELDS, TIMES, SETTLED)
def test_where_the_clock_stays_it_matches_and_none_between_does(text: str, after: int, zone: str) -> None:
    schedule, there = parse_standard(text), load(zone)
    at = next_start(schedule, after, there)
    assert at is not None
    offset = there.offset(after)
    assert matches(schedule, at + offset)
    first = after // 60 * 60 + 60
    assert not any(matches(schedule, t + offset) for t in range(first, min(at, first + 3 * DAY), 60))


@given(FIELDS, TIMES, st.integers(0, 20 * DAY), SETTLED | MOVING)
def test_all_starts_of_a_span_are_the_next_ones_in_turn(text: str, after: int, length: int, zone: str) -> None:
    schedule, there = parse_standard(text), load(zone)
    expected, at = [], next_start(schedule, after, there)
    while at is not None and at <= after + length and len(expected) < 3000:
        expected.append(at)
        at = next_start(schedule, at, there)
    until = expected[-1] if len(expected) == 3000 else after + length
    assert list(starts(schedule, after, until, there)) == expected


@given(st.integers(1, 10**6), st.floats(0, 1e10))
def test_every_counts_from_the_whole_second(period: int, after: float) -> None:
    assert next_start(parse_standard(f"@every {period}s"), after) == int(after) + period


def test_a_start_is_not_its_own_next() -> None:
    schedule = parse_standard("0 0 * * *")
    assert next_start(schedule, NEW_YEAR) == NEW_YEAR + DAY
    assert next_start(schedule, NEW_YEAR - 1) == NEW_YEAR
    assert next_start(schedule, NEW_YEAR - 0.5) == NEW_YEAR


NEVER = ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", ", * * * *", "0 , * * *", "0 0 , * *", "0 0 * , *"]


@pytest.mark.parametrize("text", NEVER)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_never(text: str, zone: str) -> None:
    assert next_start(parse_standard(text), NEW_YEAR, load(zone)) is None
    assert list(starts(parse_standard(text), NEW_YEAR, NEW_YEAR + 10**9, load(zone))) == []


def test_a_leap_day_is_waited_for_but_not_for_ever() -> None:
    schedule = parse_standard("0 0 29 2 *")
    assert next_start(schedule, NEW_YEAR) == day_of(2028, 2, 29) * DAY
    assert next_start(schedule, day_of(2097, 1, 1) * DAY) is None  # 2100 is no leap year, 2104 too far


def test_both_day_fields_restricted_either_matches() -> None:
    found = texts("0 0 13 * 5", "UTC", "2026-01-01", 4)
    assert found == ["2026-01-02T00:00", "2026-01-09T00:00", "2026-01-13T00:00", "2026-01-16T00:00"]


def test_one_day_field_restricted_both_must_match() -> None:
    assert texts("0 0 13 * *", "UTC", "2026-01-01", 2) == ["2026-01-13T00:00", "2026-02-13T00:00"]
    assert texts("0 0 * * 5", "UTC", "2026-01-01", 2) == ["2026-01-02T00:00", "2026-01-09T00:00"]


def test_a_time_that_the_clock_leaves_out_is_left_out() -> None:
    assert texts("30 2 * * *", "Europe/Berlin", "2026-03-28", 2) == ["2026-03-28T02:30", "2026-03-30T02:30"]


def test_a_time_that_comes_twice_starts_twice() -> None:
    assert texts("30 2 * * *", "Europe/Berlin", "2026-10-25", 3) == ["2026-10-25T02:30", "2026-10-25T02:30", "2026-10-26T02:30"]


def test_every_hour_goes_on_every_hour() -> None:
    berlin, schedule = load("Europe/Berlin"), parse_standard("0 * * * *")
    found = list(starts(schedule, NEW_YEAR, NEW_YEAR + 365 * DAY, berlin))
    assert {later - earlier for earlier, later in zip(found, found[1:], strict=False)} == {3600}


def test_where_midnight_is_left_out_a_day_may_be_lost_or_taken_for_the_one_before() -> None:
    # Cairo went from 00:00 to 01:00 on Friday, 24 April 2026: the library steps back over that midnight and misses the day.
    assert texts("0 5 24 * *", "Africa/Cairo", "2026-03-25", 1) == ["2026-05-24T05:00"]
    assert texts("0 5 * * 5", "Africa/Cairo", "2026-04-16", 2) == ["2026-04-17T05:00", "2026-05-01T05:00"]
    assert texts("0 5 * * 4", "Africa/Cairo", "2026-04-22", 2) == ["2026-04-23T05:00", "2026-04-24T05:00"]
    assert texts("0 5 * * *", "Africa/Cairo", "2026-04-23", 2) == ["2026-04-23T05:00", "2026-04-24T05:00"]


def test_zones_come_from_the_schedule_then_the_cronjob_then_are_utc() -> None:
    assert zone_of(parse_standard("TZ=Asia/Tokyo 0 0 * * *"), "Europe/Berlin").name == "Asia/Tokyo"
    assert zone_of(parse_standard("0 0 * * *"), "Europe/Berlin").name == "Europe/Berlin"
    assert zone_of(parse_standard("0 0 * * *")) is UTC


@given(FIELDS)
def test_minutes_of_a_day_are_the_masks(text: str) -> None:
    schedule: Schedule = parse_standard(text)
    hours, minutes = (bin(mask & ~STAR).count("1") for mask in (schedule.hour, schedule.minute))
    assert len(set(minutes_of_day(schedule))) == hours * minutes
