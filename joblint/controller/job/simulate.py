"""`simulate`: runs a defaulted Job through a scenario on the model of the controllers; the loop over time, and the TTL.

Sources: Kubernetes 1.36.3, pkg/controller/job, pkg/controller/ttlafterfinished, client-go util/workqueue (one waiting
entry a Job, the earlier one stays).
"""

from __future__ import annotations

from heapq import heappop

from joblint.api.version import versions
from joblint.controller.job.actions import act
from joblint.controller.job.backoff import CLOCK_OFFSET, SECOND
from joblint.controller.job.leap import Leaps
from joblint.controller.job.spec import MAX_INT32, mapping
from joblint.controller.job.sync import sync
from joblint.controller.job.trace import Condition, Event, Final, Run
from joblint.controller.job.world import NEVER, World
from joblint.controller.node.pace import TYPICAL, Instant, Pace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.controller.job.trace import Outcome
    from joblint.controller.scenario.scenario import Action, Scenario, Standing

GIVE_UP_AFTER = 30 * 24 * 3600
"""After this many seconds the model stops: without a limit a Job retries indefinitely, with one it is still far from its end."""

MOST_PODS = 30_000
"""Pods and restarts after which the model stops, whatever the Job would continue to do."""

FEW_ENDLESS, MOST_ENDLESS = 500, 10_000
"""Pods and restarts after which the model stops where failures are retried and nothing limits them: by then each waits as long as
the one before. Ten for each Pod that runs at once, but not fewer and not more than this."""


def simulate(
    job: dict[str, Any],
    scenario: Scenario,
    until: float | None = None,
    *,
    version: str = versions.DEFAULT,
    sink: Callable[[Event], bool | None] | None = None,
    most_pods: int = MOST_PODS,
    bias: int = TYPICAL,
    offset: int = CLOCK_OFFSET,
) -> Run:
    """Simulate a Job, second by second.

    `job` is a defaulted Job as plain data (it is not changed). `until` ends the run after this many seconds; without it, the
    run ends when nothing happens any more, or when the Job has retried for 30 days. `sink` is called with each event as it
    happens; Run.events is then empty, so that memory does not grow with the Pods. Once it returns True, it gets no more events,
    and batches of identical Pods are skipped. The Job is created `offset` milliseconds after a full second of the clock. The
    same input gives the same output. Raises WrongInput for a Kubernetes version that joblint does not know.
    """
    events: list[Event] = []
    pace = Instant(offset) if scenario.instant else Pace(bias, offset)
    admission = None
    if scenario.around is not None:
        from joblint.controller.job.admission import Admission

        admission = Admission(job, scenario.around, version)
    world = World(job, scenario, sink or events.append, versions.gates(version), pace, admission)
    if scenario.around is not None:
        for standing in scenario.around.pods:
            if _adopts(job, standing):
                world.adopt(standing)
    if scenario.recorded is not None:
        from joblint.controller.job.resume import resume

        resume(world, scenario.recorded)
    actions = sorted(scenario.actions, key=lambda a: a.at)
    end = NEVER if until is None else max(0, round(until * SECOND))
    outcome, deleted_at = _loop(world, [(max(0, round(a.at * SECOND)), a) for a in actions], end, until is None, most_pods)
    status = world.status
    final = Final(
        tuple(status.conditions),
        status.succeeded,
        status.failed,
        str(status.completed),
        str(status.failed_indexes) if status.failed_indexes is not None else "",
        status.active,
        status.ready or 0,
        status.terminating or 0,
        None if status.start is None else status.start / SECOND,
        None if status.completion is None else status.completion / SECOND,
    )
    return Run(
        tuple(events),
        final,
        None if world.finished_at is None else world.finished_at / SECOND,
        None if deleted_at is None else deleted_at / SECOND,
        outcome,
        (end if outcome == "until" else world.now) / SECOND,
        world.pods_made + (0 if scenario.recorded is None else scenario.recorded.made - len(scenario.recorded.waiting)),
        world.restarts_made,
        world.pods_gone,
    )


