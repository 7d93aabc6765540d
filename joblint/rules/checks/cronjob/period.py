"""The distance between the starts of a CronJob, and the time that a run may take: what the checks of this family compare."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.base.today import today
from joblint.rules.checks.cronjob.length import own_limit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import Subject


def period_of(s: Subject) -> int:
    """The shortest time between two starts, in seconds; 0 if there are none. A suspended CronJob starts nothing: it is a
    template for `kubectl create job --from`."""
    if s.rhythm is None or s.cron.get("suspend") is True:
        return 0
    return s.rhythm.gaps(today())[0]


def longest_of(s: Subject) -> int:
    """The longest time between two starts, in seconds; 0 if there are none."""
    return 0 if s.rhythm is None else s.rhythm.gaps(today())[1]


def distance(s: Subject) -> str:
    """`a start every 5m`, or `starts 5m to 23h55m apart`."""
    low, high = period_of(s), longest_of(s)
    return f"a start every {duration(low)}" if low == high else f"starts {duration(low)} to {duration(high)} apart"


def meanwhile(s: Subject, seconds: float) -> tuple[int, int]:
    """The fewest and the most starts during a run of this many seconds."""
    return (0, 0) if s.rhythm is None else s.rhythm.meanwhile(today(), seconds)


def starts_a_day(s: Subject) -> int:
    """The most starts in a day."""
    return 0 if s.rhythm is None else s.rhythm.per_day(today())


def deadline_of(s: Subject) -> int | None:
    """The seconds after which the deadline fails a Job of this CronJob, None if there is no deadline."""
    deadline = s.spec.get("activeDeadlineSeconds")
    return deadline if isinstance(deadline, int) else None


def most_run(s: Subject) -> tuple[int | None, str]:
    """The maximum run time in seconds, and what sets it: the Job's deadline, otherwise the timeouts of its commands."""
    limit = deadline_of(s)
    return (limit, "its deadline") if limit is not None else (own_limit(s), "its own timeouts")
