"""`simulate`: runs a defaulted Job through a scenario on the model of the controllers; the loop over time, and the TTL.

Sources: Kubernetes 1.36.3, pkg/controller/job, pkg/controller/ttlafterfinished, client-go util/workqueue (one waiting
entry a Job, the earlier one stays).
"""

from __future__ import annotations

from heapq import heappop

from joblint.api.version import versions
from joblint.controller.job.backoff import SECOND
from joblint.controller.job.patch import patched
from joblint.controller.job.sync import sync
from joblint.controller.job.trace import Condition, Event, Final, Run
from joblint.controller.job.world import NEVER, World
from joblint.controller.node.pace import TYPICAL, Instant, Pace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.controller.scenario.scenario import Action, Scenario

GIVE_UP_AFTER = 30 * 24 * 3600
"""Seconds after which the model takes a Job that keeps trying again as one that does so for ever."""

MOST_PODS = 250_000
"""Pods and restarts after which the model stops, whatever the Job would go on to do."""


def simulate(
    job: dict[str, Any],
    scenario: Scenario,
    until: float | None = None,
    *,
    version: str = versions.DEFAULT,
    sink: Callable[[Event], object] | None = None,
    most_pods: int = MOST_PODS,
    bias: int = TYPICAL,
) -> Run:
    """What becomes of a Job, second by second.

    `job` is a defaulted Job as plain data (it is not changed). `until` ends the run after so many seconds; without it the
    run ends when nothing happens any more, or when the Job has tried again for 30 days. `sink` takes each event as it
    happens; Run.events is then empty, so that memory does not grow with the Pods. The same input gives the same output.
    Raises ValueError for a Kubernetes version that joblint does not know.
    """
    events: list[Event] = []
    pace = Instant() if scenario.instant else Pace(bias)
    w = World(job, scenario, sink or events.append, versions.gates(version), pace)
    actions = sorted(scenario.actions, key=lambda a: a.at)
    end = NEVER if until is None else max(0, round(until * SECOND))
    outcome, deleted_at = _loop(w, [(max(0, round(a.at * SECOND)), a) for a in actions], end, until is None, most_pods)
    status = w.status
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
        None if w.finished_at is None else w.finished_at / SECOND,
        None if deleted_at is None else deleted_at / SECOND,
        outcome,
        (end if outcome == "until" else w.now) / SECOND,
        w.pods_made,
        w.restarts_made,
    )


def _loop(w: World, actions: list[tuple[int, Action]], end: int, may_give_up: bool, most_pods: int) -> tuple[str, int | None]:
    """Let one thing after another happen; how it came to an end, and when the Job was deleted (milliseconds)."""
    queue = w.queue
    if w.spec.managed_elsewhere:
        w.next_sync = NEVER
    give_up = GIVE_UP_AFTER * SECOND
    ttl_at = NEVER
    at = 0  # of the next action
    while True:
        action = actions[at][0] if at < len(actions) else NEVER
        event = queue[0][0] if queue else NEVER
        now = min(action, event, w.next_sync, ttl_at)
        if now > end:
            return _outcome(w, "until"), None
        if now == NEVER:
            return _outcome(w, "stuck"), None
        w.now = now
        # What the cluster does in the same moment comes before what people do.
        if event == now:
            _, _, kind, what = heappop(queue)
            w.happen(kind, what)
        elif w.next_sync == now:
            w.next_sync = NEVER
            sync(w)
        elif ttl_at == now:
            w.emit("job-deleted")
            return _outcome(w, "stuck"), now
        else:
            _act(w, actions[at][1])
            at += 1
        if w.finished_at is not None:
            ttl_at = NEVER if w.spec.ttl is None else max(now, w.pace.api(w.finished_at) + w.spec.ttl)
        elif may_give_up and now > give_up and (w.failures_seen or w.restarts_made):
            return "for-ever", None
        elif w.pods_made + w.restarts_made > most_pods:
            return "for-ever" if w.failures_seen + w.restarts_made > most_pods // 2 else "too-many", None


def _outcome(w: World, otherwise: str) -> str:
    if w.finished_at is None:
        return otherwise
    last: Condition = w.status.conditions[-1]
    return "complete" if last.type == "Complete" else "failed"


def _act(w: World, action: Action) -> None:
    """Somebody changes the Job or deletes Pods. What the API server refuses changes nothing."""
    if action.patch is not None:
        new = patched(w.job, action.patch)
        w.emit("action", None, {"patch": action.patch, "accepted": new is not None})
        if new is None or new == w.job:
            return  # refused, or nothing to write
        changed = new.get("spec") != w.job.get("spec")
        w.set_job(new)
        if w.finished_at is None and not w.spec.managed_elsewhere:
            if changed:
                sync(w)
            else:
                w.wake()
        return
    which = "all" if action.delete_all else action.delete_n if action.delete_n is not None else {"index": action.delete_index}
    w.emit("action", None, {"delete_pod": which})
    pods = {**w.active, **w.fresh, **w.terminating}
    for pod in sorted(pods.values(), key=lambda p: p.n):
        by_index = action.delete_index is not None and pod.index == action.delete_index
        if action.delete_all or by_index or pod.n == action.delete_n:
            w.delete(pod)
    if w.pods_made > (action.delete_n or 0):
        w.wake()  # Pods that are over and counted may be among the deleted: forgotten here, their end is still an event
