"""The state of a live Job and what comes next, if the containers that run go on running and what is missing stays so.

Times are epoch seconds. Sources: Kubernetes 1.36.3 pkg/controller/job/job_controller.go and backoff_utils.go, pkg/kubelet
(completeWork, crash-loop back-off), pkg/controller/ttlafterfinished; measured on live clusters.
"""

from __future__ import annotations

from joblint.base.record import record
from joblint.controller.job.backoff import BATCH, SECOND, pod_delay, restart_delay
from joblint.controller.job.spec import JobSpec, mapping
from joblint.controller.live.objects import Owned, event_time, instant, listing
from joblint.controller.live.pods import LivePod, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SYNC = BATCH / SECOND
"""The controller batches its work by so many seconds."""

NOTICED = 1.5
"""After a Pod is gone the Job's condition comes within so many seconds."""


@record
class Next:
    """The next event: pod-created, container-restarted, job-failed, job-complete, job-deleted, job-created or none; `at` and
    `latest` are its earliest and latest time (None where none can be told), `because` says what it follows from."""

    event: str
    at: float | None = None
    latest: float | None = None
    because: str = ""


@record
class Live:
    """Where an object stands. `state` is pending, running, backoff, create-refused, suspended, paused, ending, complete, failed,
    unmanaged; of a CronJob scheduled, active, suspended or never-fires. `why` says from what that follows."""

    now: float
    state: str
    next: Next
    why: str = ""
    pods: tuple[LivePod, ...] = ()


NOTHING = Next("none")


def back_off(failures: int) -> float:
    """Seconds from the last of so many failures to the next Pod."""
    return pod_delay(failures) / SECOND


def state_of(owned: Owned, now: float) -> Live:
    """Where a Job stands at an instant."""
    job = owned.job
    spec = JobSpec(job)
    status = mapping(job.get("status"))
    pods = tuple(sorted([read(p) for p in owned.pods], key=lambda p: p.created))
    conditions = {str(c.get("type")): c for c in listing(status.get("conditions")) if c.get("status") == "True"}
    if spec.managed_elsewhere:
        return Live(now, "unmanaged", NOTHING, "managedBy names another controller", pods)
    for kind, state in (("Complete", "complete"), ("Failed", "failed")):
        if kind in conditions:
            return Live(now, state, _deleted(spec, conditions[kind], now), _said(conditions[kind]), pods)
    for kind, event in (("FailureTarget", "job-failed"), ("SuccessCriteriaMet", "job-complete")):
        if kind in conditions:
            return Live(now, "ending", _ended(event, pods, now), _said(conditions[kind]), pods)
    if spec.suspend:
        return Live(now, "suspended", NOTHING, "spec.suspend is true", pods)
    return _unfinished(owned, spec, status, pods, now)


def _unfinished(owned: Owned, spec: JobSpec, status: dict[str, Any], pods: tuple[LivePod, ...], now: float) -> Live:
    deadline = _deadline(spec, status, pods)
    active = [p for p in pods if p.active]
    if spec.parallelism == 0:
        return Live(now, "paused", _first(deadline), "parallelism is 0", pods)
    nexts = [deadline] if deadline is not None else []
    waits = _back_off(spec, status, pods, active, now)
    restart = _restart(spec, active, now)
    pod_end = _pod_deadline(spec, status, active)
    refused = _refused(owned, pods, spec, active)
    if waits is not None and refused is None:
        return Live(now, "backoff", _first(*nexts, waits), waits.because, pods)
    if restart is not None:
        return Live(now, "backoff", _first(*nexts, restart), restart.because, pods)
    if pod_end is not None:
        nexts.append(pod_end)
    if refused is not None:
        return Live(now, "create-refused", _first(*nexts), refused, pods)
    if active and all(p.waits for p in active):
        why = next((p.why for p in active if p.why), "no container has started")
        return Live(now, "pending", _first(*nexts), why, pods)
    if not active and any(p.deleted is not None and not p.over for p in pods):
        return Live(now, "running", _first(*nexts), "a Pod is being deleted", pods)
    return Live(now, "running" if active else "pending", _first(*nexts), "", pods)


def _first(*events: Next | None) -> Next:
    """The event that comes first."""
    found = [e for e in events if e is not None and e.at is not None]
    return min(found, key=lambda e: e.at or 0.0) if found else NOTHING


