"""What people, drains and dying nodes do to a Job and its Pods while it runs. Times are milliseconds.

What the API server rejects changes nothing. Sources: Kubernetes 1.36.3, pkg/registry/core/pod/storage/eviction.go,
pkg/controller/nodelifecycle (nodeMonitorGracePeriod 50 s, a look every 5 s; a node renews its lease every 10 s),
pkg/controller/tainteviction, pkg/controller/podgc (a look every 20 s; quarantineTime 40 s), pkg/controller/garbagecollector.
"""

from __future__ import annotations

from joblint.controller.job.backoff import SECOND, Record
from joblint.controller.job.patch import patched
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


def act(w: World, action: Action) -> None:
    """Do one thing now."""
    _ACTS[action.do](w, action.what)


def _patch(w: World, patch: Any) -> None:
    new = patched(w.job, patch)
    w.emit("action", None, {"patch": patch, "accepted": new is not None})
    if new is None or new == w.job:
        return  # refused, or nothing to write
    changed = new.get("spec") != w.job.get("spec")
    w.set_job(new)
    if w.finished_at is None and not w.spec.managed_elsewhere and w.syncing:
        if changed:
            sync(w)
        else:
            w.wake()


def _delete_pod(w: World, which: Any) -> None:
    w.emit("action", None, {"delete_pod": which})
    for pod in _picked(w, which):
        w.delete(pod)
    if w.pods_made > (which if isinstance(which, int) else 0):
        w.wake()  # Pods that are over and counted may be among the deleted: forgotten here, their end is still an event


def _evict(w: World, which: Any) -> None:
    """Through the eviction API, as a drain does it: refused where a PodDisruptionBudget leaves no Pod to spare."""
    refused = False
    for pod in _picked(w, which):
        if pod.deleted >= 0:
            continue
        if pod.phase < POD_SUCCEEDED and not _to_spare(w, pod):
            refused = True
            continue
        pod.disrupted = True
        w.delete(pod)
    w.emit("action", None, {"evict": which, "accepted": not refused})
    w.wake()


def _to_spare(w: World, pod: Pod) -> bool:
    budget = w.budget
    if budget is None:
        return True
    least = number(budget.get("minAvailable"))
    if least is None:
        # Anything but a number asks how many there should be, which nobody can say of a Job's Pods.
        return False
    healthy = sum([1 for p in w.active.values() if p.ready])
    if not pod.ready:
        # The policy IfHealthyBudget: a Pod that is not ready may go if the others are as many as they should be.
        return healthy >= least > 0 or least == 0
    return healthy > least


def _node_lost(w: World, node: Any) -> None:
    """The node stops: nothing is heard of its Pods any more, and what runs there cannot be stopped."""
    w.emit("action", None, {"node_lost": node})
    w.lose_node(node)
    seconds = _tolerated(w.spec.pod)
    for pod in w.on_node(node):
        pod.lost = True
        if seconds is not None:
            low, high = NOTICED
            w.later(w.pace.within(low + seconds * SECOND, high + seconds * SECOND), _tainted, pod)
    w.later(w.pace.within(*NOTICED), _unready, node)


def _unready(w: World, node: Any) -> None:
    """The node's Pods are marked as not ready."""
    for pod in w.on_node(node):
        w.not_ready(pod)


def _tainted(w: World, pod: Pod) -> None:
    if pod.deleted < 0 and not pod.gone:
        pod.disrupted = True
        w.delete(pod)


def _tolerated(pod: dict[str, Any]) -> int | None:
    """Seconds that the Pod stays on an unreachable node; None: for as long as it likes."""
    for item in pod.get("tolerations") or ():
        taint = mapping(item)
        every = taint.get("operator") == "Exists" and not taint.get("key")
        if (every or taint.get("key") == UNREACHABLE) and taint.get("effect") in (None, "", "NoExecute"):
            return number(taint.get("tolerationSeconds"))
    return TOLERATED


def _node_deleted(w: World, node: Any) -> None:
    """The Node object is deleted, as a cloud does when it takes a machine away."""
    w.emit("action", None, {"node_deleted": node})
    w.lose_node(node)
    for pod in w.on_node(node):
        pod.lost = True
        w.later(w.pace.within(*ORPHANED), _orphaned, pod)


def _orphaned(w: World, pod: Pod) -> None:
    if pod.phase < POD_SUCCEEDED and not pod.gone:
        pod.disrupted = True
        w.sweep(pod)


def _controller_restart(w: World, _: Any) -> None:
    """A new controller remembers nothing of the delay that all Pods of a Job share, and looks at each Job at once."""
    w.emit("action", None, {"controller_restart": True})
    w.record = Record()
    w.create_failures = 0
    if w.finished_at is None and not w.spec.managed_elsewhere and w.syncing:
        w.away_until = w.now + AWAY[w.pace.bias + 1]
        w.next_sync = w.away_until


def _create(w: World, what: Any) -> None:
    kind, name = what
    w.emit("action", None, {"create": {kind: name}})
    if w.admission is not None:
        w.admission.create(kind, name)
        w.pull()


def _delete_job(w: World, how: Any) -> None:
    """Foreground: the Job stays until its Pods are gone. Background: it goes at once, its Pods after it. Orphan: they run on."""
    w.emit("action", None, {"delete_job": how})
    if how == "foreground":
        w.deleting = True
    else:
        w.job_gone = w.now
        w.syncing = False
        w.next_sync = NEVER
        w.emit("job-deleted")
    if how != "orphan":
        for pod in _picked(w, "all"):
            if how == "background":
                w.untrack(pod)
            w.delete(pod)
    w.wake()


def _picked(w: World, which: Any) -> list[Pod]:
    """The Pods that an action names: all, an n, or {"index": i}; in order of creation."""
    pods = sorted({**w.active, **w.fresh, **w.terminating}.values(), key=lambda p: p.n)
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
