"""What a live Pod reports about itself: whether it is over, runs, waits or is being deleted, and when its containers ended.

Source: Kubernetes 1.36.3 pkg/controller/job/backoff_utils.go (getFinishedTime), pkg/controller/job/job_controller.go.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.controller.job.spec import mapping, number
from joblint.controller.live.objects import instant, listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

GRACE = 30.0
"""The default terminationGracePeriodSeconds, in seconds."""

LONGEST_SILENCE = 10.0
"""A Pod that still exists this many seconds after its grace period is on a node that does not respond."""

INDEX = "batch.kubernetes.io/job-completion-index"
FAILURES = "batch.kubernetes.io/job-index-failure-count"
IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count"
UNREACHABLE = ("node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready")


class LiveContainer(Record):
    """A container: `running`; when it last `finished` (None: never); its exit `code`, waiting `reason`, restarts so far. `role`
    is main, init or sidecar, `policy` the restartPolicy that applies to it."""

    name: str
    running: bool
    finished: float | None
    code: int | None
    reason: str
    message: str
    restarts: int
    role: str
    policy: str

    @property
    def again(self) -> bool:
        """Whether the kubelet will start it again after its end."""
        if self.running or self.finished is None:
            return False
        if self.policy == "Always":
            return True
        return self.code != 0 and (self.policy == "OnFailure" or self.restarts > 0)


class LivePod(Record):
    """A Pod: `phase`, the end of its grace period (`deleted`, None if it is not being deleted), when it `finished`, as the Job
    controller computes it. `unreachable` is since when its node has not responded (None: it responds), and `tolerates` how many
    seconds it is then kept (None: indefinitely). `conditions` are (type, status). Times are epoch seconds."""

    name: str
    phase: str
    created: float
    started: float | None
    deleted: float | None
    grace: float
    finished: float | None
    index: int | None
    failures: int
    ignored: int
    scheduled: bool
    gated: bool
    why: str
    containers: tuple[LiveContainer, ...]
    deadline: int | None
    unreachable: float | None
    tolerates: float | None
    conditions: tuple[tuple[str, str], ...] = ()

    @property
    def over(self) -> bool:
        """Whether it has ended: Succeeded or Failed."""
        return self.phase in ("Succeeded", "Failed")

    @property
    def active(self) -> bool:
        """Return whether the controller counts it as active: not ended, and not being deleted."""
        return not self.over and self.deleted is None

    @property
    def runs(self) -> bool:
        """Whether one of its containers runs."""
        return any(c.running for c in self.containers)

    @property
    def waits(self) -> bool:
        """Whether none of its containers runs, has failed or has done its work; init containers may have."""
        if self.phase != "Pending" or self.runs or self.crashed:
            return False
        return all(c.finished is None for c in self.containers if c.role == "main")

    @property
    def crashed(self) -> tuple[LiveContainer, ...]:
        """The containers that the kubelet will restart: ended, in a Pod that is not over."""
        return () if self.over else tuple([c for c in self.containers if c.again])

    def silent(self, now: float) -> bool:
        """Whether nothing will be heard of its end: its node does not respond."""
        return self.unreachable is not None or (
            self.deleted is not None and not self.over and self.deleted < now - LONGEST_SILENCE
        )


def read(pod: dict[str, Any]) -> LivePod:
    """A Pod as `kubectl get -o json` shows it."""
    meta, spec, status = mapping(pod.get("metadata")), mapping(pod.get("spec")), mapping(pod.get("status"))
    annotations = mapping(meta.get("annotations"))
    grace = number(meta.get("deletionGracePeriodSeconds"))
    if grace is None:
        grace = number(spec.get("terminationGracePeriodSeconds"))
    seconds = GRACE if grace is None else float(grace)
    deleted = instant(meta.get("deletionTimestamp"))
    policy = str(spec.get("restartPolicy") or "Never")
    containers = []
    for key, part, role in (("initContainerStatuses", "initContainers", "init"), ("containerStatuses", "containers", "main")):
        known = {str(c.get("name")): c for c in listing(spec.get(part))}
        containers += [_container(c, known.get(str(c.get("name")), {}), role, policy) for c in listing(status.get(key))]
    phase = str(status.get("phase") or "Pending")
    created = instant(meta.get("creationTimestamp")) or 0.0
    conditions = {str(c.get("type")): c for c in listing(status.get("conditions"))}
    finished = None
    if phase in ("Succeeded", "Failed") or deleted is not None or not any(c.running for c in containers):
        finished = _finished(status, containers, conditions)
        if finished is None and phase in ("Succeeded", "Failed"):
            finished = created if deleted is None else deleted - seconds
        elif finished is None and deleted is not None:
            finished = deleted - seconds
    unscheduled = mapping(conditions.get("PodScheduled"))
    reason = str(unscheduled.get("reason") or "")
    return LivePod(
        name=str(meta.get("name") or ""),
        phase=phase,
        created=created,
        started=instant(status.get("startTime")),
        deleted=deleted,
        grace=seconds,
        finished=finished,
        index=_digits(annotations.get(INDEX)),
        failures=_digits(annotations.get(FAILURES)) or 0,
        ignored=_digits(annotations.get(IGNORED)) or 0,
        scheduled=bool(spec.get("nodeName")) or unscheduled.get("status") == "True",
        gated=reason == "SchedulingGated",
        why=_why(phase, unscheduled, containers),
        containers=tuple(containers),
        deadline=number(spec.get("activeDeadlineSeconds")),
        unreachable=_unreachable(phase, conditions),
        tolerates=_tolerates(spec),
        conditions=tuple([(kind, str(one.get("status"))) for kind, one in conditions.items()]),
    )


def _digits(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def _finished(status: dict[str, Any], containers: list[LiveContainer], conditions: dict[str, dict[str, Any]]) -> float | None:
    """When a Pod has finished, as the Job controller has it: the end of its last container, if main ones and sidecars have all
    ended, or else since when it is not ready; None where neither is known (getFinishedTime)."""
    ends: list[float] = []
    for key in ("containerStatuses", "initContainerStatuses"):
        for one in listing(status.get(key)):
            role = next((c.role for c in containers if c.name == str(one.get("name"))), "main")
            if role == "init":
                continue
            at = instant(mapping(mapping(one.get("state")).get("terminated")).get("finishedAt"))
            if at is None:
                ends = []
                break
            ends.append(at)
    if ends:
        return max(ends)
    ready = mapping(conditions.get("Ready"))
    return instant(ready.get("lastTransitionTime")) if ready.get("status") == "False" else None


def _unreachable(phase: str, conditions: dict[str, dict[str, Any]]) -> float | None:
    """Since when nothing is heard of a Pod's node: then the node controller, which knows nothing of its containers, marks the
    Pod as not ready (pkg/controller/util/node/controller_utils.go, MarkPodsNotReady)."""
    ready = mapping(conditions.get("Ready"))
    if phase != "Running" or ready.get("status") != "False" or ready.get("reason") == "ReadinessGatesNotReady":
        return None
    if mapping(conditions.get("ContainersReady")).get("status") != "True":
        return None
    return instant(ready.get("lastTransitionTime"))


def _tolerates(spec: dict[str, Any]) -> float | None:
    """How many seconds a Pod stays on a node that does not respond; None: permanently."""
    found: list[float] = []
    for toleration in listing(spec.get("tolerations")):
        if toleration.get("key") in (*UNREACHABLE, None) and toleration.get("effect") in ("NoExecute", None):
            seconds = number(toleration.get("tolerationSeconds"))
            if seconds is None:
                return None
            found.append(float(seconds))
    return min(found, default=0.0)


def _why(phase: str, scheduled: dict[str, Any], containers: list[LiveContainer]) -> str:
    """What a Pod waits for, in the words of its conditions and containers; "" if it does not wait."""
    if phase != "Pending":
        return ""
    if scheduled.get("status") == "False":
        return str(scheduled.get("message") or scheduled.get("reason") or "it is not scheduled")
    for container in containers:
        if container.reason:
            return f"{container.reason}: {container.message}" if container.message else container.reason
    return ""


def _container(status: dict[str, Any], spec: dict[str, Any], role: str, policy: str) -> LiveContainer:
    state, last = mapping(status.get("state")), mapping(status.get("lastState"))
    ended = mapping(state.get("terminated")) or mapping(last.get("terminated"))
    waiting = mapping(state.get("waiting"))
    own = spec.get("restartPolicy")
    return LiveContainer(
        name=str(status.get("name") or ""),
        running="running" in state,
        finished=instant(ended.get("finishedAt")) if "running" not in state else None,
        code=number(ended.get("exitCode")),
        reason=str(waiting.get("reason") or ""),
        message=str(waiting.get("message") or ""),
        restarts=number(status.get("restartCount")) or 0,
        role="sidecar" if role == "init" and own == "Always" else role,
        policy=str(own or policy),
    )
