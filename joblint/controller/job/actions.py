"""What people, drains and dying nodes do to a Job and its Pods while it runs. Times are milliseconds.

What the API server rejects changes nothing. Sources: Kubernetes 1.36.3, pkg/registry/core/pod/storage/eviction.go,
pkg/controller/nodelifecycle (nodeMonitorGracePeriod 50 s, a look every 5 s; a node renews its lease every 10 s),
pkg/controller/tainteviction, pkg/controller/podgc (a look every 20 s; quarantineTime 40 s), pkg/controller/garbagecollector.
"""

from __future__ import annotations

from joblint.controller.job.backoff import SECOND, Record
from joblint.controller.job.pod import POD_SUCCEEDED
from joblint.controller.job.spec import mapping, number
from joblint.controller.job.sync import sync
from joblint.controller.job.world import NEVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.controller.job.pod import Pod
    from joblint.controller.job.world import World
    from joblint.controller.scenario.scenario import Action

UNREACHABLE = "node.kubernetes.io/unreachable"
TOLERATED = 300
"""Seconds that a Pod tolerates an unreachable node, unless it says otherwise (admission plugin DefaultTolerationSeconds)."""

NOTICED = (41 * SECOND, 56 * SECOND)
"""From a node's last sign of life to the taint unreachable: 40 to 50 s since its last lease, and a look every 5 s."""

ORPHANED = (41 * SECOND, 60 * SECOND)
"""From the deletion of a Node object to PodGC's deletion of its Pods: 40 s of quarantine, and a look every 20 s."""

AWAY = (1 * SECOND, 4 * SECOND, 18 * SECOND)
"""How long a controller manager that is restarted is away: at most until the lease of the one before has run out."""


def act(world: World, action: Action) -> None:
    """Do one thing now."""
    _ACTS[action.do](world, action.what)


def _patch(world: World, patch: Any) -> None:
    from joblint.controller.job.patch import patched, stored  # only such a scenario needs the API server's rules of an update

    old = world.live if world.live is not None else stored(world.job, world.gates)
    new = patched(old, world.status.written(), patch, world.gates) if old is not None else None
    world.emit("action", None, {"patch": patch, "accepted": new is not None})
    if old is None or new is None or new == old:
        return  # rejected, or nothing to write
    changed = new["spec"] != old["spec"]
    world.live = new
    world.set_job(new)
    if world.finished_at is None and not world.spec.managed_elsewhere and world.syncing:
        if changed:
            sync(world)
        else:
            world.wake()


def _delete_pod(world: World, which: Any) -> None:
    world.emit("action", None, {"delete_pod": which})
    for pod in _picked(world, which):
        world.delete(pod)
    if world.pods_made > (which if isinstance(which, int) else 0):
        world.wake()  # Pods that are over and counted may be among the deleted: forgotten here, their end is still an event


def _evict(world: World, which: Any) -> None:
    """Through the eviction API, as a drain does: rejected if a PodDisruptionBudget does not allow a disruption."""
    refused = False
    for pod in _picked(world, which):
        if pod.deleted >= 0:
            continue
        if pod.phase < POD_SUCCEEDED and not _to_spare(world, pod):
            refused = True
            continue
        pod.disrupted = True
        world.delete(pod)
    world.emit("action", None, {"evict": which, "accepted": not refused})
    world.wake()


def _to_spare(world: World, pod: Pod) -> bool:
    budget = world.budget
    if budget is None:
        return True
    least = number(budget.get("minAvailable"))
    if least is None:
        # Anything but a number depends on the expected number of Pods, which is unknown for a Job.
        return False
    healthy = sum([1 for p in world.active.values() if p.ready])
    if not pod.ready:
        # The policy IfHealthyBudget: a Pod that is not ready may go if the others are as many as they should be.
        return healthy >= least > 0 or least == 0
    return healthy > least


def _node_lost(world: World, node: Any) -> None:
    """The node stops: nothing is heard of its Pods any more, and what runs there cannot be stopped."""
    world.emit("action", None, {"node_lost": node})
    world.lose_node(node)
    seconds = _tolerated(world.spec.pod)
    for pod in world.on_node(node):
        pod.lost = True
        if seconds is not None:
            low, high = NOTICED
            world.later(world.pace.within(low + seconds * SECOND, high + seconds * SECOND), _tainted, pod)
    world.later(world.pace.within(*NOTICED), _unready, node)


def _unready(world: World, node: Any) -> None:
    """The node's Pods are marked as not ready."""
    for pod in world.on_node(node):
        world.not_ready(pod)


def _tainted(world: World, pod: Pod) -> None:
    if pod.deleted < 0 and not pod.gone:
        pod.disrupted = True
        world.delete(pod)


def _tolerated(pod: dict[str, Any]) -> int | None:
    """Seconds that the Pod stays on an unreachable node; None: for as long as it likes."""
    for item in pod.get("tolerations") or ():
        taint = mapping(item)
        every = taint.get("operator") == "Exists" and not taint.get("key")
        if (every or taint.get("key") == UNREACHABLE) and taint.get("effect") in (None, "", "NoExecute"):
            return number(taint.get("tolerationSeconds"))
    return TOLERATED


def _node_deleted(world: World, node: Any) -> None:
    """The Node object is deleted, as a cloud provider does when it removes a machine."""
    world.emit("action", None, {"node_deleted": node})
    world.lose_node(node)
    for pod in world.on_node(node):
        pod.lost = True
        world.later(world.pace.within(*ORPHANED), _orphaned, pod)


def _orphaned(world: World, pod: Pod) -> None:
    if pod.phase < POD_SUCCEEDED and not pod.gone:
        pod.disrupted = True
        world.sweep(pod)


def _controller_restart(world: World, _: Any) -> None:
    """A new controller remembers nothing of the delay that all Pods of a Job share, and looks at each Job at once."""
    world.emit("action", None, {"controller_restart": True})
    world.record = Record()
    world.create_failures = 0
    if world.finished_at is None and not world.spec.managed_elsewhere and world.syncing:
        world.away_until = world.now + AWAY[world.pace.bias + 1]
        world.next_sync = world.away_until


def _create(world: World, what: Any) -> None:
    kind, name = what
    world.emit("action", None, {"create": {kind: name}})
    if world.admission is not None:
        world.admission.create(kind, name)
        world.pull()


def _delete_job(world: World, how: Any) -> None:
    """Foreground: the Job is kept until its Pods are deleted. Background: it is deleted first, its Pods after it. Orphan: they
    keep running."""
    world.emit("action", None, {"delete_job": how})
    if how == "foreground":
        world.deleting = True
    else:
        world.job_gone = world.now
        world.syncing = False
        world.next_sync = NEVER
        world.emit("job-deleted")
    if how != "orphan":
        for pod in _picked(world, "all"):
            if how == "background":
                world.untrack(pod)
            world.delete(pod)
    world.wake()


def _picked(world: World, which: Any) -> list[Pod]:
    """The Pods that an action names: all, an n, or {"index": i}; in order of creation."""
    pods = sorted({**world.active, **world.fresh, **world.terminating}.values(), key=lambda p: p.n)
    if which == "all":
        return pods
    if isinstance(which, dict):
        return [p for p in pods if p.index == which.get("index") and p.index >= 0]
    return [p for p in pods if p.n == which]


_ACTS: dict[str, Callable[[World, Any], None]] = {
    "patch": _patch,
    "delete_pod": _delete_pod,
    "evict": _evict,
    "node_lost": _node_lost,
    "node_deleted": _node_deleted,
    "controller_restart": _controller_restart,
    "create": _create,
    "delete_job": _delete_job,
}
