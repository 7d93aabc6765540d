"""What changes of the clock do to a schedule, against the starts that robfig/cron's search really gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.api.go.civil import DAY, day_of, rfc3339
from joblint.api.go.schedule import parse_standard
from joblint.api.go.zone import load
from joblint.controller.cron.calendar import starts
from joblint.controller.cron.clock_change import felt_changes

NOW = day_of(2026, 11, 21) * DAY
YEAR = 365 * DAY


def felt(text: str, zone: str) -> list[tuple[str, dict[str, list[str]]]]:
    """The changes of a year: their day, and the starts they leave out, repeat or lead astray."""

    def clock(times: tuple[int, ...]) -> list[str]:
        return [rfc3339(time)[:16] for time in times]

    out = []
    for change in felt_changes(parse_standard(text), load(zone), NOW, NOW + YEAR):
        parts = {"left_out": clock(change.left_out), "repeated": clock(change.repeated), "stray": clock(change.stray)}
        out.append((rfc3339(change.at)[:10], {name: times for name, times in parts.items() if times}))
    return out


def test_a_start_in_the_hour_that_is_left_out_and_that_comes_twice() -> None:
    assert felt("30 2 * * *", "Europe/Berlin") == [
        ("2027-03-28", {"left_out": ["2027-03-28T02:30"]}),
        ("2027-10-31", {"repeated": ["2027-10-31T02:30"]}),
    ]


def test_the_hours_differ_from_zone_to_zone() -> None:
    assert felt("30 2 * * *", "America/New_York") == [("2027-03-14", {"left_out": ["2027-03-14T02:30"]})]
    assert felt("30 1 * * *", "America/New_York") == [("2027-11-07", {"repeated": ["2027-11-07T01:30"]})]
    assert felt("30 1 * * *", "Europe/London") == [
        ("2027-03-28", {"left_out": ["2027-03-28T01:30"]}),
        ("2027-10-31", {"repeated": ["2027-10-31T01:30"]}),
    ]


def test_a_change_of_half_an_hour() -> None:
    assert felt("45 1 * * *", "Australia/Lord_Howe") == [
        ("2027-04-03", {"repeated": ["2027-04-04T01:45"]}),
        ("2027-10-02", {"stray": ["2027-10-03T02:45"]}),  # from 02:00 the clock goes to 02:30, and the search on to :45
    ]
    assert felt("15 2 * * *", "Australia/Lord_Howe") == [
        ("2027-04-03", {"left_out": ["2027-04-04T02:15"]}),  # there is one, but the search comes by at 01:30 and 02:30
        ("2027-10-02", {"left_out": ["2027-10-03T02:15"]}),
    ]


@pytest.mark.parametrize(
    "text", ["* * * * *", "*/5 * * * *", "17 * * * *", "@every 1h", "0 12 * * *", "30 2 * * 1-5", "30 2 1 1 *"]
)
def test_schedules_that_feel_nothing(text: str) -> None:
    assert felt(text, "Europe/Berlin") == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/Phoenix", "Asia/Tokyo"])
def test_zones_that_keep_their_clock(zone: str) -> None:
    assert felt("30 2 * * *", zone) == []


def test_where_midnight_is_left_out() -> None:
    assert felt("0 0 * * *", "Africa/Cairo") == [("2027-04-29", {"left_out": ["2027-04-30T00:00"]})]
    # The search stumbles over the midnight that is not there: a Friday's start is missed, a Thursday's comes on Friday, too.
    assert felt("0 5 * * 5", "Africa/Cairo") == [("2027-04-29", {"left_out": ["2027-04-30T05:00"]})]
    assert felt("0 5 * * 4", "Africa/Cairo") == [("2027-04-29", {"stray": ["2027-04-30T05:00"]})]
    assert felt("0 5 * * *", "Africa/Cairo") == []


def test_half_an_hour_loses_later_starts() -> None:
    # The hours that the search tries are then 0:30, 1:30 …, none of them midnight.
    assert felt("0 0 * * *", "Australia/Lord_Howe") == [
        ("2027-04-03", {"left_out": ["2027-04-05T00:00"]}),
        ("2027-10-02", {"left_out": ["2027-10-04T00:00"]}),
    ]
    # Nor does it come back to whole hours on the days that follow: a weekly start is lost a week later.
    assert felt("0 0 * * 0", "Australia/Lord_Howe") == [
        ("2027-04-03", {"left_out": ["2027-04-11T00:00"]}),
        ("2027-10-02", {"left_out": ["2027-10-10T00:00"]}),
    ]


FIELDS = st.tuples(
    st.sampled_from(["0", "30", "59", "5,50"]),
    st.sampled_from(["*", "0", "1", "2", "3", "23", "0-3", "*/6"]),
    st.sampled_from(["*", "*", "*/2", "29,30,31"]),
    st.sampled_from(["*", "3,4,10,11"]),
    st.sampled_from(["*", "*", "0", "5", "4-6"]),
).map(" ".join)
ZONES = ["Europe/Berlin", "America/New_York", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "Pacific/Chatham"]


@settings(max_examples=60)
@given(FIELDS, st.sampled_from(ZONES))
def test_no_other_start_is_touched(text: str, name: str) -> None:
    """All that the clock says over a year, less what is left out, and with what is repeated or stray, is all that comes."""
    schedule, zone = parse_standard(text), load(name)
    came = [at + zone.offset(at) for at in starts(schedule, NOW, NOW + YEAR, zone)]
    offset, offset_after = zone.offset(NOW), zone.offset(NOW + YEAR)
    meant = list(starts(schedule, NOW + offset, NOW + YEAR + offset_after))
    changes = felt_changes(schedule, zone, NOW, NOW + YEAR)
    left_out = {time for change in changes for time in change.left_out}
    added = [time for change in changes for time in (*change.repeated, *change.stray)]
    told = sorted([time for time in meant if time not in left_out] + added)
    if text.split()[1] == "*":
        # One that starts each hour goes on each hour, so that what a change does by the clock alone is not told.
        untold = [range(at + min(a, b), at + max(a, b)) for at, a, b in zone.turns(NOW, NOW + YEAR)]
        told = [time for time in told if not any(time in gap for gap in untold)]
        came = [time for time in came if not any(time in gap for gap in untold)]
    assert sorted(came) == told
