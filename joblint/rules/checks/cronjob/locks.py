"""CronJobs that start in the same minute and need one backup repository, which only one of them can lock.

Source: restic internal/repository/lock.go (an exclusive lock fails if there is any other, and is not waited for without
--retry-lock); borg src/borg/locking.py (--lock-wait is 1 second).
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit

_WAIT = {"restic": "--retry-lock 1h", "borg": "--lock-wait 3600"}


def repository_locked(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """One finding for each CronJob that needs the repository for itself."""
    from joblint.rules.finding import Hit

    users: dict[tuple[str, str], list[CronJobFacts]] = {}
    exclusive: list[tuple[CronJobFacts, str, str]] = []
    for cron in folder.cronjobs:
        for tool, place, alone in cron.needs.locks if not cron.suspended and cron.schedule else ():
            users.setdefault((tool, place), []).append(cron)
            if alone:
                exclusive.append((cron, tool, place))
    told: set[int] = set()
    for cron, tool, place in exclusive:
        for other in users[tool, place] if id(cron) not in told else ():
            if other is not cron and id(other) not in told and beside(cron.origin, other.origin) and _meet(cron, other):
                told.add(id(cron))
                values = {"name": cron.origin.name, "other": other.origin.name, "tool": tool, "wait": _WAIT[tool]}
                yield cron.origin, Hit("spec.schedule", values)
                break


def _meet(one: CronJobFacts, other: CronJobFacts) -> bool:
    """Whether two schedules have a start in common."""
    from joblint.api.go.schedule import ScheduleError, parse_standard

    try:
        a, b = parse_standard(one.schedule), parse_standard(other.schedule)
    except ScheduleError:
        return False
    if a.every is not None or b.every is not None or (one.time_zone or "UTC") != (other.time_zone or "UTC"):
        return False
    low = (1 << 60) - 1
    pairs = ((a.minute, b.minute), (a.hour, b.hour), (a.dom, b.dom), (a.month, b.month), (a.dow, b.dow))
    return all(x & y & low for x, y in pairs)
