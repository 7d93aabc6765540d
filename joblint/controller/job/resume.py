"""Sets a simulation to the state that a Job already has: its status, its back-off and its Pods; decides nothing."""

from __future__ import annotations

from joblint.controller.job.backoff import SECOND, Record, restart_delay
from joblint.controller.job.intervals import Indexes
from joblint.controller.job.pod import PENDING, POD_FAILED, Pod
from joblint.controller.node.kubelet import FAILED_CONTAINER, RESTARTED, STARTED, SUCCEEDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.world import World
    from joblint.controller.node.kubelet import Plan
    from joblint.controller.scenario.recorded import Recorded, RecordedPod

_JITTERED = 60 * SECOND
"""Up to half of so much of a back-off the kubelet adds to it."""

_MOST_STEPS = 400
"""Steps of a Pod's plan that are looked at for where it is."""


def resume(world: World, recorded: Recorded) -> None:
    """The world as it is when the simulation begins."""
    status = world.status
    status.start = None if recorded.start is None else round(recorded.start * SECOND)
    status.succeeded, status.failed = recorded.succeeded, recorded.failed
    for index in recorded.completed:
        status.completed.add(index)
        world.done.add(index)
    if world.spec.per_index is not None:
        status.failed_indexes = Indexes()
        for index in recorded.failed_indexes:
            status.failed_indexes.add(index)
            world.done.add(index)
    world.record = Record(recorded.in_a_row, round(recorded.last * SECOND))
    for known in recorded.active:
        _begin(world, known)
    for known, ended in recorded.waiting:
        pod = _pod(world, known, 0)
        pod.phase = POD_FAILED
        pod.finish = round(ended * SECOND)
        world.fresh[pod.n] = pod


def _pod(world: World, known: RecordedPod, age: int) -> Pod:
    plan = world.plan(known.index)
    pod = Pod(world.pods_made, known.index, -age, plan)
    pod.failures, pod.ignored = known.failures, known.ignored
    world.pods_made += 1
    return pod


def _begin(world: World, known: RecordedPod) -> None:
    """A Pod that is not over: it has taken the steps of its plan up to where it is."""
    plan = world.plan(known.index)
    taken, age = _where(world, plan, known)
    pod = _pod(world, known, age)
    world.active[pod.n] = pod
    world.emit("pod-created", pod)
    now, emit = world.now, world.emit_event
    world.emit_event = _unheard
    for n in range(taken):
        step = plan.step(n)
        assert step is not None
        world.now = step.at - age
        world.take(pod, step, -age, n)
    world.now, world.emit_event = now, emit
    if pod.phase != PENDING:
        world.emit("pod-started", pod)
    more = known.restarts - pod.restarts
    pod.restarts += more
    world.restarts += more
    following = plan.step(taken)
    if following is not None and not pod.pending:
        world.follow(pod, following, -age, taken)


def _where(world: World, plan: Plan, known: RecordedPod) -> tuple[int, int]:
    """How many steps of its plan a Pod has taken, and how old it then is in milliseconds. What its plan would have done by now
    and it has not is the next thing that happens. One that waits for its restart and never fails in its plan begins again after
    the back-off."""
    if known.ran is None and known.ended is None:
        return 0, 0
    first = plan.step(0)
    restarts, at = 0, 0
    for n in range(_MOST_STEPS):
        step = plan.step(n)
        if step is None or step.kind >= SUCCEEDED:
            if known.ended is None or first is None:
                return n, at
            delay = restart_delay(known.restarts)
            delay += world.pace.within(0, min(delay, _JITTERED) // 2)
            return 0, first.at - max(0, delay - round(known.ended * SECOND))
        at = step.at
        restarts += step.restarts if step.kind == RESTARTED else 0
        if restarts < known.restarts:
            continue
        since = known.ran if known.ended is None else known.ended
        if step.kind in ((STARTED, RESTARTED) if known.ended is None else (FAILED_CONTAINER,)) and since is not None:
            following = plan.step(n + 1)
            age = at + round(since * SECOND)
            return n + 1, age if following is None else min(age, following.at)
    return 0, 0


def _unheard(event: object) -> bool | None:
    """What has already happened is not reported."""
    return None