def _said(condition: dict[str, Any]) -> str:
    return f"{condition.get('reason')}: {condition.get('message')}"


def _deleted(spec: JobSpec, condition: dict[str, Any], now: float) -> Next:
    """The TTL controller deletes a finished Job its TTL after the condition."""
    at = instant(condition.get("lastTransitionTime"))
    if spec.ttl is None or at is None:
        return NOTHING
    due = max(at + spec.ttl / 1000, now)
    return Next("job-deleted", due, due + SYNC, "ttlSecondsAfterFinished after its end")


def _ended(event: str, pods: tuple[LivePod, ...], now: float) -> Next:
    """The final condition follows the end of the last Pod that is still there."""
    left = [p for p in pods if not p.over]
    latest = max([p.deleted if p.deleted is not None else now + p.grace for p in left], default=now)
    if not left:
        return Next(event, now, now + 2 * NOTICED, "every Pod has ended")
    return Next(event, now + SYNC, max(latest, now) + NOTICED, "when the last Pod is gone, within its grace period")


def _deadline(spec: JobSpec, status: dict[str, Any], pods: tuple[LivePod, ...]) -> Next | None:
    """activeDeadlineSeconds after status.startTime, and the end of the Pods that run then."""
    start = instant(status.get("startTime"))
    if spec.deadline is None or start is None:
        return None
    due = start + spec.deadline / 1000
    left = [p for p in pods if not p.over]
    because = "activeDeadlineSeconds after status.startTime"
    if not left:
        return Next("job-failed", due, due + SYNC, because)
    on_nodes = [p for p in left if p.scheduled]
    if not on_nodes:
        return Next("job-failed", due + SYNC, due + 2 * NOTICED, because)
    grace = max(p.grace for p in on_nodes)
    if all(p.waits for p in on_nodes):
        # No container is there to be stopped: the kubelet lets the Pod go at once.
        return Next("job-failed", due + SYNC, due + min(grace, 3.0) + NOTICED, because)
    return Next("job-failed", due + SYNC, due + grace + NOTICED, because + ", once the Pods have stopped")


def _wanted(spec: JobSpec, status: dict[str, Any], pods: tuple[LivePod, ...]) -> int:
    """How many Pods the controller wants to be active."""
    succeeded = _succeeded(status, pods)
    if spec.completions is None:
        return 0 if succeeded else spec.parallelism
    return max(0, min(spec.parallelism, spec.completions - succeeded))


def _succeeded(status: dict[str, Any], pods: tuple[LivePod, ...]) -> int:
    counted = status.get("succeeded")
    here = sum(1 for p in pods if p.phase == "Succeeded")
    return max(counted if isinstance(counted, int) else 0, here)


def _back_off(spec: JobSpec, status: dict[str, Any], pods: tuple[LivePod, ...], active: list[LivePod], now: float) -> Next | None:
    """The next Pod, where one is missing and its back-off is not over; None where none is missing or none has failed."""
    if spec.per_index is not None:
        return _index_back_off(spec, status, pods, now)
    # A Pod that is being deleted holds its place until it has ended, under podReplacementPolicy Failed.
    holding = [p for p in pods if p.deleted is not None and not p.over and spec.only_failed]
    missing = _wanted(spec, status, pods) - len(active)
    if missing <= 0:
        return None
    last = max([p.finished or 0.0 for p in pods if p.phase == "Succeeded"], default=0.0)
    failed = [p for p in pods if p.phase == "Failed" or (p.deleted is not None and not p.over and not spec.only_failed)]
    since = [p.finished for p in failed if p.finished is not None and p.finished > last]
    if holding:
        latest = max(p.deleted or now for p in holding)
        wait = back_off(len(since) + 1)
        because = "the back-off begins once the deleted Pod has ended"
        low = min(latest, max(now, min((p.deleted or now) - p.grace for p in holding)))
        return Next("pod-created", low + wait, latest + wait + SYNC, because)
    if not since:
        return None
    delay = back_off(len(since))
    due = max(since) + delay
    n = len(since)
    because = f"back-off of {delay:g} s after {'one failure' if n == 1 else f'{n} failures in a row'}, from the last one's finish"
    if due <= now - 3 * SYNC:
        return None
    return Next("pod-created", max(due, now), max(due, now) + SYNC, because)


