"""How the starts of a schedule are spread: gaps between them, starts a year, the effect of clock changes; knows nothing about
Jobs.

Gaps and counts are by the clock of the schedule's zone, as if all days had 24 hours; `clock_changes` returns the exceptions.
Sources: github.com/robfig/cron v3.0.1 (see joblint.controller.cron.calendar), Kubernetes 1.36.3
pkg/controller/cronjob/utils.go.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from joblint.api.go.civil import DAY, date_of, day_of
from joblint.api.go.schedule import ScheduleError, parse_standard
from joblint.api.go.zone import UTC
from joblint.base.record import Record
from joblint.controller.cron.calendar import days_of_month, minutes_of_day, next_start, zone_of
from joblint.controller.cron.periods import every_day, every_hour, periods

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.go.schedule import Schedule
    from joblint.api.go.zone import Zone
    from joblint.controller.cron.periods import Periods

YEAR = 365 * DAY
_MONTHS = 25
"""Months that are looked through for gaps between days: two years and one, so that each month's end is in."""


class ClockChange(Record):
    """A change of the clock on which starts are lost or repeated.

    `at` is the instant of the change, `before` and `after` the offsets in seconds east of UTC. `clock` is the first affected
    start by the clock (seconds as if it were UTC), `starts` the number of affected starts by the clock, `made` the instants at
    which the controller starts them, `following` the first start after all this.
    """

    at: int
    before: int
    after: int
    clock: int
    starts: int
    made: tuple[int, ...]
    following: int | None


