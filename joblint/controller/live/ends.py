"""When a live Job, or one of its Pods, is over: deadlines, the end of what is being stopped, the deletion by TTL.

Times are epoch seconds. Sources: Kubernetes 1.36.3 pkg/controller/job/job_controller.go, pkg/kubelet/active_deadline.go,
pkg/controller/ttlafterfinished; measured on live clusters.
"""

from __future__ import annotations

from joblint.controller.job.spec import mapping
from joblint.controller.live.objects import instant
from joblint.controller.live.states import NOTHING, NOTICED, SYNC, Next

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.job.spec import JobSpec
    from joblint.controller.live.pods import LivePod

_NOT_STARTED = 3.0
"""A Pod on a node whose containers have not started is deleted within this many seconds."""


def deleted(spec: JobSpec, condition: dict[str, Any], now: float) -> Next:
    """The TTL controller deletes a finished Job its TTL after the condition."""
    at = instant(condition.get("lastTransitionTime"))
    if spec.ttl is None or at is None:
        return NOTHING
    due = max(at + spec.ttl / 1000, now)
    return Next("job-deleted", due, due + SYNC, "ttlSecondsAfterFinished counts from the end of the Job")


def being_deleted(job: dict[str, Any], pods: tuple[LivePod, ...], now: float) -> Next | None:
    """Return when a Job that is deleted in the foreground is removed, which is after its Pods; None if it is not being
    deleted."""
    meta = mapping(job.get("metadata"))
    if instant(meta.get("deletionTimestamp")) is None:
        return None
    finalizers = meta.get("finalizers")
    if isinstance(finalizers, list) and set(finalizers) - {"foregroundDeletion", "orphan"}:
        return NOTHING  # it is not known when their owners remove these
    if any(p.silent(now) for p in pods):
        return NOTHING
    left = [p for p in pods if not p.over]
    latest = max([p.deleted if p.deleted is not None else now + p.grace for p in left], default=now)
    return Next("job-deleted", now, max(latest, now) + NOTICED, "it is being deleted, together with its Pods")


def ended(event: str, pods: tuple[LivePod, ...], now: float) -> Next:
    """The final condition follows the end of the last Pod that is still there."""
    left = [p for p in pods if not p.over]
    if not left:
        return Next(event, now, now + 2 * NOTICED, "every Pod has ended")
    if any(p.silent(now) for p in left):
        return NOTHING
    latest = max([p.deleted if p.deleted is not None else now + p.grace for p in left])
    return Next(event, now + SYNC, max(latest, now) + NOTICED, "when the last Pod has ended, within its grace period")


def deadline(spec: JobSpec, status: dict[str, Any], pods: tuple[LivePod, ...], now: float) -> Next | None:
    """activeDeadlineSeconds after status.startTime, and the end of the Pods that run then."""
    start = instant(status.get("startTime"))
    if spec.deadline is None or start is None:
        return None
    due = max(start + spec.deadline / 1000, now)
    left = [p for p in pods if not p.over]
    because = "activeDeadlineSeconds after status.startTime"
    if not left:
        return Next("job-failed", due, due + SYNC, because)
    if any(p.silent(now) for p in left):
        return None  # the Job has FailureTarget then, and becomes Failed only once somebody deletes the node
    on_nodes = [p for p in left if p.scheduled]
    if not on_nodes:
        return Next("job-failed", due + SYNC, due + 2 * NOTICED, because)
    grace = max(p.grace for p in on_nodes)
    if all(p.waits for p in on_nodes):
        # No container is there to be stopped: the kubelet lets the Pod go at once.
        return Next("job-failed", due + SYNC, due + min(grace, _NOT_STARTED) + NOTICED, because)
    if all(not p.runs for p in on_nodes):
        # Every container waits for its restart: nothing is there to be stopped, either.
        return Next("job-failed", due + SYNC, due + _NOT_STARTED + NOTICED, because)
    return Next("job-failed", due + SYNC, due + grace + NOTICED, because + ", once the Pods have stopped")


def pod_due(pod: LivePod, now: float) -> tuple[float, float] | None:
    """Return when a Pod that exceeds its own activeDeadlineSeconds ends, earliest and latest; None if it never does.

    A container that runs at that time has its grace period.
    """
    if pod.deadline is None or pod.started is None or pod.deleted is not None:
        return None
    due = max(pod.started + pod.deadline, now)
    return due, due + (pod.grace if pod.runs else 0.0)
