"""One sync of the Job controller: counts Pods, finds the Job's end, makes and deletes Pods, writes the status.

Follows syncJob of Kubernetes 1.36.3, pkg/controller/job/job_controller.go, in its order of evaluation.
"""

from __future__ import annotations

from joblint.controller.job.backoff import BATCH, SECOND, pod_delay
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
"""At most this many Pods are created, deleted or counted in one sync."""

LIMIT = ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
DEADLINE = ("DeadlineExceeded", "Job was active longer than specified deadline")
TOO_MANY_INDEXES = ("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes")
FAILED_INDEXES = ("FailedIndexes", "Job has failed indexes")
REACHED = ("CompletionsReached", "Reached expected number of succeeded pods")


_Written = tuple[int, "int | None", "int | None", int, int, tuple[Condition, ...]]


class _Tally:
    """The findings of one sync. `failed` are the Pods that are newly counted as failed, in order; `target` is the end that the
    Job is heading for; `delayed` contains, for each completion index in back-off, the failed Pod that its next Pod replaces."""

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


def sync(world: World) -> None:
    """Look at the Job once."""
    if world.finished_at is not None or not world.syncing:
        return
    refused = world.create_failures
    spec, status, now = world.spec, world.status, world.now
    before = _written(world)
    tally = _Tally()
    _count(world, tally)
    start = status.start
    if start is None and not spec.suspend:
        start = now  # used as it is in this sync, read back in whole seconds in the next
        status.start = world.pace.api(now)
    if tally.succeeded or tally.failed:
        tally.record = world.record.after([p.finish for p in tally.succeeded], [p.finished for p in tally.failed])
    else:
        tally.record = world.record
    _failure(world, tally, start)
    if spec.indexed:
        _indexes(world, tally)
    terminating = len(world.terminating)
    just_deleted: list[Pod] = []
    suspended_changed = False
    if tally.target is not None:
        just_deleted = list(world.active.values())
        for pod in just_deleted:
            world.delete(pod)
        terminating += len(just_deleted)
    else:
        terminating += 0 if world.deleting else _manage(world, tally)
        wanted = spec.completions
        complete = tally.succeeded_count > 0 if wanted is None else tally.succeeded_count >= wanted
        if complete and not world.active:
            tally.target = ("SuccessCriteriaMet", *REACHED)
        else:
            suspended_changed = _suspension(world)
    status.active, status.ready, status.terminating = len(world.active), world.ready, terminating
    if world.create_failures == refused:
        world.create_failures = 0
    if tally.target is None and not world.fresh and not suspended_changed:
        if _written(world) != before:
            _write(world, before)
        return
    _track(world, tally, before, just_deleted, terminating)


def _count(world: World, tally: _Tally) -> None:
    """Which Pods are newly over, and how many have succeeded and failed in all."""
    spec, status = world.spec, world.status
    if world.fresh:
        wanted = spec.completions
        for pod in world.fresh.values():
            if spec.indexed and wanted is not None and pod.index >= wanted:
                continue
            if pod.phase == POD_SUCCEEDED:
                tally.succeeded.append(pod)
            elif pod.phase == POD_FAILED or not spec.only_failed:
                tally.failed.append(pod)
    tally.succeeded_count = status.succeeded + len(tally.succeeded)
    if world.failure_policy is None:
        tally.failed_count = status.failed + len(tally.failed)
    else:
        tally.failed_count = status.failed + sum([1 for p in tally.failed if world.match(p).counts])


def _failure(world: World, tally: _Tally, start: int | None) -> None:
    """An end decided earlier, then podFailurePolicy, back-off limit and deadline, in this order."""
    spec = world.spec
    if world.target is not None:
        tally.target = (world.target.type, world.target.reason, world.target.message)
        return
    if world.failure_policy is not None:
        for pod in tally.failed:
            message = world.match(pod).message
            if message is not None:
                tally.target = ("FailureTarget", "PodFailurePolicy", message)
                return
    limit = spec.backoff_limit
    if tally.failed_count > limit or (spec.on_failure and world.restarts >= max(1, limit)):
        tally.target = ("FailureTarget", *LIMIT)
    elif spec.deadline is not None and start is not None and not spec.suspend:
        left = start + spec.deadline - world.now
        if left <= 0:
            tally.target = ("FailureTarget", *DEADLINE)
        else:
            world.next_sync = min(world.next_sync, world.now + left)


