"""Which Job a changed schedule starts at a time that is in neither schedule; knows two CronJobs and a clock, no format.

Source: Kubernetes 1.36.3, pkg/controller/cronjob/cronjob_controllerv2.go (updateCronJob: the controller reconciles a changed
schedule at its next start; an earlier reconcile that is queued remains), utils.go (nextScheduleTimeDuration);
kubernetes/kubernetes issue 130838.
"""

from __future__ import annotations

from joblint.api.go.civil import epoch_of, rfc3339
from joblint.base.record import Record
from joblint.controller.cron.missed import InvalidSchedule, most_recent, next_look
from joblint.controller.cron.spec import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.cron.spec import CronSpec

_LATE = 60
"""Seconds: a start that is this much late is not intended."""


class Late(Record):
    """A start that counts as missed because the schedule changed: when it was due, and the latest time of its Job.

    `at_once`: the controller reconciles the CronJob as soon as it is applied. `last` is the last start, if it is known.
    """

    due: int
    comes: float
    at_once: bool
    last: int


def late_start(old: dict[str, Any], new: dict[str, Any], at: float, exported: bool) -> Late | None:
    """Return the missed start whose Job starts late after the change, if there is one. `old` and `new` are as the server stores
    them.

    A CronJob that is not `exported` does not say when it last started a Job: joblint assumes that it followed its old schedule.
    """
    before, after = read(old), read(new)
    if before.schedule is None or after.schedule is None or after.suspended:
        return None
    moved = _when(old) != _when(new)
    if not moved and not (before.suspended and exported):
        return None
    try:
        last = _said(old) if exported else _before(before, at)
        if last is None or last > at:
            return None
        comes = at
        if moved:
            comes = next_look(after.schedule, after.zone, last, at)
            if not before.suspended:
                comes = min(comes, next_look(before.schedule, before.zone, last, at))
        due = most_recent(after.schedule, after.zone, last, comes, after.deadline).latest
    except InvalidSchedule:
        return None
    if due is None or due == last or due > at or comes - due < _LATE:
        return None
    if after.deadline is not None and due + after.deadline < comes:
        return None
    return Late(due, comes, not moved, last)


def _when(cronjob: dict[str, Any]) -> tuple[object, object]:
    return (cronjob["spec"].get("schedule"), cronjob["spec"].get("timeZone"))


def _said(old: dict[str, Any]) -> int | None:
    """When a live CronJob last started a Job, or was created if it never did."""
    status = old.get("status")
    last = status.get("lastScheduleTime") if isinstance(status, dict) else None
    return epoch_of(str(last or old["metadata"].get("creationTimestamp")))


def _before(spec: CronSpec, at: float) -> int | None:
    """The last start of the old schedule before the apply, within a year and a day."""
    assert spec.schedule is not None
    for back in (3600, 86400, 8 * 86400, 32 * 86400, 400 * 86400):
        found = most_recent(spec.schedule, spec.zone, at - back, at, None).latest
        if found is not None:
            return found
    return None


def clock(seconds: float, at: float) -> str:
    """Return a time for a person, in UTC: without the date on the day of the apply."""
    text = rfc3339(seconds)
    day, _, time = text.removesuffix("Z").partition("T")
    short = time[:5] if time.endswith(":00") else time
    return f"{short} UTC" if day == rfc3339(at).partition("T")[0] else f"{day} {short} UTC"
