"""How far apart the starts of a schedule are: shortest and longest period, uneven steps, two day fields; in no time zone.

Periods are in seconds of the clock: where it is put forward or back, they are off by that (see `clockchange`).
"""

from __future__ import annotations

from joblint.api.civil import DAY, date_of, day_of, month_length
from joblint.api.validate.schedule import STAR
from joblint.controller.calendar import days_of_month, minutes_of_day
from joblint.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.validate.schedule import Schedule

YEARS = (4, 12)
"""How far days are looked at, and how far if fewer than two were found: a leap day is 4 years from the next, or 8."""

FIELDS = ("minute", "hour", "day of month", "month", "day of week")
_LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


@record
class Periods:
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


@record
class UnevenStep:
    """A step that does not come out even: `text` as written (`*/45`), `field` its place in FIELDS, `values` what it stands
    for, and `gaps` the distances of values that follow each other, across the end of the hour, day, month … too: the usual
    one first. The step asked for is `step`; where it is the greater, it never comes."""

    field: int
    text: str
    step: int
    values: tuple[int, ...]
    gaps: tuple[int, ...]


def uneven_steps(text: str) -> tuple[UnevenStep, ...]:
    """The uneven steps of a schedule that can be read, field by field; steps inside a range (`9-17/3`) are never uneven."""
    fields = text.split()
    if text.startswith(("TZ=", "CRON_TZ=")):
        fields = fields[1:]
    if len(fields) != 5:
        return ()
    found = []
    for place, field in enumerate(fields):
        span, slash, step_text = field.partition("/")
        low, high = _LIMITS[place]
        if not slash or not _is_number(step_text):
            continue
        step = int(step_text)
        if span in ("*", "?"):
            start = low
        elif _is_number(span):
            start = int(span)
        else:
            continue
        if step < 2 or start - low >= step:
            continue  # "30/20" counts from the half hour on purpose
        values = tuple(range(start, high + 1, step))
        cycles = (28, 29, 30, 31) if place == 2 else (high - low + 1,)
        gaps = [step] if len(values) > 1 else []
        for cycle in cycles:
            inside = [value for value in values if value - low < cycle]
            gap = inside[0] + cycle - inside[-1] if inside else step
            if gap not in gaps:
                gaps.append(gap)
        if gaps != [step]:
            found.append(UnevenStep(place, field, step, values, tuple(gaps)))
    return tuple(found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


@record
class EitherDay:
    """Both day fields are restricted, so that a day needs to match only one of them: days among the 365 to come that match
    the day of month, the day of week, either of them (what happens), and both (what is often meant)."""

    by_month: int
    by_week: int
    either: int
    both: int


def either_day(schedule: Schedule, now: float) -> EitherDay | None:
    """None where one of the day fields is a star. `now`: seconds since the epoch."""
    if schedule.every is not None or (schedule.dom | schedule.dow) & STAR:
        return None
    today, star = int(now // DAY), STAR | (2 << 31) - 1

    def count(dom: int, dow: int) -> int:
        return _days_apart(replace(schedule, dom=dom, dow=dow), today)[1]

    return EitherDay(
        by_month=count(schedule.dom, star),
        by_week=count(star, schedule.dow),
        either=count(schedule.dom, schedule.dow),
        both=count(schedule.dom | STAR, schedule.dow),
    )


def impossible_days(schedule: Schedule) -> tuple[tuple[int, int], ...]:
    """Month and day of dates that the fields name and no calendar has, such as (2, 30).

    None where a day of the week may match instead, or where the month is not restricted.
    """
    if schedule.every is not None or schedule.dom & STAR or not schedule.dow & STAR or _full(schedule, 3):
        return ()
    return tuple(
        (month, day)
        for month in range(1, 13)
        if schedule.month >> month & 1
        for day in range(month_length(2024, month) + 1, 32)
        if schedule.dom >> day & 1
    )


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