def _indexes(world: World, tally: _Tally) -> None:
    """Take newly succeeded and failed indexes in; the ends that depend on them."""
    spec, status = world.spec, world.status
    for pod in tally.succeeded:
        if status.completed.add(pod.index):
            tally.newly.add(pod.index)
            world.done.add(pod.index)
            world.forget_attempts(pod.index)
    tally.succeeded_count = status.completed.total
    if spec.per_index is not None:
        if status.failed_indexes is None:
            status.failed_indexes = Indexes()
        else:
            tally.failed_before = status.failed_indexes.total
        for pod in tally.failed:
            match = world.match(pod)
            if match.action == "FailIndex" or (match.counts and pod.failures >= spec.per_index):
                status.failed_indexes.add(pod.index)
                world.done.add(pod.index)
        if tally.target is None:
            failed = status.failed_indexes.total
            if spec.max_failed is not None and failed > spec.max_failed:
                tally.target = ("FailureTarget", *TOO_MANY_INDEXES)
            elif failed and failed + status.completed.total >= (spec.completions or 0):
                tally.target = ("FailureTarget", *FAILED_INDEXES)
        if tally.failed:
            running = {p.index for p in world.active.values()}
            for pod in tally.failed:
                if pod.index in running or pod.index in world.done:
                    continue
                known = tally.delayed.get(pod.index)
                tries = pod.failures + pod.ignored
                if known is None or (known.failures + known.ignored <= tries and known.finished <= pod.finished):
                    tally.delayed[pod.index] = pod
    if tally.target is None and world.success_policy is not None:
        message = world.success_policy.match(status.completed)
        if message is not None:
            tally.target = ("SuccessCriteriaMet", "SuccessPolicy", message)


def _manage(world: World, tally: _Tally) -> int:
    """Make or delete Pods so that as many run as should; the number of Pods deleted."""
    spec = world.spec
    active = len(world.active)
    if spec.suspend:
        doomed = list(world.active.values())
    else:
        if spec.completions is None:
            wanted = active if tally.succeeded_count else spec.parallelism
        else:
            wanted = max(0, min(spec.completions - tally.succeeded_count, spec.parallelism))
        doomed = _surplus(world, max(0, active - wanted))[:MOST_PODS_A_SYNC]
    if doomed or spec.suspend:
        for pod in doomed:
            world.untrack(pod)
            world.delete(pod)
        return len(doomed)
    missing = wanted - active - (len(world.terminating) if spec.only_failed else 0)
    if missing <= 0:
        return 0
    if spec.per_index is None:
        wait = tally.record.remaining(world.now)
        if wait:
            world.next_sync = min(world.next_sync, world.now + max(wait, BATCH))
            return 0
    missing = min(missing, MOST_PODS_A_SYNC)
    indexes: list[int] = []
    if spec.indexed:
        indexes = _first_pending(world, missing)
        if tally.delayed:
            indexes, wait = _out_of_backoff(world, tally, indexes)
            if wait:
                world.next_sync = min(world.next_sync, world.now + max(wait, BATCH))
        if not indexes:
            return 0
    row = 1 + max([pod.row for pod in (*tally.succeeded, *tally.failed, *tally.delayed.values())], default=0)
    if world.admission is not None:
        missing = world.admitted(missing)
        indexes = indexes[:missing]
        if not missing:
            return 0
    world.create(indexes, missing, tally.delayed, row)
    return 0


def _surplus(world: World, least: int) -> list[Pod]:
    """Active Pods to delete: indexes beyond the completions, then those that have come least far."""
    spec = world.spec
    doomed: list[Pod] = []
    if spec.indexed and world.active:
        end = spec.completions or 0
        doomed = [p for p in world.active.values() if p.index >= end]
    if len(doomed) < least:
        beyond = {p.n for p in doomed}
        rest = sorted([p for p in world.active.values() if p.n not in beyond], key=_progress)
        doomed += rest[: least - len(doomed)]
    return doomed


def _progress(pod: Pod) -> tuple[bool, bool, bool, int, int, int, int]:
    """Sort key: the Pod to give up first is unscheduled, pending, not ready, ready for the shortest time, often restarted,
    young; among equals the lowest index. Among equals without an index nothing is sure: the model takes the last one."""
    since = -pod.ready_since if pod.ready else 0
    last = pod.index if pod.index >= 0 else -pod.n
    return (not pod.pending, pod.phase == RUNNING, pod.ready, since, -pod.restarts, -pod.plan.pace.second(pod.created), last)


