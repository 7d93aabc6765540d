"""What a changed field of a Job or CronJob does, computed from its status if there is one; knows outcomes, no format.

Source of the behavior: Kubernetes 1.36.3, pkg/controller/job and pkg/controller/cronjob.
"""

from __future__ import annotations

from joblint.base.durations import show_duration
from joblint.run.diff.case import Case, spec_of
from joblint.run.diff.schedules import clock, late_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _changed(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [k for k in dict.fromkeys([*old, *new]) if old.get(k) != new.get(k)]


def _value(value: Any) -> str:
    if value is None:
        return "not set"
    if value is True or value is False:
        return str(value).lower()
    return str(value) if isinstance(value, (int, str)) else "…"


_JOB_FIELDS = {
    "parallelism": "takes effect immediately: more Pods are created",
    "completions": "takes effect immediately",
    "backoffLimit": "earlier failures count; a Job that has already failed stays failed",
    "activeDeadlineSeconds": "counts from the Job's start, not from now: a Job that has run longer fails immediately",
    "ttlSecondsAfterFinished": "counts from the Job's end: a Job that finished longer ago is deleted immediately, with its logs",
    "maxFailedIndexes": "takes effect immediately",
    "podReplacementPolicy": "takes effect for Pods that are deleted from now on",
}
_CRON_FIELDS = {
    "schedule": "the next start follows the new schedule; running Jobs are not changed",
    "timeZone": "the next start follows the new time zone",
    "concurrencyPolicy": "takes effect from the next start",
    "startingDeadlineSeconds": "takes effect from the next start",
    "successfulJobsHistoryLimit": "takes effect immediately: finished Jobs above it are deleted with their Pods and logs",
    "failedJobsHistoryLimit": "takes effect immediately: finished Jobs above it are deleted with their Pods and logs",
    "jobTemplate": "takes effect from the next Job; existing Jobs keep the old template",
}


def updated(case: Case) -> list[str]:
    """Return what an update changes and its effect, most important first."""
    was, now = spec_of(case.live), spec_of(case.merged)
    table = _JOB_FIELDS if case.kind == "Job" else _CRON_FIELDS
    late = _late(case, case.live, case.merged) if case.kind == "CronJob" and case.live and case.merged else []
    found = list(late)
    for field in _changed(was, now):
        before, after = was.get(field), now.get(field)
        if field == "suspend":
            found.append(_suspend(case, after is True))
        elif field == "template" and case.kind == "Job":
            found.append("the template of the suspended Job changes; its Pods use it when the Job is resumed")
        elif field == "jobTemplate" and field in table:
            found.append(f"jobTemplate: {table[field]}")
        elif field in ("schedule", "timeZone") and late:
            found.append(f"{field} {_value(before)} → {_value(after)}: later starts follow it")
        elif field in table:
            does = _lowered(field, before, after) or _particular(case, field, after) or table[field]
            found.append(f"{field} {_value(before)} → {_value(after)}: {does}")
    if not found:
        found.append(_nothing(case))
    if case.unapplied and case.outcome == "updated":
        found.append("kubectl apply did not create the live object: fields that NEW leaves out are not changed (kubectl warns)")
    if case.kind == "Job":
        if case.state.finished:
            found.append(f"the Job is finished ({case.state.finished}): the change does not make it run again")
        elif not case.state.known:
            found.append("if the Job has finished, the change does not make it run again")
    return found


def _nothing(case: Case) -> str:
    if case.live is not None and case.merged is not None:
        before, after = case.live["metadata"], case.merged["metadata"]
        if all((before.get(part) or {}) == (after.get(part) or {}) for part in ("labels", "annotations")):
            if case.outcome == "applied":
                return "nothing changes, although kubectl reports serverside-applied"
            return "nothing changes on the server except kubectl's last-applied annotation; kubectl reports configured"
    return "only labels or annotations change: this starts nothing"


def _lowered(field: str, before: Any, after: Any) -> str:
    """What happens at once if a number of Pods or indexes becomes lower."""
    if not isinstance(before, int) or not isinstance(after, int) or after >= before:
        return ""
    return {
        "parallelism": "takes effect immediately: running Pods above it are deleted (they do not count as failed)",
        "completions": f"takes effect immediately; the indexes from {after} on are dropped",
    }.get(field, "")


def _particular(case: Case, field: str, after: Any) -> str:
    """What a changed limit does to this Job, if its status shows it."""
    state, at = case.state, case.options.at
    if not isinstance(after, int):
        return ""
    if field == "ttlSecondsAfterFinished" and state.finished_at is not None:
        gone = state.finished_at + after
        when = "immediately" if gone <= at else f"at {clock(gone, at)}"
        return f"the Job finished at {clock(state.finished_at, at)}: it is deleted {when}, with its Pods and logs"
    if field == "activeDeadlineSeconds" and state.started_at is not None and not state.finished:
        end = state.started_at + after
        when = "immediately" if end <= at else f"at {clock(end, at)}"
        return f"the Job started at {clock(state.started_at, at)}: it fails {when} (DeadlineExceeded)"
    if field == "backoffLimit" and state.known and not state.finished and state.failed > after:
        return f"{state.failed} Pods have failed: the Job fails immediately"
    return ""


def _late(case: Case, live: dict[str, Any], merged: dict[str, Any]) -> list[str]:
    at = case.options.at
    late = late_start(live, merged, at, case.exported)
    if late is None:
        return []
    when = f"applied at {clock(at, at)}, " if not late.at_once else ""
    comes = "immediately" if late.at_once else f"at {clock(late.comes - late.comes % 60, at)}"
    whose = "the" if case.exported else "the old schedule's"
    why = f"{whose} last start was {clock(late.last, at)}"
    words = f"{when}the start of {clock(late.due, at)} counts as missed ({why}): its Job starts {comes}"
    if not late.at_once:
        words += "; if the controller restarts or the CronJob changes again before that, it starts immediately"
    least = int(late.comes - late.due)
    limit = f"{least}, that is {show_duration(least)}"
    return [words, f"to prevent the late start, set startingDeadlineSeconds to less than {limit}"]


def _suspend(case: Case, on: bool) -> str:
    if case.kind == "CronJob":
        if on:
            return "suspended: no more Jobs start; running Jobs continue"
        moved = spec_of(case.live).get("schedule") != spec_of(case.merged).get("schedule")
        if moved:
            return "resumed: the next Job starts by the new schedule"
        return "resumed: if starts were missed, one Job starts immediately (within startingDeadlineSeconds)"
    if on:
        return "suspended: running Pods are deleted; they do not count as failed"
    return "resumed: Pods are created, and activeDeadlineSeconds starts again from zero"