def _index_back_off(spec: JobSpec, status: dict[str, Any], pods: tuple[LivePod, ...], now: float) -> Next | None:
    """The earliest of the indexes that wait, each on its own clock."""
    over = _indexes(status.get("completedIndexes")) | _indexes(status.get("failedIndexes"))
    latest: dict[int, LivePod] = {}
    for pod in pods:
        if pod.index is not None:
            latest[pod.index] = pod  # pods are in the order of their creation
    found: list[Next] = []
    for index, pod in latest.items():
        if index in over or pod.phase != "Failed" or pod.finished is None or pod.failures >= (spec.per_index or 0):
            continue
        delay = back_off(pod.failures + 1)
        due = max(pod.finished + delay, now)
        because = f"index {index}: back-off of {delay:g} s after its {pod.failures + 1}. failure"
        found.append(Next("pod-created", due, due + SYNC, because))
    return min(found, key=lambda e: e.at or 0.0) if found else None


def _indexes(text: Any) -> frozenset[int]:
    """The indexes of a list such as 1,3-5; of a very long range only its ends."""
    found: set[int] = set()
    for part in str(text or "").split(","):
        low, dash, high = part.partition("-")
        if low.isdecimal():
            first = int(low)
            last = int(high) if dash and high.isdecimal() else first
            found.update(range(first, min(last, first + 100_000) + 1))
    return frozenset(found)


def _restart(spec: JobSpec, active: list[LivePod], now: float) -> Next | None:
    """The kubelet restarts a failed container after 0, 10, 20, 40 … 300 s, and up to half as long again, of at most 60 s."""
    found: list[Next] = []
    for pod in active:
        if not spec.on_failure and not any(c.restarts for c in pod.crashed):
            continue
        for container in pod.crashed:
            if container.finished is None or container.code == 0:
                continue
            k = container.restarts
            delay = restart_delay(k) / SECOND
            low = container.finished + delay
            high = low + max(0.5 * min(delay, 60.0), SYNC)
            if high < now - SYNC:
                continue
            because = f"container {container.name}: back-off of {delay:g} s after {k} restart{'' if k == 1 else 's'}"
            found.append(Next("container-restarted", max(low, now), max(high, now + SYNC), because))
    return min(found, key=lambda e: e.at or 0.0) if found else None


def _pod_deadline(spec: JobSpec, status: dict[str, Any], active: list[LivePod]) -> Next | None:
    """What follows when a Pod passes its own activeDeadlineSeconds: the Job's end, or the next Pod after the back-off."""
    found: list[Next] = []
    counted = status.get("failed")
    failed = counted if isinstance(counted, int) else 0
    for pod in active:
        if pod.deadline is None or pod.started is None:
            continue
        due = pod.started + pod.deadline
        high = due + pod.grace + NOTICED
        if failed + 1 > spec.backoff_limit:
            found.append(Next("job-failed", due + SYNC, high + NOTICED, "the Pod's own activeDeadlineSeconds"))
        else:
            wait = back_off(failed + 1)
            found.append(
                Next("pod-created", due + wait, high + wait + SYNC, "the Pod's own activeDeadlineSeconds, then its back-off")
            )
    return min(found, key=lambda e: e.at or 0.0) if found else None


def _refused(owned: Owned, pods: tuple[LivePod, ...], spec: JobSpec, active: list[LivePod]) -> str | None:
    """The message of the last FailedCreate, where no Pod was created after it; None where none was refused."""
    uid = mapping(owned.job.get("metadata")).get("uid")
    last: tuple[float, str] | None = None
    for event in owned.events:
        about = mapping(event.get("involvedObject") or event.get("regarding"))
        if event.get("reason") == "FailedCreate" and about.get("kind") == "Job" and about.get("uid") in (uid, None):
            at = event_time(event)
            if last is None or at >= last[0]:
                last = (at, str(event.get("message") or event.get("note") or ""))
    newest = max([p.created for p in pods], default=0.0)
    missing = _wanted(spec, mapping(owned.job.get("status")), pods) - len(active) > 0
    return last[1] if last is not None and missing and last[0] >= newest else None
