"""Leaps over rounds of Pods that all do the same, so that the end of a Job with very many Pods is known anyway.

Where every Pod still to come follows one script and the Pods of a round begin and succeed together, a round depends on little:
the part of the second in which it begins, and whether its end misses a sync. What such a round takes is seen once; from then
on it is added up instead of simulated. Knows the cluster of a simulation; nobody may look at the events meanwhile.
"""

from __future__ import annotations

from joblint.base.record import record
from joblint.controller.job.backoff import SECOND
from joblint.controller.job.pod import POD_SUCCEEDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.world import World

    State = tuple[int, int, int, int | None, int | None, int]

MOST_ROUNDS = 1_000_000
"""About a second of work for each million."""


@record
class Round:
    """What a round takes: milliseconds and restarts in place, and the state in which the next one begins."""

    lasts: int
    restarts: int
    then: State


class Leaps:
    """The rounds seen so far, by the state in which they began and whether they miss a sync."""

    __slots__ = ("_known", "_before", "_left")

    def __init__(self) -> None:
        self._known: dict[tuple[State, bool], Round] = {}
        self._before: tuple[tuple[State, bool], int, int, int] | None = None
        self._left = MOST_ROUNDS

    def leap(self, w: World, limit: int) -> None:
        """Just before a sync: leap over as many rounds as are known to be like others, up to the time `limit` (milliseconds).

        Afterwards the world is as it would be just before the last of the syncs that were leapt over."""
        if not w.fresh:
            return
        pods = _round(w)
        if not pods:
            self._before = None
            return
        row = w.fresh[pods[0]].row
        state = _state(w)
        if self._before is not None:
            key, at, made, restarts = self._before
            if w.pods_made - made == len(pods):
                self._known[key] = Round(w.now - at, w.restarts_made - restarts, state)
        now, rounds, restarts = w.now, 0, 0
        left = ((w.spec.completions or 0) - w.status.succeeded) // len(pods) - 2
        left = min(left, self._left)
        pace = w.pace
        while rounds < left:
            found = self._known.get((state, pace.loses(row + rounds + 1)))
            if found is None or now + found.lasts >= limit:
                break
            now += found.lasts
            restarts += found.restarts
            state = found.then
            rounds += 1
        if rounds:
            self._left -= rounds
            _shift(w, pods, rounds, now - w.now, restarts, state)
        self._before = ((state, pace.loses(row + rounds + 1)), w.now, w.pods_made, w.restarts_made)


def _state(w: World) -> State:
    """What a round depends on, in addition to its place in the row."""
    status = w.status
    return (w.now % SECOND, len(w.fresh), status.active, status.ready, status.terminating, w.ready)


def _round(w: World) -> list[int]:
    """The Pods of a round that has just succeeded; none where not all Pods to come do the same."""
    spec, status = w.spec, w.status
    if w.active or w.terminating or w.queue or w.leaving or w.deleting or not w.fresh or not w.syncing:
        return []
    if w.target is not None or w.admission is not None or w.success_policy is not None or w.record.failures:
        return []
    if spec.completions is None or spec.suspend or len(w.fresh) != spec.parallelism or status.start is None:
        return []
    pods = list(w.fresh.values())
    if any(p.phase != POD_SUCCEEDED or p.deleted >= 0 or p.row != pods[0].row for p in pods):
        return []
    first = -1
    if spec.indexed:
        # All indexes so far have succeeded, and the round took the next ones.
        first = min(p.index for p in pods)
        if status.completed.total != first or w.done.total != first:
            return []
        if max(p.index for p in pods) != first + len(pods) - 1:
            return []
    return [p.n for p in pods] if w.uniform(first) else []


def _shift(w: World, pods: list[int], rounds: int, lasts: int, restarts: int, state: State) -> None:
    """The round that has just succeeded becomes the one that is so many rounds later."""
    more = rounds * len(pods)
    status = w.status
    moved = [w.fresh.pop(n) for n in pods]
    for pod in moved:
        pod.n += more
        pod.row += rounds
        for name in ("created", "born", "finish", "ended"):
            setattr(pod, name, getattr(pod, name) + lasts)
        if pod.index >= 0:
            pod.index += more
        w.fresh[pod.n] = pod
    if w.spec.indexed:
        for known in (status.completed, w.done):
            known.reach(known.total + more)
    status.succeeded += more
    w.pods_made += more
    w.restarts_made += restarts
    w.leapt += more + restarts
    w.now += lasts
    _, _, status.active, status.ready, status.terminating, w.ready = state
