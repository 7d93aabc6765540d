"""The state of a live CronJob and its next Job, whatever its present Jobs do before that.

Source: Kubernetes 1.36.3 pkg/controller/cronjob/cronjob_controllerv2.go (syncCronJob) and utils.go (nextScheduleTimeDuration).
"""

from __future__ import annotations

from joblint.controller.cron.calendar import next_start, starts
from joblint.controller.cron.missed import MANY, InvalidSchedule, most_recent
from joblint.controller.cron.spec import read
from joblint.controller.job.spec import mapping
from joblint.controller.live.job import end_of, state_of
from joblint.controller.live.objects import event_time, instant, listing
from joblint.controller.live.states import NOTHING, SYNC, Live, Next, Starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.cron.spec import CronSpec
    from joblint.controller.live.objects import Owned

_STOPPED = 3.0
"""Seconds in which a container that heeds TERM has stopped and its Job has its condition."""

_SHOWN = 3
"""The latest missed starts that are reported."""

_WIDE = 0.3
"""A range of times is reported in full unless it is wider than this share of the wait, or than twice `_STOPPED`."""


def state_of_cronjob(
    cronjob: dict[str, Any], jobs: tuple[Owned, ...], now: float, events: tuple[dict[str, Any], ...] = ()
) -> Live:
    """Where a CronJob is at an instant; `jobs` are those it owns, `events` those about it."""
    spec = read(cronjob)
    active = _active(cronjob, jobs, now)
    if mapping(cronjob.get("metadata")).get("deletionTimestamp"):
        return Live(now, "active" if active else "scheduled", NOTHING, "somebody has deleted it: no more Jobs start")
    if spec.suspended:
        return Live(now, "suspended", NOTHING, "spec.suspend is true")
    if spec.schedule is None:
        return Live(now, "never-fires", NOTHING, spec.problem or "")
    due = _next_start(cronjob, spec, now)
    if due is None or (spec.deadline is not None and spec.deadline <= 0):
        why = "no date matches the schedule" if due is None else "with startingDeadlineSeconds: 0, nothing ever starts"
        return Live(now, "never-fires", NOTHING, why)
    state = "active" if active else "scheduled"
    refused = _refused(events, jobs)
    if refused is not None:
        return Live(now, state, NOTHING, refused)
    if not active or spec.policy != "Forbid":
        if _is_due(cronjob, spec, now):
            return Live(now, state, Next("job-created", now, now + SYNC, "the schedule"))
        return Live(now, state, Next("job-created", float(due), due + SYNC, "the schedule"))
    return Live(now, state, _after(cronjob, spec, active, now), "the next one waits for its end (concurrencyPolicy: Forbid)")


def starts_of(cronjob: dict[str, Any], jobs: tuple[Owned, ...], now: float) -> Starts:
    """The last start of a CronJob, its active Jobs, and the starts that were missed since the last one, or since the creation."""
    spec = read(cronjob)
    names = [
        (str(mapping(j.job.get("metadata")).get("name")), instant(mapping(j.job.get("status")).get("startTime")))
        for j in _active(cronjob, jobs, now)
    ]
    last = instant(mapping(cronjob.get("status")).get("lastScheduleTime"))
    found: list[float] = []
    if spec.schedule is not None:
        for at in starts(spec.schedule, _last(cronjob, now), now - _STOPPED, spec.zone):
            found.append(float(at))
            if len(found) > MANY:
                break
    latest = () if len(found) > MANY else tuple(found[-_SHOWN:])
    return Starts(last, tuple(names), latest, len(found), _reason(spec, names) if found else "")


def _reason(spec: CronSpec, active: list[tuple[str, float | None]]) -> str:
    """Why starts were missed, as far as the objects show."""
    if spec.suspended:
        late = "" if spec.deadline is None else f", unless it is more than {spec.deadline}s late"
        return f"it is suspended; when it is resumed, the latest of them starts immediately{late}"
    if spec.deadline is not None and spec.deadline <= 0:
        return "startingDeadlineSeconds: 0 allows no start"
    if active and spec.policy == "Forbid":
        return f"concurrencyPolicy: Forbid, and {active[0][0]} is active"
    if spec.deadline is not None:
        return f"not started within startingDeadlineSeconds: {spec.deadline}"
    return ""


