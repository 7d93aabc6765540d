"""One sync of the Job controller: counts Pods, finds the Job's end, makes and deletes Pods, writes the status.

Follows syncJob of Kubernetes 1.36.3, pkg/controller/job/job_controller.go, in its order of evaluation.
"""

from __future__ import annotations

from joblint.controller.job.backoff import BATCH, SECOND, pod_delay, whole_second
from joblint.controller.job.intervals import Indexes
from joblint.controller.job.pod import POD_FAILED, POD_SUCCEEDED, RUNNING
from joblint.controller.job.trace import Condition
from joblint.controller.job.world import NEVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.job.backoff import Record
    from joblint.controller.job.pod import Pod
    from joblint.controller.job.world import World

MOST_PODS_A_SYNC = 500
"""At most so many Pods are created, deleted or counted in one sync."""

LIMIT = ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
DEADLINE = ("DeadlineExceeded", "Job was active longer than specified deadline")
TOO_MANY_INDEXES = ("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes")
FAILED_INDEXES = ("FailedIndexes", "Job has failed indexes")
REACHED = ("CompletionsReached", "Reached expected number of succeeded pods")


_Written = tuple[int, "int | None", "int | None", int, int, tuple[Condition, ...]]


class _Sync:
    """What one sync finds out on its way. `failed` are the Pods newly over as failed, in order; `target` is the end that
    the Job is set on; `delayed` holds for each completion index in back-off the failed Pod that its next Pod replaces."""

    __slots__ = (
        "succeeded",
        "failed",
        "succeeded_count",
        "failed_count",
        "target",
        "delayed",
        "newly",
        "record",
        "failed_before",
    )

    def __init__(self) -> None:
        self.succeeded: list[Pod] = []
        self.failed: list[Pod] = []
        self.succeeded_count = 0
        self.failed_count = 0
        self.target: tuple[str, str, str] | None = None
        self.delayed: dict[int, Pod] = {}
        self.newly: set[int] = set()
        self.record: Record
        self.failed_before = -1


def sync(w: World) -> None:
    """Look at the Job once."""
    if w.finished_at is not None or not w.syncing:
        return
    refused = w.create_failures
    spec, status, now = w.spec, w.status, w.now
    before = _written(w)
    s = _Sync()
    _count(w, s)
    start = status.start
    if start is None and not spec.suspend:
        start = now  # used as it is in this sync, read back in whole seconds in the next
        status.start = w.pace.api(now)
    if s.succeeded or s.failed:
        s.record = w.record.after([p.finish for p in s.succeeded], [p.finished for p in s.failed])
    else:
        s.record = w.record
    _failure(w, s, start)
    if spec.indexed:
        _indexes(w, s)
    terminating = len(w.terminating)
    just_deleted: list[Pod] = []
    suspended_changed = False
    if s.target is not None:
        just_deleted = list(w.active.values())
        for pod in just_deleted:
            w.delete(pod)
        terminating += len(just_deleted)
    else:
        terminating += 0 if w.deleting else _manage(w, s)
        wanted = spec.completions
        complete = s.succeeded_count > 0 if wanted is None else s.succeeded_count >= wanted
        if complete and not w.active:
            s.target = ("SuccessCriteriaMet", *REACHED)
        else:
            suspended_changed = _suspension(w)
    status.active, status.ready, status.terminating = len(w.active), w.ready, terminating
    if w.create_failures == refused:
        w.create_failures = 0
    if s.target is None and not w.fresh and not suspended_changed:
        if _written(w) != before:
            _write(w, before)
        return
    _track(w, s, before, just_deleted, terminating)


def _count(w: World, s: _Sync) -> None:
    """Which Pods are newly over, and how many have succeeded and failed in all."""
    spec, status = w.spec, w.status
    if w.fresh:
        wanted = spec.completions
        for pod in w.fresh.values():
            if spec.indexed and wanted is not None and pod.index >= wanted:
                continue
            if pod.phase == POD_SUCCEEDED:
                s.succeeded.append(pod)
            elif pod.phase == POD_FAILED or not spec.only_failed:
                s.failed.append(pod)
    s.succeeded_count = status.succeeded + len(s.succeeded)
    if w.failure_policy is None:
        s.failed_count = status.failed + len(s.failed)
    else:
        s.failed_count = status.failed + sum([1 for p in s.failed if w.match(p).counts])


def _failure(w: World, s: _Sync, start: int | None) -> None:
    """An end decided earlier, then podFailurePolicy, back-off limit and deadline, in this order."""
    spec = w.spec
    if w.target is not None:
        s.target = (w.target.type, w.target.reason, w.target.message)
        return
    if w.failure_policy is not None:
        for pod in s.failed:
            message = w.match(pod).message
            if message is not None:
                s.target = ("FailureTarget", "PodFailurePolicy", message)
                return
    limit = spec.backoff_limit
    if s.failed_count > limit or (spec.on_failure and w.restarts >= max(1, limit)):
        s.target = ("FailureTarget", *LIMIT)
    elif spec.deadline is not None and start is not None and not spec.suspend:
        left = start + spec.deadline - w.now
        if left <= 0:
            s.target = ("FailureTarget", *DEADLINE)
        else:
            w.next_sync = min(w.next_sync, w.now + left)


