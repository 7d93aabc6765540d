"""Starts that come together: many CronJobs in one minute, and one CronJob's Jobs that overlap; instants, no Jobs."""

from __future__ import annotations

from joblint.api.civil import DAY
from joblint.controller.calendar import starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from joblint.api.validate.schedule import Schedule
    from joblint.api.zone import Zone

OFTEN = 24
"""Starts a day from which on a CronJob does not count towards a crowd: it meets all the others anyway."""


def crowds(
    items: Sequence[tuple[Schedule, Zone]], now: float, least: int = 3, days: int = 7
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """The minutes of the coming `days` in which at least so many of the schedules start, the most crowded first.

    Each is an instant (seconds since the epoch) and the places in `items` of those that start then; of minutes with the same
    schedules only the first is given. Schedules that start more than 24 times a day are left out.
    """
    minutes: dict[int, list[int]] = {}
    known: dict[tuple[Schedule, Zone], list[int]] = {}
    for place, item in enumerate(items):
        found = known.get(item)
        if found is None:
            found = known[item] = []
            for at in starts(item[0], now, now + days * DAY, item[1]):
                found.append(at // 60 * 60)
                if len(found) > OFTEN * days:
                    found.clear()
                    break
        for minute in found:
            minutes.setdefault(minute, []).append(place)
    groups: dict[tuple[int, ...], int] = {}
    for minute in sorted(minutes):
        if len(minutes[minute]) >= least:
            groups.setdefault(tuple(minutes[minute]), minute)
    return tuple((minute, places) for places, minute in sorted(groups.items(), key=lambda group: (-len(group[0]), group[1])))


def most_at_once(schedule: Schedule, zone: Zone, run: float, now: float, days: int = 8) -> int:
    """How many Jobs of a CronJob run at once at most in the coming `days`, if each runs `run` seconds and none waits (Allow)."""
    running: list[int] = []
    most = done = 0
    for at in starts(schedule, now, now + days * DAY, zone):
        running.append(at)
        while running[done] + run <= at:
            done += 1
        most = max(most, len(running) - done)
    return most