def _active(cronjob: dict[str, Any], jobs: tuple[Owned, ...], now: float) -> list[Owned]:
    """The Jobs that the controller considers active: those in its own list. A Job created manually from the CronJob is not."""
    listed = listing(mapping(cronjob.get("status")).get("active"))
    uids = {str(ref.get("uid")) for ref in listed}
    found = [job for job in jobs if str(mapping(job.job.get("metadata")).get("uid")) in uids]
    return [job for job in found if state_of(job, now).state not in ("complete", "failed")]


def _ignores_term(owned: Owned, now: float) -> bool:
    """Whether a Pod of the Job still runs a while after SIGTERM."""
    pods = state_of(owned, now).pods
    return any(p.deleted is not None and not p.over and now - (p.deleted - p.grace) > 2 * _STOPPED for p in pods)


def _last(cronjob: dict[str, Any], now: float) -> float:
    """From when the controller counts starts: the last one, or the creation."""
    last = instant(mapping(cronjob.get("status")).get("lastScheduleTime"))
    if last is None:
        last = instant(mapping(cronjob.get("metadata")).get("creationTimestamp"))
    return now if last is None else last


def _next_start(cronjob: dict[str, Any], spec: CronSpec, now: float) -> int | None:
    """The next start of the schedule. That of `@every` counts from the last one."""
    schedule = spec.schedule
    if schedule is None:
        return None
    if schedule.every is None:
        return next_start(schedule, now, spec.zone)
    last = int(_last(cronjob, now))
    return last + (int(max(0.0, now - last)) // schedule.every + 1) * schedule.every


def _is_due(cronjob: dict[str, Any], spec: CronSpec, now: float) -> bool:
    """Whether a start has come just now that the controller has not noted yet."""
    assert spec.schedule is not None
    try:
        missed = most_recent(spec.schedule, spec.zone, _last(cronjob, now), now, spec.deadline).latest
    except InvalidSchedule:
        return False
    return missed is not None and now - missed <= _STOPPED


def _refused(events: tuple[dict[str, Any], ...], jobs: tuple[Owned, ...]) -> str | None:
    """The message of the last FailedCreate, if no Job was created after it; otherwise None."""
    failed = [e for e in events if e.get("reason") == "FailedCreate"]
    if not failed:
        return None
    last = max(failed, key=event_time)
    made = [event_time(e) for e in events if e.get("reason") == "SuccessfulCreate"]
    made += [instant(mapping(j.job.get("metadata")).get("creationTimestamp")) or 0.0 for j in jobs]
    if event_time(last) < max(made, default=0.0):
        return None
    return str(last.get("message") or last.get("note") or "")


def _after(cronjob: dict[str, Any], spec: CronSpec, active: list[Owned], now: float) -> Next:
    """The next Job once those that are active have ended: a start that was missed meanwhile, or the next of the schedule."""
    ends = [end_of(job, now) for job in active]
    known = [end for end in ends if end is not None and end.at is not None]
    if len(known) < len(active):
        return NOTHING
    low, high = max(end.at or now for end in known), max(end.latest or end.at or now for end in known)
    assert spec.schedule is not None
    try:
        missed = most_recent(spec.schedule, spec.zone, _last(cronjob, now), low, spec.deadline).latest
    except InvalidSchedule:
        missed = None
    if missed is not None:
        if high - low > max(2 * _STOPPED, _WIDE * (low - now)):
            # Most containers heed TERM: then the Job ends well before its grace period does. One that still runs does not.
            if any(_ignores_term(job, now) for job in active):
                low = max(low, high - _STOPPED)
            else:
                high = min(high, low + _STOPPED)
        return Next("job-created", low, high + SYNC, "the Job of a missed start is created when the active Job finishes")
    later = _next_start(cronjob, spec, low)
    return Next("job-created", float(later), later + SYNC, "the schedule") if later is not None else NOTHING