def _indexes(w: World, s: _Sync) -> None:
    """Take newly succeeded and failed indexes in; the ends that depend on them."""
    spec, status = w.spec, w.status
    for pod in s.succeeded:
        if status.completed.add(pod.index):
            s.newly.add(pod.index)
            w.done.add(pod.index)
            w.forget_attempts(pod.index)
    s.succeeded_count = status.completed.total
    if spec.per_index is not None:
        if status.failed_indexes is None:
            status.failed_indexes = Indexes()
        else:
            s.failed_before = status.failed_indexes.total
        for pod in s.failed:
            match = w.match(pod)
            if match.action == "FailIndex" or (match.counts and pod.failures >= spec.per_index):
                status.failed_indexes.add(pod.index)
                w.done.add(pod.index)
        if s.target is None:
            failed = status.failed_indexes.total
            if spec.max_failed is not None and failed > spec.max_failed:
                s.target = ("FailureTarget", *TOO_MANY_INDEXES)
            elif failed and failed + status.completed.total >= (spec.completions or 0):
                s.target = ("FailureTarget", *FAILED_INDEXES)
        if s.failed:
            running = {p.index for p in w.active.values()}
            for pod in s.failed:
                if pod.index in running or pod.index in w.done:
                    continue
                known = s.delayed.get(pod.index)
                tries = pod.failures + pod.ignored
                if known is None or (known.failures + known.ignored <= tries and known.finished <= pod.finished):
                    s.delayed[pod.index] = pod
    if s.target is None and w.success_policy is not None:
        message = w.success_policy.match(status.completed)
        if message is not None:
            s.target = ("SuccessCriteriaMet", "SuccessPolicy", message)


def _manage(w: World, s: _Sync) -> int:
    """Make or delete Pods so that as many run as should; the number of Pods deleted."""
    spec = w.spec
    active = len(w.active)
    if spec.suspend:
        doomed = list(w.active.values())
    else:
        if spec.completions is None:
            wanted = active if s.succeeded_count else spec.parallelism
        else:
            wanted = max(0, min(spec.completions - s.succeeded_count, spec.parallelism))
        doomed = _surplus(w, max(0, active - wanted))[:MOST_PODS_A_SYNC]
    if doomed or spec.suspend:
        for pod in doomed:
            w.untrack(pod)
            w.delete(pod)
        return len(doomed)
    missing = wanted - active - (len(w.terminating) if spec.only_failed else 0)
    if missing <= 0:
        return 0
    if spec.per_index is None:
        wait = s.record.remaining(w.now)
        if wait:
            w.next_sync = min(w.next_sync, w.now + max(wait, BATCH))
            return 0
    missing = min(missing, MOST_PODS_A_SYNC)
    indexes: list[int] = []
    if spec.indexed:
        indexes = _first_pending(w, missing)
        if s.delayed:
            indexes, wait = _out_of_backoff(w, s, indexes)
            if wait:
                w.next_sync = min(w.next_sync, w.now + max(wait, BATCH))
        if not indexes:
            return 0
    row = 1 + max([pod.row for pod in (*s.succeeded, *s.failed, *s.delayed.values())], default=0)
    if w.admission is not None:
        missing = w.admitted(missing)
        indexes = indexes[:missing]
        if not missing:
            return 0
    w.create(indexes, missing, s.delayed, row)
    return 0


def _surplus(w: World, least: int) -> list[Pod]:
    """Active Pods to delete: indexes beyond the completions, then those that have come least far."""
    spec = w.spec
    doomed: list[Pod] = []
    if spec.indexed and w.active:
        end = spec.completions or 0
        doomed = [p for p in w.active.values() if p.index >= end]
    if len(doomed) < least:
        beyond = {p.n for p in doomed}
        rest = sorted([p for p in w.active.values() if p.n not in beyond], key=_progress)
        doomed += rest[: least - len(doomed)]
    return doomed


def _progress(pod: Pod) -> tuple[bool, bool, bool, int, int, int, int]:
    """Sort key: the Pod to give up first is unscheduled, pending, not ready, ready for the shortest time, often restarted,
    young; among equals the lowest index. Among equals without an index nothing is sure: the model takes the last one."""
    since = -pod.ready_since if pod.ready else 0
    last = pod.index if pod.index >= 0 else -pod.n
    return (not pod.pending, pod.phase == RUNNING, pod.ready, since, -pod.restarts, -whole_second(pod.created), last)


