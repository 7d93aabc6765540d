"""When a schedule starts: the next instant after another, and all of them in a span; knows nothing about CronJobs.

Instants are seconds since the epoch. Source: github.com/robfig/cron v3.0.1 spec.go and constantdelay.go. That search walks the
calendar field by field and behaves in its own way around clock changes; this module does the same.
"""

from __future__ import annotations

from joblint.api.go.civil import DAY, date_of, day_of, month_length, weekday_of
from joblint.api.go.schedule import STAR
from joblint.api.go.zone import UTC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.api.go.schedule import Schedule
    from joblint.api.go.zone import Zone

YEARS = 5
"""The search gives up when it has passed the end of the fifth year after the one it began in."""

_EVERY_WEEK = sum(1 << 7 * week for week in range(6))


def zone_of(schedule: Schedule, zone: str | None = None) -> Zone:
    """The zone a schedule runs in: the one it names itself, or else the CronJob's timeZone, or else UTC.

    Raises LookupError for an unknown one.
    """
    if schedule.zone is None and zone is None:
        return UTC
    from joblint.api.go.zone import load

    return load(zone if schedule.zone is None else schedule.zone)


def next_start(schedule: Schedule, after: float, zone: Zone = UTC) -> int | None:
    """The first start later than `after`; None if there is none within about five years."""
    now = int(after // 1)
    if schedule.every is not None:
        return now + schedule.every
    if not schedule.minute & ~STAR or not schedule.hour & ~STAR:
        return None
    now += 1
    begin, end, offset = zone.period(now)
    if offset % 60 == 0:
        # As long as the clock does not change near the search's way, days are 24 hours each.
        clock = now + offset
        found = _next_minute(schedule, clock)
        if found is None:
            return None
        at = found * 60 - offset
        if found // 1440 != clock // DAY:
            near = begin <= now - 33 * DAY and at + 2 * DAY < end  # it goes back to the month's first day
        elif schedule.hour >> clock % DAY // 3600 & 1:
            near = at < end  # it only adds minutes and hours
        else:
            near = begin <= now - 2 * DAY and at + 2 * DAY < end
        if near:
            return at
    while True:
        walked = _walk(schedule, now, zone)
        if walked is None or walked > after:
            return walked
        # Where an hour came twice, ending at one past (Newfoundland until 2011), the library gives the same instant indefinitely.
        now += 3600


def starts(schedule: Schedule, after: float, until: float, zone: Zone = UTC) -> Iterator[int]:
    """Every start later than `after` and not later than `until`, in order."""
    at = next_start(schedule, after, zone)
    if schedule.every is not None or at is None:
        while at is not None and at <= until:
            yield at
            at = next_start(schedule, at, zone)
        return
    clock = minutes_of_day(schedule)
    while at is not None and at <= until:
        _, end, offset = zone.period(at)
        day = (at + offset) // DAY * DAY - offset
        if day + DAY <= end and offset % 60 == 0 and matches(schedule, at + offset):
            # No change of the clock before midnight: the starts of this day are those of any day.
            for minute in clock:
                start = day + minute * 60
                if start > until:
                    return
                if start >= at:
                    yield start
            at = day + clock[-1] * 60
        else:
            yield at
        at = next_start(schedule, at, zone)


def minutes_of_day(schedule: Schedule) -> tuple[int, ...]:
    """The minutes after midnight, 0 to 1439, at which the schedule starts on a day that it matches."""
    minutes = [n for n in range(60) if schedule.minute >> n & 1]
    return tuple(60 * hour + minute for hour in range(24) if schedule.hour >> hour & 1 for minute in minutes)


def matches(schedule: Schedule, clock: int) -> bool:
    """Whether a minute by the clock (seconds since the epoch as if it were UTC) is one of the schedule's."""
    year, month, day = date_of(clock // DAY)
    return bool(
        schedule.month >> month & 1
        and days_of_month(schedule, year, month) >> day & 1
        and schedule.hour >> clock % DAY // 3600 & 1
        and schedule.minute >> clock % 3600 // 60 & 1
    )


def days_of_month(schedule: Schedule, year: int, month: int) -> int:
    """Return the days of a month that match, as a mask of bits 1 to 31; the month itself is not checked.

    If both day fields are restricted, a day needs to match only one of them.
    """
    first = weekday_of(day_of(year, month, 1))
    by_week = (schedule.dow & 0x7F) * _EVERY_WEEK >> first << 1
    days = schedule.dom & by_week if (schedule.dom | schedule.dow) & STAR else schedule.dom | by_week
    return days & (2 << month_length(year, month)) - 2


def _next_minute(schedule: Schedule, clock: int) -> int | None:
    """The first matching minute (counted from the epoch, by the clock) from the second `clock` on, if all days have 24 hours."""
    minute = -(clock // -60)
    number, rest = divmod(minute, 1440)
    year, month, day = date_of(number)
    last = date_of(clock // DAY)[0] + YEARS
    if schedule.month >> month & 1:
        days = days_of_month(schedule, year, month) >> day
        if days & 1:
            hour, past = divmod(rest, 60)
            if schedule.hour >> hour & 1:
                left = (schedule.minute & ~STAR) >> past
                if left:
                    return minute + _lowest(left)
            left = (schedule.hour & ~STAR) >> hour + 1
            if left:
                return number * 1440 + 60 * (hour + 1 + _lowest(left)) + _lowest(schedule.minute)
        days >>= 1
        if days:
            return (number + 1 + _lowest(days)) * 1440 + _first(schedule)
    while True:
        month += 1
        if month > 12:
            year, month = year + 1, 1
            if year > last:
                return None
        if schedule.month >> month & 1:
            days = days_of_month(schedule, year, month)
            if days:
                return (day_of(year, month, 1) + _lowest(days) - 1) * 1440 + _first(schedule)


def _first(schedule: Schedule) -> int:
    """The first minute of a matching day."""
    return 60 * _lowest(schedule.hour) + _lowest(schedule.minute)


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _walk(schedule: Schedule, at: int, zone: Zone) -> int | None:
    """The library's own search from the second `at` on, with every step that it takes over changes of the clock."""
    begin, end, offset = zone.period(at)

    def clock_at(at: int) -> int:
        nonlocal begin, end, offset
        if not begin <= at < end:
            begin, end, offset = zone.period(at)
        return at + offset

    clock = at + offset
    last = date_of(clock // DAY)[0] + YEARS
    cleared = False
    while True:
        year, month, day = date_of(clock // DAY)
        if year > last:
            return None
        wrapped = False
        while not schedule.month >> month & 1:
            if not cleared:
                cleared, at = True, zone.instant(day_of(year, month, 1) * DAY)
                clock = clock_at(at)
            year, month, day = date_of(clock // DAY)
            at = zone.instant(day_of(year, month + 1, day) * DAY + clock % DAY)
            clock = clock_at(at)
            year, month, day = date_of(clock // DAY)
            if month == 1:
                wrapped = True
                break
        if wrapped:
            continue
        while not days_of_month(schedule, year, month) >> day & 1:
            if not cleared:
                cleared, at = True, zone.instant(clock // DAY * DAY)
                clock = clock_at(at)
            before, at = at, zone.instant(clock + DAY)
            if at <= before:
                at = before + DAY  # over a day that a zone skipped, the library itself never terminates
            clock = clock_at(at)
            hour = clock % DAY // 3600
            if hour:
                # Midnight is skipped: the library moves to the hour next to it, and may be a day off.
                at += 3600 * (24 - hour if hour > 12 else -hour)
                clock = clock_at(at)
            year, month, day = date_of(clock // DAY)
            if day == 1:
                wrapped = True
                break
        if wrapped:
            continue
        while not schedule.hour >> clock % DAY // 3600 & 1:
            if not cleared:
                cleared, at = True, zone.instant(clock // 3600 * 3600)
            at += 3600
            clock = clock_at(at)
            if clock % DAY // 3600 == 0:
                wrapped = True
                break
        if wrapped:
            continue
        while not schedule.minute >> clock % 3600 // 60 & 1:
            if not cleared:
                cleared, at = True, at // 60 * 60
            at += 60
            clock = clock_at(at)
            if clock % 3600 // 60 == 0:
                wrapped = True
                break
        if wrapped:
            continue
        if clock % 60:
            cleared, at = True, at + 60 - clock % 60
            clock = clock_at(at)
            continue
        return at
