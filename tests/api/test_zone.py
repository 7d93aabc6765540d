"""Time zones agree with Python's own zoneinfo (the same data read by other code), names with Go's time.LoadLocation."""

from __future__ import annotations

import datetime
import zoneinfo
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.api.go import zone
from joblint.api.go.civil import DAY, date_of, day_of, epoch_of, month_length, rfc3339, weekday_of

NAMES = files("tzdata").joinpath("zones").read_text("ascii").split()


def offset_by_zoneinfo(name: str, at: int) -> int:
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        there = zoneinfo.ZoneInfo.from_file(file)
    shift = datetime.datetime.fromtimestamp(at, there).utcoffset()
    assert shift is not None
    return int(shift.total_seconds())


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 4_000_000_000))
def test_offsets_are_those_of_zoneinfo(name: str, at: int) -> None:
    assert zone.load(name).offset(at) == offset_by_zoneinfo(name, at)


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 4_000_000_000))
def test_a_period_holds_its_instant_and_one_offset(name: str, at: int) -> None:
    there = zone.load(name)
    start, end, offset = there.period(at)
    assert start <= at < end
    for other in (max(start, 0), min(end, 10**10) - 1):
        assert there.offset(other) == offset


def test_turns_are_the_changes_of_the_clock() -> None:
    start = day_of(2026, 1, 1) * DAY
    berlin = zone.load("Europe/Berlin")
    assert [(rfc3339(at), before, after) for at, before, after in berlin.turns(start, start + 365 * DAY)] == [
        ("2026-03-29T01:00:00Z", 3600, 7200),
        ("2026-10-25T01:00:00Z", 7200, 3600),
    ]
    assert list(zone.load("Asia/Kolkata").turns(start, start + 365 * DAY)) == []
    assert list(zone.UTC.turns(start, start + 365 * DAY)) == []


@pytest.mark.parametrize("name", ["", "UTC", "Local", "Europe/Berlin", "Etc/GMT+5", "Zulu", "America/Argentina/Buenos_Aires"])
def test_names_that_are_found(name: str) -> None:
    assert zone.location_error(name) is None
    assert zone.load(name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("utc", "unknown time zone utc"),
        ("europe/berlin", "unknown time zone europe/berlin"),
        ("CEST", "unknown time zone CEST"),
        ("../etc/passwd", "time: invalid location name"),
        ("/etc/localtime", "time: invalid location name"),
        ("America", "is a directory"),
        ("Europe/Berlin/Mitte", "not a directory"),
        ("zone.tab", "malformed time zone information"),
        ("__init__.py", "unknown time zone __init__.py"),
    ],
)
def test_names_that_are_not(name: str, text: str) -> None:
    assert zone.location_error(name) == text
    with pytest.raises(LookupError):
        zone.load(name)


@settings(deadline=None)
@given(st.text())
def test_any_name_is_answered(name: str) -> None:
    assert zone.location_error(name) is None or zone.location_error(name)


@settings(deadline=None)
@given(st.dates())
def test_days_are_the_standard_librarys(date: datetime.date) -> None:
    number = day_of(date.year, date.month, date.day)
    assert number == (date - datetime.date(1970, 1, 1)).days
    assert date_of(number) == (date.year, date.month, date.day)
    assert weekday_of(number) == date.isoweekday() % 7
    assert date_of(number - date.day + month_length(date.year, date.month))[1] == date.month


def test_months_and_days_run_over() -> None:
    assert day_of(2024, 14, 1) == day_of(2025, 2, 1)
    assert day_of(2025, 2, 30) == day_of(2025, 3, 2)


@settings(deadline=None)
@given(st.datetimes(min_value=datetime.datetime(1, 1, 1), max_value=datetime.datetime(9999, 12, 31)))
def test_times_are_written_and_read(time: datetime.datetime) -> None:
    text = time.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    at = epoch_of(text)
    assert at == (time.replace(microsecond=0) - datetime.datetime(1970, 1, 1)).total_seconds()
    assert rfc3339(at) == text


def test_times_show_their_offset() -> None:
    assert rfc3339(0, 5 * 3600 + 1800) == "1970-01-01T05:30:00+05:30"
    assert rfc3339(0, -3 * 3600 - 1800) == "1969-12-31T20:30:00-03:30"


@settings(deadline=None)
@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"))
def test_any_text_is_a_time_or_none(text: str) -> None:
    at = epoch_of(text)
    assert at is None or rfc3339(at) == text
