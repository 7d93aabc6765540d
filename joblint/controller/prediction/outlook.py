"""`outlook`: a Job simulated three times, with the typical, the earliest and the latest pace; times become ranges.

The typical run shows what happens. The other two show how early and how late, and whether the Job may end in another way: if
the order of two events depends on fractions of a second, it cannot be known.
"""

from __future__ import annotations

from joblint.base.record import replace
from joblint.controller.job.simulate import MOST_PODS, simulate
from joblint.controller.job.trace import Event
from joblint.controller.node.pace import EARLIEST, LATEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from joblint.controller.job.trace import Run
    from joblint.controller.scenario.scenario import Scenario

    Key = tuple[Any, ...]

OFFSETS = (300, 550, 800, 950)
"""Milliseconds after a full second of the clock at which a Job may also be created: with an instant kubelet nothing else is left
to chance, and which of two things comes first may depend on it, since the API keeps whole seconds."""

ENOUGH = 2_500
"""This many Pods are simulated in any case before the length of a batch of identical Pods is used."""

MOST_EVENTS = 32_000
"""So many events are kept and their ranges worked out; of what comes later only the end is known."""


ENDLESS_EVENTS = 1_000
"""So many events are kept of a Job that retries indefinitely, or for longer than is simulated: what follows is more of the
same."""


def outlook(
    job: dict[str, Any],
    scenario: Scenario,
    until: float | None = None,
    *,
    version: str,
    most_pods: int = MOST_PODS,
    most_events: int = MOST_EVENTS,
) -> Run:
    """What becomes of a Job, with ranges, and the first `most_events` events. Other arguments as those of
    `joblint.controller.job.simulate.simulate`."""
    kept = _Kept(most_events)
    typical = simulate(job, scenario, until, version=version, sink=kept, most_pods=most_pods)
    typical = replace(typical, events=tuple(kept.events), events_until=kept.until)
    del kept
    if _only_retries(typical) and len(typical.events) > ENDLESS_EVENTS:
        first = typical.events[:ENDLESS_EVENTS]
        typical = replace(typical, events=first, events_until=first[-1].t)
    if scenario.instant:
        others = [simulate(job, scenario, until, version=version, sink=_unseen, most_pods=most_pods, offset=o) for o in OFFSETS]
        return replace(typical, otherwise=_otherwise(typical, others))
    most = min(max(most_pods, ENOUGH), 4 * (typical.pods + typical.restarts) + 100)
    if typical.outcome in ("for-ever", "too-many"):  # of the others only the times of what is kept are of interest
        most = min(most, 100 + sum([e.event in ("pod-created", "container-restarted") for e in typical.events]) * 5 // 4)
    # What comes late must not be cut off by the time that is up.
    longer = None if until is None else until * 1.6 + 30
    others = []
    times = []
    for bias in (EARLIEST, LATEST):
        seen = _Seen(most_events * 11 // 10)
        others.append(simulate(job, scenario, longer, version=version, sink=seen, most_pods=most, bias=bias))
        times.append(seen.times)
    return replace(
        typical,
        events=tuple(_ranged(typical.events, times)),
        ends=_span(typical.ends_at, [o.ends_at for o in others if o.ending == typical.ending]),
        deleted=_span(typical.job_deleted_at, [o.job_deleted_at for o in others]),
        otherwise=_otherwise(typical, others),
    )


def _only_retries(run: Run) -> bool:
    """Whether a run was stopped while most of its Pods failed and were retried."""
    if run.outcome == "too-many":
        return 2 * (run.final.failed + run.restarts) > run.pods + run.restarts
    return run.outcome == "for-ever"


def _otherwise(typical: Run, others: list[Run]) -> tuple[tuple[str, str], ...]:
    """How else it may end."""
    return tuple(dict.fromkeys([o.ending for o in others if o.ending != typical.ending and not _cut(o, typical)]))


def _unseen(event: Event) -> bool:
    """Only the end is of interest."""
    return True


class _Kept:
    """The first events, up to a maximum; `until` is the time of the last one if there were more."""

    __slots__ = ("events", "until", "_most")

    def __init__(self, most: int) -> None:
        self.events: list[Event] = []
        self.until: float | None = None
        self._most = most

    def __call__(self, event: Event) -> bool:
        if len(self.events) >= self._most:
            self.until = self.events[-1].t
            return True
        self.events.append(event)
        return False


def _cut(other: Run, typical: Run) -> bool:
    """Whether a run was only not simulated long enough to show its end, or its end is after the requested time."""
    return bool({"until", "too-many"} & {other.outcome, typical.outcome})


def _span(at: float | None, others: list[float | None]) -> tuple[float, float] | None:
    if at is None:
        return None
    known = [at, *[t for t in others if t is not None]]
    return min(known), max(known)


class _Seen:
    """When each event happened, by its kind."""

    __slots__ = ("times", "_names", "_most")

    def __init__(self, most: int) -> None:
        self.times: dict[Key, float] = {}
        self._names = _Names()
        self._most = most

    def __call__(self, event: Event) -> bool:
        self.times[self._names.of(event)] = event.t
        return len(self.times) >= self._most


class _Names:
    """Names events such that the same one has the same name in each run: Pods by index and attempt, or by their number."""

    __slots__ = ("_attempts", "_pods", "_counts")

    def __init__(self) -> None:
        self._attempts: dict[int, int] = {}
        self._pods: dict[int, tuple[int, int]] = {}
        self._counts: dict[Key, int] = {}

    def of(self, event: Event) -> Key:
        """The name; events must come in their order."""
        name: Key
        if event.n is None:
            known = event.detail
            counts = known.get("active"), known.get("failed"), known.get("succeeded")
            name = (event.event, *counts, len(known.get("conditions", ())))
        else:
            if event.event == "pod-created" and event.index is not None:
                attempt = self._attempts.get(event.index, 0)
                self._attempts[event.index] = attempt + 1
                self._pods[event.n] = (event.index, attempt)
            name = (event.event, *self._pods.get(event.n, (-1, event.n)))
        count = self._counts[name] = self._counts.get(name, 0) + 1
        return (*name, count)


def _ranged(events: Iterable[Event], times: list[dict[Key, float]]) -> Iterable[Event]:
    """The events with their ranges; where another run has no such event, it is shifted as the one before was."""
    names = _Names()
    shifts = [0.0, 0.0]
    for event in events:
        name = names.of(event)
        for i, known in enumerate(times):
            at = known.get(name)
            if at is not None:
                shifts[i] = at - event.t
        low, high = min(0.0, *shifts), max(0.0, *shifts)
        t = event.t
        yield Event(t, event.event, event.n, event.index, event.detail, max(0.0, round(t + low, 3)), round(t + high, 3))
