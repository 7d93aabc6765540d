"""What happens to a schedule when its zone changes the clock: starts are skipped, repeated, or on a wrong day.

Found by comparing the schedule with the times that robfig/cron really finds, not by rules of thumb.
"""

from __future__ import annotations

from joblint.api.go.civil import DAY
from joblint.api.go.zone import FAR
from joblint.base.record import Record
from joblint.controller.cron.calendar import matches, next_start, starts
from joblint.controller.cron.periods import every_day, every_hour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.go.schedule import Schedule
    from joblint.api.go.zone import Zone


class FeltChange(Record):
    """A change of the clock that a schedule feels, at the instant `at` (seconds since the epoch), from the offset `before` to
    `after` (seconds east of UTC).

    `left_out`, `repeated` and `stray` are starts by the clock, in seconds since the epoch as if it were UTC: those that do
    not come, those that come twice, and those that come though the schedule does not name them.
    """

    at: int
    before: int
    after: int
    left_out: tuple[int, ...]
    repeated: tuple[int, ...]
    stray: tuple[int, ...]


def felt_changes(schedule: Schedule, zone: Zone, now: float, until: float) -> tuple[FeltChange, ...]:
    """Return the changes of the clock between two instants that affect the schedule, in order.

    A schedule that starts each hour is not affected: it continues each hour.
    """
    if schedule.every is not None or (not zone.changes and zone.rule is None) or (every_hour(schedule) and every_day(schedule)):
        return ()
    felt = []
    turns = list(zone.turns(int(now), int(until) + 366 * DAY))
    for (at, before, after), following in zip(turns, [*turns[1:], (FAR, 0, 0)], strict=False):
        if at >= until:
            break
        low, high = at + min(before, after), at + max(before, after)
        midnight = -(low // -DAY) * DAY < high
        # The search goes from hour to hour: a change of half an hour, or at half past, may make it miss starts far from it.
        whole = (after - before) % 3600 == 0 and (at + before) % 3600 == 0
        if whole and not midnight and not _comes(schedule, low, high):
            continue
        change = _change(schedule, zone, at, before, after, following[0])
        if change.left_out or change.repeated or change.stray:
            felt.append(change)
    return tuple(felt)


def _comes(schedule: Schedule, low: int, high: int) -> bool:
    """Whether a start lies between two times of the clock."""
    at = next_start(schedule, low - 1)
    return at is not None and at < high


def _change(schedule: Schedule, zone: Zone, at: int, before: int, after: int, following: int) -> FeltChange:
    low = (at + before) // DAY * DAY - DAY
    high = low + 3 * DAY
    first = zone.instant(low)
    known = _start_before(schedule, zone, first)
    across: int | None = _start_before(schedule, zone, at)
    while across is not None and across <= at + DAY // 2:
        across = next_start(schedule, across, zone)
    if across is not None:
        # A search that crosses the change may go wrong until it finds something; one that begins well after it does not.
        high = max(high, (min(across, following - 2 * DAY) + after) // DAY * DAY + DAY)
    chain = starts(schedule, known, zone.instant(high) - 1, zone)
    found = [t + (before if t < at else after) for t in chain if t >= first]
    named = list(starts(schedule, low - 1, high - 1))
    came, meant = set(found), set(named)
    seen: set[int] = set()
    repeated = [clock for clock in found if clock in seen or seen.add(clock)]  # type: ignore[func-returns-value]
    left_out = [clock for clock in named if clock not in came]
    if every_hour(schedule):
        gap = range(at + min(before, after), at + max(before, after))
        left_out = [clock for clock in left_out if clock not in gap]
        repeated = [clock for clock in repeated if clock not in gap]
    stray = [clock for clock in found if clock not in meant and not matches(schedule, clock)]
    return FeltChange(at, before, after, tuple(left_out), tuple(repeated), tuple(stray))


def _start_before(schedule: Schedule, zone: Zone, at: int) -> int:
    """The last start before an instant, from which the controller searches on; else a time well before."""
    for days in (1, 8, 32, 366):
        last = None
        for last in starts(schedule, at - days * DAY, at - 1, zone):  # noqa: B007  # only the last is wanted
            pass
        if last is not None:
            return last
    return at - 1
