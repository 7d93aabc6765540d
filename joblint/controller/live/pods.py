"""What a live Pod tells of itself: whether it is over, runs, waits or is being deleted, and when its containers ended.

Source: Kubernetes 1.36.3 pkg/controller/job/backoff_utils.go (getFinishedTime), pkg/controller/job/job_controller.go.
"""

from __future__ import annotations

from joblint.base.record import record
from joblint.controller.job.spec import mapping, number
from joblint.controller.live.objects import instant, listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

GRACE = 30.0
"""terminationGracePeriodSeconds where the Pod sets none, in seconds."""

INDEX = "batch.kubernetes.io/job-completion-index"
FAILURES = "batch.kubernetes.io/job-index-failure-count"


@record
class LiveContainer:
    """A container: `running`; when it `finished` last (None: never); its exit `code`, `reason` of waiting, restarts so far."""

    name: str
    running: bool
    finished: float | None
    code: int | None
    reason: str
    message: str
    restarts: int


@record
class LivePod:
    """A Pod: `phase`, when it is to be gone by (`deleted`, None where nobody deletes it), when it `finished` (for back-off)."""

    name: str
    phase: str
    created: float
    started: float | None
    deleted: float | None
    grace: float
    finished: float | None
    index: int | None
    failures: int
    scheduled: bool
    gated: bool
    why: str
    containers: tuple[LiveContainer, ...]
    deadline: int | None

    @property
    def over(self) -> bool:
        """Whether it has ended: Succeeded or Failed."""
        return self.phase in ("Succeeded", "Failed")

    @property
    def active(self) -> bool:
        """Whether the controller counts it as active: not over, and nobody deletes it."""
        return not self.over and self.deleted is None

    @property
    def waits(self) -> bool:
        """Whether none of its containers has ever run."""
        return self.phase == "Pending" and not any(c.running or c.finished is not None for c in self.containers)

    @property
    def crashed(self) -> tuple[LiveContainer, ...]:
        """The containers that the kubelet will restart: ended, in a Pod that is not over."""
        if self.over:
            return ()
        return tuple([c for c in self.containers if not c.running and c.finished is not None and (c.restarts > 0 or c.code != 0)])


def read(pod: dict[str, Any]) -> LivePod:
    """A Pod as `kubectl get -o json` shows it."""
    meta, spec, status = mapping(pod.get("metadata")), mapping(pod.get("spec")), mapping(pod.get("status"))
    annotations = mapping(meta.get("annotations"))
    grace = number(meta.get("deletionGracePeriodSeconds"))
    if grace is None:
        grace = number(spec.get("terminationGracePeriodSeconds"))
    deleted = instant(meta.get("deletionTimestamp"))
    containers = tuple(
        [_container(c) for key in ("initContainerStatuses", "containerStatuses") for c in listing(status.get(key))]
    )
    phase = str(status.get("phase") or "Pending")
    ends = [c.finished for c in containers if c.finished is not None]
    finished = None
    seconds = GRACE if grace is None else float(grace)
    if phase in ("Succeeded", "Failed"):
        finished = max(ends) if ends else _condition_time(status) or deleted or instant(meta.get("creationTimestamp"))
    elif deleted is not None:
        finished = deleted - seconds
    index, failures = annotations.get(INDEX), annotations.get(FAILURES)
    conditions = {str(c.get("type")): c for c in listing(status.get("conditions"))}
    unscheduled = mapping(conditions.get("PodScheduled"))
    reason = str(unscheduled.get("reason") or "")
    return LivePod(
        name=str(meta.get("name") or ""),
        phase=phase,
        created=instant(meta.get("creationTimestamp")) or 0.0,
        started=instant(status.get("startTime")),
        deleted=deleted,
        grace=seconds,
        finished=finished,
        index=_digits(index),
        failures=_digits(failures) or 0,
        scheduled=bool(spec.get("nodeName")) or unscheduled.get("status") == "True",
        gated=reason == "SchedulingGated",
        why=_why(phase, unscheduled, containers),
        containers=containers,
        deadline=number(spec.get("activeDeadlineSeconds")),
    )


def _digits(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def _condition_time(status: dict[str, Any]) -> float | None:
    times = [instant(c.get("lastTransitionTime")) for c in listing(status.get("conditions"))]
    return max([t for t in times if t is not None], default=None)


def _why(phase: str, scheduled: dict[str, Any], containers: tuple[LiveContainer, ...]) -> str:
    """What a Pod waits for, in the words of its conditions and containers; "" where it does not wait."""
    if phase != "Pending":
        return ""
    if scheduled.get("status") == "False":
        return str(scheduled.get("message") or scheduled.get("reason") or "it is not scheduled")
    for container in containers:
        if container.reason:
            return f"{container.reason}: {container.message}" if container.message else container.reason
    return ""


def _container(status: dict[str, Any]) -> LiveContainer:
    state, last = mapping(status.get("state")), mapping(status.get("lastState"))
    ended = mapping(state.get("terminated")) or mapping(last.get("terminated"))
    waiting = mapping(state.get("waiting"))
    return LiveContainer(
        name=str(status.get("name") or ""),
        running="running" in state,
        finished=instant(ended.get("finishedAt")) if "running" not in state else None,
        code=number(ended.get("exitCode")),
        reason=str(waiting.get("reason") or ""),
        message=str(waiting.get("message") or ""),
        restarts=number(status.get("restartCount")) or 0,
    )