def _first_pending(world: World, count: int) -> list[int]:
    """The first indexes that have neither ended nor a Pod."""
    done, end = world.done, world.spec.completions or 0
    taken = {p.index for p in world.active.values()}
    if world.spec.only_failed:
        taken.update([p.index for p in world.terminating.values()])
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


def _out_of_backoff(world: World, tally: _Tally, indexes: list[int]) -> tuple[list[int], int]:
    """The indexes whose wait is over; if there are none, the shortest remaining wait in milliseconds."""
    ready: list[int] = []
    shortest = NEVER
    for index in indexes:
        last = tally.delayed.get(index)
        wait = 0 if last is None else last.finished + pod_delay(last.failures + last.ignored + 1) - world.now
        if wait <= 0:
            ready.append(index)
        else:
            shortest = min(shortest, wait)
    return ready, 0 if ready or shortest == NEVER else shortest


def _suspension(world: World) -> bool:
    """Keep the condition Suspended right; every resume starts the deadline again. Whether the condition changed."""
    conditions, now = world.status.conditions, world.now / SECOND
    at = next((i for i, c in enumerate(conditions) if c.type == "Suspended"), -1)
    if world.spec.suspend:
        if at >= 0 and conditions[at].status == "True":
            return False
        new = Condition("Suspended", "True", "JobSuspended", "Job suspended", now)
        if world.forgets_start:
            world.status.start = None
    else:
        if at < 0 or conditions[at].status == "False":
            return False
        new = Condition("Suspended", "False", "JobResumed", "Job resumed", now)
        world.status.start = world.pace.api(world.now)
    if at < 0:
        conditions.append(new)
    else:
        conditions[at] = new
    return True


def _track(world: World, tally: _Tally, before: _Written, just_deleted: list[Pod], terminating: int) -> None:
    """Count the Pods that are over, let them go, and write down the end once nothing stops any more."""
    spec, status, target = world.spec, world.status, tally.target
    failing = target is not None and target[0] == "FailureTarget"
    pods = list(world.fresh.values())
    if target is not None:
        pods += [p for p in world.terminating.values() if p.tracked and p.n not in world.fresh]
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
        if target is None and not succeeded and (not over or tally.delayed.get(pod.index) is pod):
            continue
        leaving.append(pod)
        known = not spec.indexed or pod.index < (spec.completions or 0)
        if succeeded:
            if not spec.indexed:
                status.succeeded += 1
                counted += 1
            elif pod.index in tally.newly:
                counted += 1
        elif (over or failing) and known and world.match(pod).counts:
            status.failed += 1
            counted += 1
        if counted >= MOST_PODS_A_SYNC:
            full = True
            break
    if spec.indexed:
        status.succeeded = status.completed.total
    if target is not None and world.target is None:
        world.target = Condition(target[0], "True", target[1], target[2], world.now / SECOND)
        status.conditions.append(world.target)
    failed_indexes = status.failed_indexes.total if status.failed_indexes is not None else -1
    changed = counted > 0 or failed_indexes != tally.failed_before or _written(world) != before
    if changed:
        world.record = tally.record
    for pod in leaving:
        world.untrack(pod)
    if target is not None and not full and not terminating:
        ended = Condition("Failed" if failing else "Complete", "True", target[1], target[2], world.now / SECOND)
        status.conditions.append(ended)
        world.finished_at = world.now
        world.next_sync = NEVER
        if not failing:
            status.completion = world.pace.api(world.now)
        changed = True
    if changed:
        _write(world, before)


def _written(world: World) -> _Written:
    """The parts of the status whose change is an event."""
    status = world.status
    return (status.active, status.ready, status.terminating, status.succeeded, status.failed, tuple(status.conditions))


def _write(world: World, before: _Written) -> None:
    """Report what changed in the status; the Job is processed again in a second."""
    after = _written(world)
    detail: dict[str, Any] = {}
    for name, old, new in zip(("active", "ready", "terminating", "succeeded", "failed"), before, after, strict=False):
        if old != new:
            detail[name] = new
    if after[5] != before[5]:
        detail["conditions"] = [c.as_dict() for c in world.status.conditions]
    if detail:
        world.emit("status", None, detail)
    world.wake()
