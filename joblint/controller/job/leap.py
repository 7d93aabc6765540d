"""Skipping ahead over batches of identical Pods, so that the end of a Job with very many Pods is also known.

If every remaining Pod follows one script and the Pods of a batch begin and succeed together, a batch depends on little: the
fraction of the second in which it begins, and whether its end misses a sync. One such batch is simulated; from then on its time
is added up, and that of whole cycles of batches in one step. Knows the cluster of a simulation; meanwhile no event is reported.
"""

from __future__ import annotations

from joblint.base.record import record
from joblint.controller.job.backoff import SECOND
from joblint.controller.job.pod import POD_SUCCEEDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.world import World

    State = tuple[int, int, int, int | None, int | None, int]

MOST_STEPS = 200_000
"""Of rounds that are looked at one by one: about 0.1 s of work."""


@record
class Round:
    """One batch: its milliseconds and restarts in place, and the state in which the next one begins."""

    lasts: int
    restarts: int
    then: State


class Leaps:
    """The rounds seen so far, by the state in which they began and whether they miss a sync; and circles of rounds after which
    the same begins again, as long as every second round misses its sync: how many rounds, milliseconds and restarts."""

    __slots__ = ("_known", "_circles", "_before", "_left")

    def __init__(self) -> None:
        self._known: dict[tuple[State, bool], Round] = {}
        self._circles: dict[tuple[State, bool], tuple[int, int, int]] = {}
        self._before: tuple[tuple[State, bool], int, int, int] | None = None
        self._left = MOST_STEPS

    def leap(self, world: World, limit: int) -> None:
        """Just before a sync: leap over as many rounds as are known to be like others, up to the time `limit` (milliseconds).

        Afterwards the world is as it would be just before the last of the syncs that were leapt over."""
        if not world.fresh:
            return
        pods = _round(world)
        if not pods:
            self._before = None
            return
        row = world.fresh[pods[0]].row
        state = _state(world)
        if self._before is not None:
            key, at, made, restarts = self._before
            if world.pods_made - made == len(pods):
                self._known[key] = Round(world.now - at, world.restarts_made - restarts, state)
        now, rounds, restarts = world.now, 0, 0
        left = ((world.spec.completions or 0) - world.status.succeeded) // len(pods) - 2
        pace = world.pace
        seen: dict[tuple[State, bool], tuple[int, int, int]] = {}
        began = alike_to = steps = 0  # behind which end, and up to which, every second one is lost
        lost = False
        while rounds < left and steps < self._left:
            nth = row + rounds + 1
            rhythm = nth <= alike_to
            lost = not lost if rhythm and nth > began + 1 else pace.loses(nth)
            found = self._known.get((state, lost))
            if found is None or now + found.lasts >= limit:
                break
            if not rhythm:
                began, alike_to = nth, pace.alternates_to(nth)
                seen.clear()
            else:
                circle = self._circles.get((state, lost))
                if circle is None and (before := seen.get((state, lost))) is not None:
                    circle = self._circles[state, lost] = (rounds - before[0], now - before[1], restarts - before[2])
                if circle is None:
                    seen[state, lost] = (rounds, now, restarts)
                else:
                    many, lasts, more = circle
                    times = min((left - rounds) // many, (alike_to - nth) // many, (limit - 1 - now) // lasts)
                    if times > 0:
                        rounds += times * many
                        now += times * lasts
                        restarts += times * more
                        steps += 1
                        lost = not lost  # the same end of the next circle
                        continue
            now += found.lasts
            restarts += found.restarts
            state = found.then
            rounds += 1
            steps += 1
        self._left -= steps
        if rounds:
            _shift(world, pods, rounds, now - world.now, restarts, state)
        self._before = ((state, pace.loses(row + rounds + 1)), world.now, world.pods_made, world.restarts_made)


def _state(world: World) -> State:
    """What a round depends on, in addition to its place in the row."""
    status = world.status
    return (world.now % SECOND, len(world.fresh), status.active, status.ready, status.terminating, world.ready)


def _round(world: World) -> list[int]:
    """The Pods of a batch that has just succeeded; none unless all remaining Pods are identical."""
    spec, status = world.spec, world.status
    if (
        world.active
        or world.terminating
        or world.queue
        or world.leaving
        or world.deleting
        or not world.fresh
        or not world.syncing
    ):
        return []
    if world.target is not None or world.admission is not None or world.success_policy is not None or world.record.failures:
        return []
    if spec.completions is None or spec.suspend or len(world.fresh) != spec.parallelism or status.start is None:
        return []
    pods = list(world.fresh.values())
    if any(p.phase != POD_SUCCEEDED or p.deleted >= 0 or p.row != pods[0].row for p in pods):
        return []
    first = -1
    if spec.indexed:
        # All indexes so far have succeeded, and the round took the next ones.
        first = min(p.index for p in pods)
        if status.completed.total != first or world.done.total != first:
            return []
        if max(p.index for p in pods) != first + len(pods) - 1:
            return []
    return [p.n for p in pods] if world.uniform(first) else []


def _shift(world: World, pods: list[int], rounds: int, lasts: int, restarts: int, state: State) -> None:
    """The batch that has just succeeded becomes the one that many batches later."""
    more = rounds * len(pods)
    status = world.status
    moved = [world.fresh.pop(n) for n in pods]
    for pod in moved:
        pod.n += more
        pod.row += rounds
        for name in ("created", "born", "finish", "ended"):
            setattr(pod, name, getattr(pod, name) + lasts)
        if pod.index >= 0:
            pod.index += more
        world.fresh[pod.n] = pod
    if world.spec.indexed:
        for known in (status.completed, world.done):
            known.reach(known.total + more)
    status.succeeded += more
    world.pods_made += more
    world.restarts_made += restarts
    world.leapt += more + restarts
    world.now += lasts
    _, _, status.active, status.ready, status.terminating, world.ready = state
