"""How starts are spread, held against the starts themselves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.api.go.civil import rfc3339
from joblint.controller.cron.calendar import starts
from joblint.controller.cron.rhythm import YEAR, Rhythm, longest_period, rhythm

NOW = 1_795_262_400  # 2026-11-21T12:00:00Z
DAY = 86_400


def _rhythm(schedule: str, zone: str | None = None) -> Rhythm:
    found = rhythm({"schedule": schedule, "timeZone": zone})
    assert found is not None
    return found


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    value = st.integers(low, high)
    return st.one_of(
        st.just("*"),
        value.map(str),
        st.integers(1, high + 3).map(lambda n: f"*/{n}"),
        st.tuples(value, value).map(lambda p: f"{min(p)}-{max(p)}"),
        st.lists(value, min_size=1, max_size=3).map(lambda v: ",".join(map(str, v))),
    )


@settings(max_examples=60, deadline=None)
@given(_field(0, 59), _field(0, 23), st.one_of(st.just("*"), _field(0, 6)))
def test_gaps_are_those_between_starts(minute: str, hour: str, weekday: str) -> None:
    found = _rhythm(f"{minute} {hour} * * {weekday}")
    times = list(starts(found.schedule, NOW, NOW + 22 * DAY))
    gaps = [b - a for a, b in zip(times, times[1:], strict=False)]
    assert found.gaps(NOW) == (min(gaps), max(gaps))


@settings(max_examples=60, deadline=None)
@given(_field(0, 59), _field(0, 23), st.one_of(st.just("*"), _field(0, 6)), st.integers(1, 3 * DAY))
def test_starts_that_come_meanwhile_are_counted_by_the_real_schedule(minute: str, hour: str, weekday: str, run: int) -> None:
    found = _rhythm(f"{minute} {hour} * * {weekday}")
    fewest, most = found.meanwhile(NOW, run)
    times = list(starts(found.schedule, NOW, NOW + 25 * DAY))
    begun = [begin for begin in times if begin + run < NOW + 25 * DAY]  # three weeks hold whatever there is of a week
    counts = [bisect_left(times, begin + run) - bisect_right(times, begin) for begin in begun]
    assert (fewest, most) == (min(counts), max(counts))


@settings(max_examples=40, deadline=None)
@given(_field(1, 31), _field(1, 12), _field(0, 6))
def test_what_starts_within_a_year_is_not_never(day: str, month: str, weekday: str) -> None:
    found = _rhythm(f"30 4 {day} {month} {weekday}")
    first = NOW // DAY * DAY
    times = list(starts(found.schedule, first - 1, first + YEAR - 1))
    assert found.never(NOW) <= (not times)


def test_every_counts_seconds() -> None:
    assert _rhythm("@every 90s").gaps(NOW) == (90, 90)
    assert _rhythm("@every 24h").gaps(NOW) == (86400, 86400)


@pytest.mark.parametrize("schedule", ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", ", * * * *"])
def test_what_never_starts(schedule: str) -> None:
    found = _rhythm(schedule)
    assert found.never(NOW)
    assert found.gaps(NOW) == (0, 0)
    assert longest_period({"schedule": schedule}) is None


@pytest.mark.parametrize("spec", [{}, {"schedule": 5}, {"schedule": "x"}])
def test_what_cannot_be_read_has_no_rhythm(spec: dict[str, object]) -> None:
    assert rhythm(spec) is None
    assert longest_period(spec) is None


def test_a_zone_that_is_not_known_changes_no_clock() -> None:
    assert _rhythm("0 2 * * *", "Mars/Base").clock_changes(NOW, NOW + YEAR) == ()


def test_the_clock_put_forward_leaves_a_start_out() -> None:
    found = _rhythm("30 2 * * *", "Europe/Berlin")
    (forward, back) = found.clock_changes(NOW, NOW + YEAR)
    assert rfc3339(forward.at) == "2027-03-28T01:00:00Z"
    assert (forward.starts, forward.made) == (1, ())
    assert forward.following is not None and rfc3339(forward.following) == "2027-03-29T00:30:00Z"
    assert rfc3339(back.at) == "2027-10-31T01:00:00Z"
    assert [rfc3339(at) for at in back.made] == ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"]


def test_the_next_start_after_a_gap_may_be_the_same_night() -> None:
    forward = _rhythm("30 2,3 * * *", "Europe/Berlin").clock_changes(NOW, NOW + YEAR)[0]
    assert forward.following is not None and rfc3339(forward.following) == "2027-03-28T01:30:00Z"


@pytest.mark.parametrize(
    ("schedule", "zone"),
    [
        ("30 4 * * *", "Europe/Berlin"),
        ("30 2 * * 1", "Europe/Berlin"),
        ("*/10 * * * *", "Europe/Berlin"),
        ("30 2 * * *", "Asia/Tokyo"),
        ("30 2 * * *", "UTC"),
        ("@every 1h", "Europe/Berlin"),
    ],
)
def test_clocks_that_change_nothing(schedule: str, zone: str) -> None:
    assert _rhythm(schedule, zone).clock_changes(NOW, NOW + YEAR) == ()


def test_an_uneven_schedule_has_few_starts_in_the_shortest_distances() -> None:
    assert _rhythm("0,5 0 * * *").meanwhile(NOW, 3600) == (0, 1)
    assert _rhythm("*/5 * * * *").meanwhile(NOW, 3600) == (11, 11)
    assert _rhythm("0 8,12,20 * * 1-5").meanwhile(NOW, 20000) == (0, 1)
    assert _rhythm("0 0 1 1 *").meanwhile(NOW, 100) == (0, 0)
