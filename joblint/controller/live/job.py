"""The state of a live Job and what comes next, if running containers keep running and missing objects stay missing.

Times are epoch seconds. Source: Kubernetes 1.36.3 pkg/controller/job/job_controller.go (syncJob).
"""

from __future__ import annotations

from joblint.controller.job.spec import JobSpec, mapping
from joblint.controller.live.ends import being_deleted, deadline, deleted, ended
from joblint.controller.live.objects import event_time, instant, listing
from joblint.controller.live.pods import LivePod, read
from joblint.controller.live.states import NOTHING, NOTICED, SYNC, Live, Next, first
from joblint.controller.live.waits import Waits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.live.objects import Owned


_SEEN = 10.0
"""Within so many seconds the controller has seen a new Job."""

_UNTOLD = ("", "ContainerCreating", "PodInitializing")
"""Waiting reasons that do not say what for."""


def state_of(owned: Owned, now: float) -> Live:
    """Where a Job is at an instant."""
    job = owned.job
    spec = JobSpec(job)
    pods = tuple(sorted(_pods(owned), key=lambda p: p.created))
    conditions = _conditions(job)
    leaves = being_deleted(job, pods, now)
    for kind, state in (("Complete", "complete"), ("Failed", "failed")):
        if kind in conditions:
            return Live(now, state, leaves or deleted(spec, conditions[kind], now), _said(conditions[kind]), pods)
    if leaves is not None:
        return Live(now, "ending", leaves, "somebody has deleted it", pods)
    if spec.managed_elsewhere:
        return Live(now, "unmanaged", NOTHING, "managedBy specifies another controller", pods)
    for kind, event in (("FailureTarget", "job-failed"), ("SuccessCriteriaMet", "job-complete")):
        if kind in conditions:
            return Live(now, "ending", ended(event, pods, now), _said(conditions[kind]), pods)
    if spec.suspend:
        return Live(now, "suspended", NOTHING, "spec.suspend is true", pods)
    return _unfinished(owned, spec, pods, now)


def end_of(owned: Owned, now: float) -> Next | None:
    """Return when an unfinished Job ends by itself, if its containers keep running; None if nothing ends it."""
    spec = JobSpec(owned.job)
    pods = tuple(_pods(owned))
    live = state_of(owned, now)
    if live.next.event in ("job-failed", "job-complete", "job-deleted") and live.state not in ("complete", "failed"):
        return live.next
    if live.state in ("suspended", "unmanaged", "ending"):
        return None
    return deadline(spec, mapping(owned.job.get("status")), pods, now)


def _pods(owned: Owned) -> list[LivePod]:
    return [pod if isinstance(pod, LivePod) else read(pod) for pod in owned.pods]


def _conditions(job: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The conditions that are true, by type."""
    found = listing(mapping(job.get("status")).get("conditions"))
    return {str(c.get("type")): c for c in found if c.get("status") == "True"}


def _is_new(job: dict[str, Any], now: float) -> bool:
    """Whether a Job was created just now, and the controller has written nothing of it."""
    created = instant(mapping(job.get("metadata")).get("creationTimestamp"))
    return created is not None and now - created < _SEEN and not mapping(job.get("status")).get("startTime")


def _unfinished(owned: Owned, spec: JobSpec, pods: tuple[LivePod, ...], now: float) -> Live:
    ends = deadline(spec, mapping(owned.job.get("status")), pods, now)
    if spec.parallelism == 0:
        return Live(now, "paused", first(ends), "parallelism is 0", pods)
    waits = Waits(owned, spec, pods, now)
    active, refused = waits.active, waits.refused()
    counted = mapping(owned.job.get("status")).get("active")
    if refused is None and not pods and _is_new(owned.job, now):
        return Live(now, "pending", Next("pod-created", now, now + SYNC, "the controller has not seen it yet"), "", pods)
    rule = waits.fails()
    if rule or refused is None and waits.exceeded():
        latest = max([now, *[now + p.grace for p in active if p.runs]])
        because = f"PodFailurePolicy: {rule}" if rule else "more failures than its limits allow"
        return Live(now, "running", Next("job-failed", now, latest + 2 * NOTICED, because), "", pods)
    met = waits.succeeds()
    if met and (ends is None or ends.at is None or ends.at > now + SYNC):  # the deadline comes first
        latest = max([now, *[now + p.grace for p in active if p.runs]])
        return Live(now, "running", Next("job-complete", now, latest + 2 * NOTICED, f"SuccessPolicy: {met}"), "", pods)
    if not pods and refused is None and isinstance(counted, int) and counted > 0:
        return Live(now, "running", first(ends), "its Pods are not in the input", pods)
    others = [ends, waits.pod_deadlines(), waits.evicted()]
    if refused is None:
        created, restarted = waits.next_pod(), waits.restart()
        if created is not None or restarted is not None:
            coming = first(created, restarted)
            return Live(now, "backoff", first(*others, coming), coming.because, pods)
    if waits.done():
        return Live(now, "running", Next("job-complete", now, now + 2 * NOTICED, "all required Pods have succeeded"), "", pods)
    if refused is not None:
        return Live(now, "create-refused", first(*others, waits.restart()), refused, pods)
    if active and all(p.waits for p in active):
        why = next((p.why for p in active if p.why), "")
        if why in _UNTOLD:
            why = _warning(owned, active) or why or "no container has started"
        return Live(now, "pending", first(*others), why, pods)
    if any(p.unreachable is not None for p in active):
        return Live(now, "running", first(*others), "the node of a Pod does not respond", pods)
    if not active and any(p.deleted is not None and not p.over for p in pods):
        return Live(now, "running", first(*others), "a Pod is being deleted", pods)
    follows = waits.follows() if ends is None or ends.at is None or ends.at > now + SYNC else None  # the deadline comes first
    return Live(now, "running" if active else "pending", first(*others, follows), "", pods)


def _warning(owned: Owned, pods: list[LivePod]) -> str:
    """The last warning about one of the Pods: only events show what a container waits for; "" if there is none."""
    names = {p.name for p in pods}
    found = []
    for event in owned.events:
        about = mapping(event.get("involvedObject") or event.get("regarding"))
        if event.get("type") == "Warning" and about.get("kind") == "Pod" and about.get("name") in names:
            found.append((event_time(event), f"{event.get('reason')}: {event.get('message') or event.get('note') or ''}"))
    return max(found)[1] if found else ""


def _said(condition: dict[str, Any]) -> str:
    return f"{condition.get('reason')}: {condition.get('message')}"
