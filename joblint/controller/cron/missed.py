"""Which start is due now, how many were missed, and when to look again; knows schedules and instants, no Jobs.

Source: Kubernetes 1.36.3, pkg/controller/cronjob/utils.go (mostRecentScheduleTime, nextScheduleTime,
nextScheduleTimeDuration).
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.controller.cron.calendar import next_start, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.go.schedule import Schedule
    from joblint.api.go.zone import Zone

MANY = 100
"""More missed starts than this give the event TooManyMissedTimes."""

DELTA = 0.1
"""The controller checks this many seconds after the start, to allow for clock differences."""

INVALID = "time difference between two schedules is less than 1 second"


class InvalidSchedule(ValueError):
    """The schedule is well formed but does not come twice."""


class Recent(Record):
    """What was missed: the `latest` start not later than now (None: none), and a rough count of those since the last one."""

    since: float
    latest: int | None
    missed: int


def most_recent(schedule: Schedule, zone: Zone, last: float, now: float, deadline: int | None) -> Recent:
    """The latest start due at `now`, where `last` is the last start or the creation (all seconds since the epoch).

    `deadline` is startingDeadlineSeconds: starts further back than that are not seen. Raises InvalidSchedule.
    """
    if deadline is not None:
        last = max(last, now - _wrapped(deadline))
    first = next_start(schedule, last, zone)
    if first is None:
        raise InvalidSchedule(INVALID)
    if now < first:
        return Recent(last, None, 0)
    second = next_start(schedule, first, zone)
    if second is None:
        raise InvalidSchedule(INVALID)
    if now < second:
        return Recent(last, first, 0)
    # The distance of the first two is used for all: inexact for an uneven schedule.
    period = second - first
    missed = int(now - first) // period + 1
    latest = None
    for latest in starts(schedule, first + (missed - 2) * period, now, zone):  # noqa: B007  # only the last is wanted
        pass
    return Recent(last, latest, missed)


def next_look(schedule: Schedule, zone: Zone, last: float, now: float) -> float:
    """When the controller looks at the CronJob again (it does so earlier if something happens)."""
    try:
        recent = most_recent(schedule, zone, last, now, None)
        if recent.latest is not None:
            since: float = recent.latest
        else:
            since = now if recent.missed else recent.since
    except InvalidSchedule:
        since = now
    at = next_start(schedule, since, zone)
    return now if at is None else max(now, at + DELTA)


def _wrapped(deadline: int) -> float:
    """Seconds as Go computes them: nanoseconds in 64 bits, which run over at 292 years."""
    return ((deadline * 10**9 + 2**63) % 2**64 - 2**63) / 10**9