class Rhythm:
    """The starts of one schedule; each result is computed when first needed."""

    __slots__ = ("text", "schedule", "_zone_name", "_zone", "_periods", "_days", "_changes")

    def __init__(self, text: str, schedule: Schedule, zone: str | None) -> None:
        self.text = text
        self.schedule = schedule
        self._zone_name = zone
        self._zone: Zone | None = None
        self._periods: tuple[int, Periods | None] | None = None  # with the day from which they are counted, as the days
        self._days: tuple[int, tuple[int, ...]] | None = None
        self._changes: tuple[int, int, tuple[ClockChange, ...]] | None = None

    @property
    def zone(self) -> Zone:
        """The zone that the schedule runs in; UTC for one that is not known. Read from disk on first use."""
        if self._zone is None:
            try:
                self._zone = zone_of(self.schedule, self._zone_name)
            except (LookupError, OSError):
                self._zone = UTC
        return self._zone

    @property
    def every_hour(self) -> bool:
        """Whether the hour does not matter: all 24 match, or the schedule is an `@every`."""
        return self.schedule.every is not None or every_hour(self.schedule)

    @property
    def every_day(self) -> bool:
        """Whether all days match."""
        return self.schedule.every is not None or every_day(self.schedule)

    @property
    def minutes(self) -> tuple[int, ...]:
        """The minutes after midnight of a matching day's starts; none for an `@every`."""
        return () if self.schedule.every is not None else minutes_of_day(self.schedule)

    def days(self, now: float) -> tuple[int, ...]:
        """The matching days (numbers since the epoch) of the two years from the month of `now` on."""
        today = int(now // DAY)
        if self._days is None or self._days[0] != today:
            year, month, _ = date_of(today)
            found: list[int] = []
            for _ in range(_MONTHS):
                if self.schedule.month >> month & 1:
                    mask = days_of_month(self.schedule, year, month)
                    first = day_of(year, month, 1) - 1
                    found.extend([first + n for n in range(1, 32) if mask >> n & 1])
                year, month = (year, month + 1) if month < 12 else (year + 1, 1)
            self._days = (today, tuple(found))
        return self._days[1]

    def gaps(self, now: float) -> tuple[int, int]:
        """Return the shortest and the longest time between two starts, in seconds; (0, 0) if there are never two."""
        found = self._found(now)
        return (0, 0) if found is None else (found.shortest, found.longest)

    def per_day(self, now: float) -> int:
        """Return the starts on a day that matches; 0 if there are never two."""
        found = self._found(now)
        return 0 if found is None else found.per_day

    def per_year(self, now: float) -> int:
        """Return the starts in the 365 days from `now` on; 0 if there are never two."""
        found = self._found(now)
        return 0 if found is None else found.per_year

    def meanwhile(self, now: float, seconds: float) -> tuple[int, int]:
        """The fewest and the most starts that come while a run continues that began with a start and lasts `seconds`, by the
        clock of two years without its changes."""
        shortest, longest = self.gaps(now)
        if not shortest or seconds <= shortest:
            return 0, 0
        if shortest == longest:
            count = int(-(-seconds // shortest)) - 1
            return count, count
        days, minutes = self.days(now), self.minutes
        whole = int(seconds // DAY)
        # Days differ only in which later days have starts as well: a run ends on one of the two days after `whole` others.
        kinds = set()
        for n, day in enumerate(days):
            end = day + whole
            if end + 1 <= days[-1]:
                after = bisect_left(days, end, n)
                ends = days[after] == end
                kinds.add((after - n, ends, days[after + ends] == end + 1))
        counts = []
        for between, first, second in kinds:
            for n, minute in enumerate(minutes):
                # Starts of the days before the last one, but for those up to the run's own; then those of the last day.
                left = minute * 60 + seconds - whole * DAY
                if left < DAY:
                    before, last = between, first
                else:
                    before, last, left = between + first, second, left - DAY
                counts.append(before * len(minutes) - n - 1 + (bisect_left(minutes, left / 60) if last else 0))
        if not counts:  # longer than what is looked at: their number in a year is close enough
            counts.append(int(seconds * self.per_year(now) // YEAR))
        return min(counts), max(counts)

    def _found(self, now: float) -> Periods | None:
        today = int(now // DAY)
        if self._periods is None or self._periods[0] != today:
            self._periods = (today, periods(self.schedule, now))
        return self._periods[1]

    def never(self, now: float) -> bool:
        """Whether no start comes within the five years that the controller looks ahead."""
        return self.schedule.every is None and next_start(self.schedule, now) is None

    def clock_changes(self, now: float, until: float) -> tuple[ClockChange, ...]:
        """The changes of the zone's clock between two instants that lose starts or double them.

        None for a schedule that starts in every hour: it continues as before.
        """
        if self.every_hour or (self._zone_name is None and self.schedule.zone is None) or not self.zone.changes:
            return ()
        if self._changes is None or self._changes[:2] != (int(now), int(until)):
            self._changes = (int(now), int(until), self._find_changes(now, until))
        return self._changes[2]

    def _find_changes(self, now: float, until: float) -> tuple[ClockChange, ...]:
        from joblint.controller.cron.clock_change import felt_changes

        found = []
        for felt in felt_changes(self.schedule, self.zone, now, until):
            # By the clock, this stretch never is (put forward) or comes twice (put back).
            at, before, after = felt.at, felt.before, felt.after
            stretch = range(at + min(before, after), at + max(before, after))
            clocks = [c for c in (felt.left_out if after > before else felt.repeated) if c in stretch]
            if clocks:
                made = () if after > before else tuple(sorted([c - offset for c in clocks for offset in (before, after)]))
                following = next_start(self.schedule, max(made, default=at - 1), self.zone)
                found.append(ClockChange(at, before, after, clocks[0], len(clocks), made, following))
        return tuple(found)


def rhythm(cron: dict[str, Any]) -> Rhythm | None:
    """Return the rhythm of a CronJob's spec (plain data); None if the schedule cannot be read."""
    text, zone = cron.get("schedule"), cron.get("timeZone")
    return _rhythm(text, zone if isinstance(zone, str) else None) if isinstance(text, str) else None


@lru_cache(maxsize=512)
def _rhythm(text: str, zone: str | None) -> Rhythm | None:
    # A directory's CronJobs share a few schedules, and the results for one do not change within a run.
    try:
        return Rhythm(text, parse_standard(text), zone)
    except (ScheduleError, LookupError, OSError):
        return None


def longest_period(cron: dict[str, Any]) -> int | None:
    """Return the longest time between two starts of a CronJob's spec, in seconds; None if that is unknown or there are none."""
    from time import time

    found = rhythm(cron)
    return None if found is None else found.gaps(time())[1] or None
