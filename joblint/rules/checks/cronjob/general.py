"""CronJob: schedules that say something else than they seem to, runs against the period, and what is kept of them."""

from __future__ import annotations

from joblint.rules.checks import check
from joblint.rules.checks.cronjob.runs import (
    cronjob_suspended,
    forbid_skips_starts,
    huge_history,
    job_template_refused,
    no_history,
    piles_up_under_allow,
    replace_never_finishes,
    retries_outlast_period,
    starting_deadline_short,
    starting_deadline_zero,
    starves_under_forbid,
    template_suspended,
)
from joblint.rules.checks.cronjob.schedule import (
    both_day_fields,
    day_missing_in_months,
    daylight_saving_gap,
    daylight_saving_overlap,
    every_below_a_minute,
    every_counts_from_creation,
    every_minute_of_the_hour,
    schedule_never_starts,
    step_beyond_range,
    time_zone_unsaid,
    uneven_steps,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts import Facts
    from joblint.rules.finding import Hit

__all__ = (
    "both_day_fields",
    "cronjob_suspended",
    "day_missing_in_months",
    "daylight_saving_gap",
    "daylight_saving_overlap",
    "every_below_a_minute",
    "every_counts_from_creation",
    "every_minute_of_the_hour",
    "forbid_skips_starts",
    "huge_history",
    "job_template_refused",
    "no_history",
    "piles_up_under_allow",
    "replace_never_finishes",
    "retries_outlast_period",
    "same_minute",
    "schedule_never_starts",
    "starting_deadline_short",
    "starting_deadline_zero",
    "starves_under_forbid",
    "step_beyond_range",
    "template_suspended",
    "time_zone_unsaid",
    "uneven_steps",
)

_HERD = 4


@check
def same_minute(facts: tuple[Facts, ...]) -> Iterator[tuple[Facts, Hit]]:
    """Many CronJobs of a folder that all start in the same minute; told once, at the first of them."""
    from joblint.rules.finding import Hit

    crons = [
        f for f in facts if f.kind == "CronJob" and f.data.get("suspend") is not True and isinstance(f.data.get("schedule"), str)
    ]
    if len(crons) < _HERD:
        return
    from joblint.api.go.schedule import ScheduleError, parse_standard

    herds: dict[tuple[Any, ...], list[Facts]] = {}
    for fact in crons:
        try:
            schedule = parse_standard(fact.data["schedule"])
        except ScheduleError:
            continue
        if schedule.every is None and schedule.minute & (1 << 60) - 1 != (1 << 60) - 1:
            key = (schedule.minute, schedule.hour, schedule.dom, schedule.month, schedule.dow, fact.data.get("timeZone") or "UTC")
            herds.setdefault(key, []).append(fact)
    for key, herd in herds.items():
        names = list(dict.fromkeys([f.name for f in herd]))
        if len(names) >= _HERD:
            first = herd[0]
            minute = next((n for n in range(60) if key[0] >> n & 1), 0)
            shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
            values = {
                "count": len(herd),
                "schedule": first.data["schedule"],
                "names": shown,
                "apart": max(1, 60 // len(herd)),
                "minute": minute,
            }
            yield first, Hit("spec.schedule", values)
