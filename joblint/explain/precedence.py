"""Which limit fails a failing Job first, and when each would by itself; knows the prediction, no output format."""

from __future__ import annotations

from joblint.base.durations import show_duration, show_span
from joblint.controller.job.simulate import GIVE_UP_AFTER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.trace import Run
    from joblint.controller.prediction.predict import Prediction
    from joblint.explain.explanation import Limit
    from joblint.rules.subject import Subject

_NEAR = 5
"""Seconds: two limits that are further apart are never due at the same moment."""

_MANY = 5000
"""With more Pods, a second simulation without the deadline takes too long."""

_ENOUGH = 5
"""If so many batches of Pods failed and none was counted, a podFailurePolicy ignores them: no limit is ever reached."""


def alone(p: Prediction, run: float) -> tuple[str, float] | None:
    """Return the field that fails a Job whose every attempt fails after `run` seconds if there is no deadline, and when
    (seconds); None if nothing does, or if it was not computed."""
    from joblint.controller.prediction.endings import BY_REASON

    found = p.tries(run)
    if p.deadline is None:
        reason, at = found.reason, found.ends_at
    elif len(found.begins) * found.at_once > _MANY or _none_counts(p, run):
        return None
    else:
        reason, at = p.without_deadline().failure(run)
    return None if reason is None or at is None else (BY_REASON.get(reason, ""), at)


def _none_counts(p: Prediction, run: float) -> bool:
    """Whether many attempts failed before the deadline, but no failure counts, except of the Pods that the deadline kills."""
    found = p.run("fail", run)
    return found.pods > _ENOUGH * p.at_once and found.final.failed <= p.at_once


def precedence(s: Subject, rows: tuple[Limit, ...], run: float) -> str:
    """Return which limit fails a Job if every attempt fails, and the limits that come later, in one sentence."""
    p = s.prediction
    if p.spec.managed_elsewhere or p.spec.suspend or not p.at_once or p.deadline == 0:
        return ""
    first = next((r for r in rows if r.wins), None)
    if first is None:
        if p.run("fail", run).outcome == "too-many":
            return far(p, p.run("fail", run)) or "unknown: there are too many Pods to simulate until a limit is reached"
        if s.pod.get("schedulingGates"):
            return "none: its Pods wait until their scheduling gates are removed, and waiting is not a failure"
        return "none: failing attempts are retried until somebody deletes the Job"
    known = {r.name: r.at for r in rows if r.at is not None and r.name != "ttlSecondsAfterFinished"}
    known.pop(first.name, None)
    ends = p.tries(run).ends
    text = first.name + (f" after {show_span(ends)}" if ends is not None else "")
    others = [f"{name} ({show_duration(t)})" for name, t in known.items()]
    if others:
        text += f", before {' and '.join(others)}"
        near = ends is not None and any(ends[0] - _NEAR <= t <= ends[1] + _NEAR for t in known.values())
        if p.deadline is not None and near:
            other = "backoffLimit" if "backoffLimit" in (first.name, *known) else ""
            text += f"; if both are due at the same moment, {other or 'the deadline'} applies"
    elif p.deadline is None:
        text += "; without activeDeadlineSeconds nothing limits a Pod that hangs or stays Pending"
    if p.ttl is not None:
        ttl = show_duration(p.ttl)
        text += f"; the TTL of {ttl} counts from the end of the Job" if p.ttl else "; the TTL of 0 then deletes the Job"
    return f"{text}; this assumes that every attempt fails"


def far(p: Prediction, found: Run) -> str:
    """Return which limit fails a Job that still retries when the simulation stops at 30 days, and when at the earliest; "" for
    any other."""
    if found.outcome != "too-many" or found.stopped_at < GIVE_UP_AFTER:
        return ""
    deadline = "" if p.deadline is None else f"activeDeadlineSeconds after {show_duration(p.deadline)}"
    if p.spec.per_index is not None:
        return deadline or f"backoffLimit, after more than {show_duration(GIVE_UP_AFTER)}"
    if p.deadline is not None and p.least_backoff >= p.deadline:
        return f"{deadline}, before backoffLimit (at least {show_duration(p.least_backoff)})"
    retries = f"backoffLimit after at least {show_duration(max(p.least_backoff, found.stopped_at))}"
    return f"{retries}, or {deadline}" if deadline else retries
