"""The CronJobs of a directory compared with each other: many that start in the same minute."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit

_HERD = 4


def same_minute(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """Many CronJobs of a directory that all start in the same minute; reported once, at the first of them."""
    from joblint.rules.finding import Hit

    crons = [c for c in folder.cronjobs if not c.suspended and c.schedule]
    if len(crons) < _HERD:
        return
    from joblint.api.go.schedule import ScheduleError, parse_standard

    herds: dict[tuple[Any, ...], list[CronJobFacts]] = {}
    for cron in crons:
        try:
            schedule = parse_standard(cron.schedule)
        except ScheduleError:
            continue
        if schedule.every is None and schedule.minute & (1 << 60) - 1 != (1 << 60) - 1:
            key = (schedule.minute, schedule.hour, schedule.dom, schedule.month, schedule.dow, cron.time_zone or "UTC")
            herds.setdefault(key, []).append(cron)
    for key, herd in herds.items():
        names = list(dict.fromkeys([c.origin.name for c in herd]))
        if len(names) >= _HERD:
            minute = next((n for n in range(60) if key[0] >> n & 1), 0)
            shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            values = {
                "count": len(herd),
                "schedule": herd[0].schedule,
                "names": shown,
                "apart": max(1, 60 // len(herd)),
                "minute": minute,
            }
            yield herd[0].origin, Hit("spec.schedule", values)