def _first_pending(w: World, count: int) -> list[int]:
    """The first indexes that have neither ended nor a Pod."""
    done, end = w.done, w.spec.completions or 0
    taken = {p.index for p in w.active.values()}
    if w.spec.only_failed:
        taken.update([p.index for p in w.terminating.values()])
    found: list[int] = []
    candidate = 0
    # Gaps between the intervals of indexes that are over, in order.
    for first, last in zip([*done.firsts, end], [*done.lasts, end], strict=True):
        while candidate < first and candidate < end:
            if candidate not in taken:
                found.append(candidate)
                if len(found) == count:
                    return found
            candidate += 1
        candidate = max(candidate, last + 1)
    return found


def _out_of_backoff(w: World, s: _Sync, indexes: list[int]) -> tuple[list[int], int]:
    """The indexes whose wait is over; where there is none, the shortest wait left in milliseconds."""
    ready: list[int] = []
    shortest = NEVER
    for index in indexes:
        last = s.delayed.get(index)
        wait = 0 if last is None else last.finished + pod_delay(last.failures + last.ignored + 1) - w.now
        if wait <= 0:
            ready.append(index)
        else:
            shortest = min(shortest, wait)
    return ready, 0 if ready or shortest == NEVER else shortest


def _suspension(w: World) -> bool:
    """Keep the condition Suspended right; every resume starts the deadline anew. Whether the condition changed."""
    conditions, now = w.status.conditions, w.now / SECOND
    at = next((i for i, c in enumerate(conditions) if c.type == "Suspended"), -1)
    if w.spec.suspend:
        if at >= 0 and conditions[at].status == "True":
            return False
        new = Condition("Suspended", "True", "JobSuspended", "Job suspended", now)
        if w.forgets_start:
            w.status.start = None
    else:
        if at < 0 or conditions[at].status == "False":
            return False
        new = Condition("Suspended", "False", "JobResumed", "Job resumed", now)
        w.status.start = w.pace.api(w.now)
    if at < 0:
        conditions.append(new)
    else:
        conditions[at] = new
    return True


def _track(w: World, s: _Sync, before: _Written, just_deleted: list[Pod], terminating: int) -> None:
    """Count the Pods that are over, let them go, and write down the end once nothing stops any more."""
    spec, status, target = w.spec, w.status, s.target
    failing = target is not None and target[0] == "FailureTarget"
    pods = list(w.fresh.values())
    if target is not None:
        pods += [p for p in w.terminating.values() if p.tracked and p.n not in w.fresh]
    if spec.indexed:
        pods.sort(key=lambda p: (p.index, p.n))
    killed_now = {p.n for p in just_deleted}
    counted = 0
    full = False
    leaving: list[Pod] = []
    for pod in pods:
        succeeded = pod.phase == POD_SUCCEEDED
        counts_as_failed = pod.phase == POD_FAILED or (not succeeded and pod.deleted >= 0 and not spec.only_failed)
        over = counts_as_failed and pod.n not in killed_now
        if target is None and not succeeded and (not over or s.delayed.get(pod.index) is pod):
            continue
        leaving.append(pod)
        known = not spec.indexed or pod.index < (spec.completions or 0)
        if succeeded:
            if not spec.indexed:
                status.succeeded += 1
                counted += 1
            elif pod.index in s.newly:
                counted += 1
        elif (over or failing) and known and w.match(pod).counts:
            status.failed += 1
            counted += 1
        if counted >= MOST_PODS_A_SYNC:
            full = True
            break
    if spec.indexed:
        status.succeeded = status.completed.total
    if target is not None and w.target is None:
        w.target = Condition(target[0], "True", target[1], target[2], w.now / SECOND)
        status.conditions.append(w.target)
    failed_indexes = status.failed_indexes.total if status.failed_indexes is not None else -1
    changed = counted > 0 or failed_indexes != s.failed_before or _written(w) != before
    if changed:
        w.record = s.record
    for pod in leaving:
        w.untrack(pod)
    if target is not None and not full and not terminating:
        ended = Condition("Failed" if failing else "Complete", "True", target[1], target[2], w.now / SECOND)
        status.conditions.append(ended)
        w.finished_at = w.now
        w.next_sync = NEVER
        if not failing:
            status.completion = w.pace.api(w.now)
        changed = True
    if changed:
        _write(w, before)


def _written(w: World) -> _Written:
    """The parts of the status whose change is an event."""
    status = w.status
    return (status.active, status.ready, status.terminating, status.succeeded, status.failed, tuple(status.conditions))


def _write(w: World, before: _Written) -> None:
    """Tell what changed in the status; the Job is looked at again in a second."""
    after = _written(w)
    detail: dict[str, Any] = {}
    for name, old, new in zip(("active", "ready", "terminating", "succeeded", "failed"), before, after, strict=False):
        if old != new:
            detail[name] = new
    if after[5] != before[5]:
        detail["conditions"] = [c.as_dict() for c in w.status.conditions]
    if detail:
        w.emit("status", None, detail)
    w.wake()
