"""How far apart the starts of a schedule are: shortest and longest period, by the calendar alone.

Periods are in seconds of the clock: around clock changes they are off by the change (see `clockchange`).
"""

from __future__ import annotations

from joblint.api.go.civil import DAY, date_of, day_of
from joblint.api.go.schedule import STAR
from joblint.base.record import Record
from joblint.controller.cron.calendar import days_of_month, minutes_of_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.go.schedule import Schedule

YEARS = (4, 12)
"""How many days are searched, and how many if fewer than two starts were found: leap days are 4 or 8 years apart."""

_LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


class Periods(Record):
    """How often a schedule starts. `shortest` and `longest` are the least and greatest distance of two starts that follow
    each other, in seconds; `per_day` counts the starts of a day that matches, `days` such days in the 365 to come."""

    shortest: int
    longest: int
    per_day: int
    days: int

    @property
    def per_year(self) -> int:
        """Starts in the 365 days to come."""
        return self.per_day * self.days


def periods(schedule: Schedule, now: float) -> Periods | None:
    """How often it starts from `now` (seconds since the epoch) on; None for one that never comes twice."""
    if schedule.every is not None:
        return Periods(schedule.every, schedule.every, max(1, DAY // schedule.every), 365)
    minutes = minutes_of_day(schedule)
    if not minutes:
        return None
    apart, days = _days_apart(schedule, int(now // DAY))
    if not apart:
        return None
    night = minutes[0] - minutes[-1]
    gaps = [1440 * days_apart + night for days_apart in apart]
    shortest, longest = min(gaps), max(gaps)
    for earlier, later in zip(minutes, minutes[1:], strict=False):
        gap = later - earlier
        if gap < shortest:
            shortest = gap
        if gap > longest:
            longest = gap
    return Periods(shortest * 60, longest * 60, len(minutes), days)


def _days_apart(schedule: Schedule, today: int) -> tuple[set[int], int]:
    """The distances in days of matching days that follow each other, and how many of the 365 days from today match."""
    if every_day(schedule):
        return {1}, 365
    apart: set[int] = set()
    last, count = None, 0
    year, month, day = date_of(today)
    for ahead in range(12 * YEARS[1] + 1):
        if ahead > 12 * YEARS[0] and apart:
            break
        first = day_of(year, month + ahead, 1)
        in_year, in_month, _ = date_of(first)
        if not schedule.month >> in_month & 1:
            continue
        mask = days_of_month(schedule, in_year, in_month)
        if ahead == 0:
            mask = mask >> day << day
        while mask:
            number = first + (mask & -mask).bit_length() - 2
            mask &= mask - 1
            if last is not None:
                apart.add(number - last)
            last = number
            if number < today + 365:
                count += 1
    return apart, count


def every_hour(schedule: Schedule) -> bool:
    """Whether it starts in each hour of a day that matches."""
    return schedule.every is None and _full(schedule, 1)


def every_day(schedule: Schedule) -> bool:
    """Whether each day matches."""
    if schedule.every is not None or not _full(schedule, 3):
        return False
    if (schedule.dom | schedule.dow) & STAR:
        return _full(schedule, 2) and _full(schedule, 4)
    return _full(schedule, 2) or _full(schedule, 4)


def _full(schedule: Schedule, place: int) -> bool:
    """Whether all values of a field match, written with a star or not."""
    low, high = _LIMITS[place]
    mask = (schedule.minute, schedule.hour, schedule.dom, schedule.month, schedule.dow)[place]
    full = (2 << high) - (1 << low)
    return mask & full == full
