"""The state of a live CronJob and its next Job, whatever its present Jobs do before that.

Source: Kubernetes 1.36.3 pkg/controller/cronjob/cronjob_controllerv2.go (syncCronJob).
"""

from __future__ import annotations

from joblint.controller.cron.calendar import next_start
from joblint.controller.cron.missed import InvalidSchedule, most_recent
from joblint.controller.cron.spec import read
from joblint.controller.job.spec import mapping
from joblint.controller.live.job import NOTHING, SYNC, Live, Next, state_of
from joblint.controller.live.objects import Owned, instant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.cron.spec import CronSpec


_STOPPED = 3.0
"""Seconds in which a container that heeds TERM has stopped and its Job has its condition."""


def state_of_cronjob(cronjob: dict[str, Any], jobs: tuple[Owned, ...], now: float) -> Live:
    """Where a CronJob stands at an instant; `jobs` are those it owns."""
    spec = read(cronjob)
    lives = [state_of(job, now) for job in jobs]
    active = [live for live in lives if live.state not in ("complete", "failed")]
    if spec.suspended:
        return Live(now, "suspended", NOTHING, "spec.suspend is true")
    if spec.schedule is None:
        return Live(now, "never-fires", NOTHING, spec.problem or "")
    due = next_start(spec.schedule, now, spec.zone)
    if due is None or spec.deadline == 0:
        why = "no date fits the schedule" if due is None else "startingDeadlineSeconds: 0 never starts anything"
        return Live(now, "never-fires", NOTHING, why)
    state = "active" if active else "scheduled"
    if not active or spec.policy != "Forbid":
        return Live(now, state, Next("job-created", float(due), due + SYNC, "the schedule"))
    return Live(now, state, _after(cronjob, spec, active, now, due), "concurrencyPolicy: Forbid waits for the active Job")


def _after(cronjob: dict[str, Any], spec: CronSpec, active: list[Live], now: float, due: int) -> Next:
    """The next Job once those that are active have ended: a start that was missed meanwhile, or the next of the schedule."""
    ends = [live.next for live in active]
    if any(end.event not in ("job-failed", "job-complete") or end.at is None for end in ends):
        return NOTHING
    low, high = max(end.at or now for end in ends), max(end.latest or end.at or now for end in ends)
    last = instant(mapping(cronjob.get("status")).get("lastScheduleTime"))
    if last is None:
        last = instant(mapping(cronjob.get("metadata")).get("creationTimestamp")) or now
    assert spec.schedule is not None
    try:
        missed = most_recent(spec.schedule, spec.zone, last, low, spec.deadline).latest
    except InvalidSchedule:
        missed = None
    if missed is not None:
        # Most containers heed TERM: then the Job ends well before its grace period does.
        return Next(
            "job-created", low - SYNC, min(high, low + _STOPPED) + SYNC, "a missed start follows when the active Job ends"
        )
    later = next_start(spec.schedule, low, spec.zone)
    return Next("job-created", float(later), later + SYNC, "the schedule") if later is not None else NOTHING