def _loop(
    world: World, actions: list[tuple[int, Action]], end: int, may_give_up: bool, most_pods: int
) -> tuple[Outcome, int | None]:
    """Let one thing after another happen; how it came to an end, and when the Job was deleted (milliseconds)."""
    queue = world.queue
    if world.spec.managed_elsewhere:
        world.next_sync = NEVER
    give_up = GIVE_UP_AFTER * SECOND
    ttl_at = NEVER
    leaps = Leaps()
    endless = min(MOST_ENDLESS, max(FEW_ENDLESS, 10 * world.spec.parallelism))
    at = 0  # of the next action
    while True:
        action = actions[at][0] if at < len(actions) else NEVER
        event = queue[0][0] if queue else NEVER
        now = min(action, event, world.next_sync, ttl_at)
        if now > end:
            return _outcome(world, "until" if world.job_gone is None else "deleted"), world.job_gone
        if now == NEVER:
            return _outcome(world, "stuck" if world.job_gone is None else "deleted"), world.job_gone
        world.now = now
        # What the cluster does in the same moment comes before what people do.
        if event == now:
            _, _, kind, what = heappop(queue)
            world.happen(kind, what)
        elif world.next_sync == now:
            world.next_sync = NEVER
            if world.quiet and at == len(actions):
                leaps.leap(world, _before(world, end, give_up if may_give_up else NEVER))
                now = world.now
            sync(world)
        elif ttl_at == now:
            world.emit("job-deleted")
            return _outcome(world, "stuck"), now
        else:
            act(world, actions[at][1])
            at += 1
        if world.job_gone is not None or (world.deleting and not world.active and not world.leaving):
            if world.job_gone is None:
                world.job_gone = now
                world.emit("job-deleted")
                world.syncing = False
            world.next_sync = ttl_at = NEVER
            continue
        if world.finished_at is not None:
            ttl_at = NEVER if world.spec.ttl is None else max(now, world.pace.api(world.finished_at) + world.spec.ttl)
        elif may_give_up and now > give_up and world.target is None and (world.failures_seen or world.restarts_made):
            return "too-many" if _limited(world) else "for-ever", None
        else:
            simulated = world.pods_made + world.restarts_made - world.leapt
            if leaps.spent and (world.spec.completions or 0) - world.status.succeeded > most_pods:
                return "too-many", None
            if simulated > most_pods or (simulated > endless and may_give_up):
                retrying = 2 * (world.failures_seen + world.restarts_made) > min(simulated, most_pods)
                unlimited = retrying and not _limited(world)
                if unlimited or simulated > most_pods:
                    return "for-ever" if unlimited else "too-many", None


def _before(world: World, end: int, give_up: int) -> int:
    """The time up to which nothing happens but that Pods come and succeed, in milliseconds."""
    spec, start = world.spec, world.status.start
    limit = min(end, give_up if world.restarts_made or world.failures_seen else NEVER)
    if spec.deadline is not None and start is not None:
        limit = min(limit, start + spec.deadline - 10 * SECOND)
    return limit


def _limited(world: World) -> bool:
    """Whether failures are counted against a limit that they reach one day, or a deadline fails the Job."""
    spec = world.spec
    if spec.deadline is not None:
        return True
    if spec.on_failure and spec.per_index is not None:
        return False
    # Failures that a policy ignores are not counted, nor restarts in place if the Pod's restartPolicy is Never.
    counted = world.status.failed + (world.restarts_made if spec.on_failure else 0)
    if 2 * counted <= world.failures_seen + world.restarts_made:
        return False
    return min(spec.backoff_limit, MAX_INT32 if spec.per_index is None else spec.per_index) < MAX_INT32


def _outcome(world: World, otherwise: Outcome) -> Outcome:
    if world.finished_at is None:
        return otherwise
    last: Condition = world.status.conditions[-1]
    return "complete" if last.type == "Complete" else "failed"


def _adopts(job: dict[str, Any], standing: Standing) -> bool:
    """Whether a Job adopts Pods that it did not create: with a selector set manually."""
    from joblint.api.validate.meta.labels import matches

    spec = mapping(job.get("spec"))
    if spec.get("manualSelector") is not True or spec.get("completionMode") == "Indexed":
        return False
    return matches(mapping(spec.get("selector")), dict(standing.labels))
