"""Skipping ahead over batches of identical Pods, so that the end of a Job with very many Pods is also known.

If every remaining Pod follows one script and the Pods of a batch begin and succeed together, a batch depends on little: the
fraction of the second in which it begins, and whether its end misses a sync. One such batch is simulated; from then on its time
is added up, and that of a spell in which every second batch misses its sync in one step. Knows the cluster of a simulation;
meanwhile no event is reported.
"""

from __future__ import annotations

from math import isqrt

from joblint.base.record import Record
from joblint.controller.job.backoff import SECOND
from joblint.controller.job.pod import POD_SUCCEEDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.world import World

    State = tuple[int, int, int, int | None, int | None, int]
    Key = tuple[State, bool]

MOST_STEPS = 12_000
"""Of rounds or spells of rounds that are looked at one by one: less than 0.05 s of work. Enough for 8 million batches."""

FAR = 1_000_000
"""With more rounds left than this, it is worth knowing beforehand whether the steps are enough."""


class Round(Record):
    """One batch: its milliseconds and restarts in place, and the state in which the next one begins."""

    lasts: int
    restarts: int
    then: State


class Leaps:
    """The rounds seen so far, by the state in which they began and whether they miss a sync, and where they lead."""

    __slots__ = ("_known", "_orbits", "_before", "_left")

    def __init__(self) -> None:
        self._known: dict[Key, Round] = {}
        self._orbits: dict[Key, Orbit] = {}
        self._before: tuple[Key, int, int, int] | None = None
        self._left = MOST_STEPS

    @property
    def spent(self) -> bool:
        """Whether no more rounds are leapt over."""
        return self._left <= 0

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
        if pace.bias and left > FAR and self._known:
            left_in_time = (limit - now) // max([r.lasts for r in self._known.values()])
            if 2 * (isqrt(4 * (row + min(left, left_in_time))) - isqrt(4 * row)) > MOST_STEPS:
                self._left = 0  # two steps a spell (see `alternates_to`) do not reach the end
                return
        began = alike_to = 0  # behind which end, and up to which, every second one is lost
        lost = False
        while rounds < left and self._left > 0:
            nth = row + rounds + 1
            lost = not lost if began + 1 < nth <= alike_to else pace.loses(nth)
            if nth > alike_to:
                began, alike_to = nth, pace.alternates_to(nth)
            found = self._known.get((state, lost))
            if found is None or now + found.lasts >= limit:
                break
            self._left -= 1
            orbit = self._orbit((state, lost)) if nth > began else None
            if orbit is not None:
                many = min(left - rounds, alike_to - nth + 1, (limit - 1 - now) // orbit.longest)
                if many > 1:
                    lasts, more, state = orbit.after(many)
                    now += lasts
                    restarts += more
                    rounds += many
                    lost = lost if many % 2 else not lost
                    continue
            now += found.lasts
            restarts += found.restarts
            state = found.then
            rounds += 1
        if rounds:
            _shift(world, pods, rounds, now - world.now, restarts, state)
        self._before = ((state, pace.loses(row + rounds + 1)), world.now, world.pods_made, world.restarts_made)

    def _orbit(self, first: Key) -> Orbit | None:
        """The rounds that follow each other from one on, as long as every second one misses its sync; None if one is unknown."""
        orbit = self._orbits.get(first)
        if orbit is None:
            places: dict[Key, int] = {}
            sums = [(0, 0)]
            key = first
            longest = 1
            while key not in places:
                found = self._known.get(key)
                if found is None:
                    return None
                places[key] = len(places)
                sums.append((sums[-1][0] + found.lasts, sums[-1][1] + found.restarts))
                longest = max(longest, found.lasts)
                key = (found.then, not key[1])
            orbit = self._orbits[first] = Orbit(tuple([k[0] for k in places]), tuple(sums), places[key], longest)
        return orbit


class Orbit(Record):
    """The states in which rounds begin that follow each other, up to the one after which the `back`-th, from 0, begins again;
    milliseconds and restarts up to each, and at the end; the longest round's milliseconds."""

    states: tuple[State, ...]
    sums: tuple[tuple[int, int], ...]
    back: int
    longest: int

    def after(self, many: int) -> tuple[int, int, State]:
        """The milliseconds and restarts of this many rounds, and the state in which the next one begins."""
        size = len(self.states)
        times, at = 0, many
        if many >= size:
            times, at = divmod(many - self.back, size - self.back)
            at += self.back
        (lasts, more), (begin, first), (end, last) = self.sums[at], self.sums[self.back], self.sums[size]
        return lasts + times * (end - begin), more + times * (last - first), self.states[at]


def _state(world: World) -> State:
    """What a round depends on, in addition to its place in the row."""
    status = world.status
    return (world.now % SECOND, len(world.fresh), status.active, status.ready, status.terminating, world.ready)


def _round(world: World) -> list[int]:
    """The Pods of a batch that has just succeeded; none unless all remaining Pods are identical."""
    spec, status = world.spec, world.status
    if (
        world.active
        or world.leaving != len(world.terminating)
        or world.queue
        or world.deleting
        or not world.fresh
        or not world.syncing
    ):
        return []
    if world.target is not None or world.admission is not None or world.success_policy is not None or world.record.failures:
        return []
    if spec.completions is None or spec.suspend or len(world.fresh) != spec.parallelism or status.start is None:
        return []
    if world.terminating and (spec.only_failed or not all(p.lost for p in world.terminating.values())):
        return []  # those on a node that is lost stay as they are
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
