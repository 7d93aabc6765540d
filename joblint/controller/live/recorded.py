"""What a simulation has to know of a live Job to begin where it is: its counts, its back-off, its Pods, its indexes."""

from __future__ import annotations

from joblint.controller.job.spec import JobSpec, mapping
from joblint.controller.live.objects import instant
from joblint.controller.live.states import GOING_ON
from joblint.controller.live.waits import Waits, indexes
from joblint.controller.scenario.recorded import Recorded, RecordedPod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.live.objects import Owned
    from joblint.controller.live.pods import LivePod
    from joblint.controller.live.states import Live


def recorded(owned: Owned, live: Live) -> Recorded | None:
    """Where a Job is, for the simulation of what comes; None where it has ended, is ending or is paused."""
    if live.state not in GOING_ON:
        return None
    spec, now = JobSpec(owned.job), live.now
    status = mapping(owned.job.get("status"))
    waits = Waits(owned, spec, live.pods, now)
    start = instant(status.get("startTime"))
    in_a_row = waits.in_a_row() if spec.per_index is None else []
    waiting = _waiting(waits, spec) if spec.per_index is not None else []
    succeeded, failed = waits.succeeded(), waits.failed()
    end = spec.completions or 0
    return Recorded(
        start=None if start is None else start - now,
        succeeded=succeeded,
        failed=max(0, failed - len(waiting)),
        completed=_below(status.get("completedIndexes"), end) if spec.indexed else (),
        failed_indexes=_below(status.get("failedIndexes"), end) if spec.indexed else (),
        in_a_row=len(in_a_row),
        last=in_a_row[-1] - now if in_a_row else 0.0,
        active=tuple([_pod(p, spec, now) for p in waits.active]),
        waiting=tuple([(_pod(p, spec, now), (p.finished or now) - now) for p in waiting]),
        made=succeeded + failed,
    )


def _below(text: object, end: int) -> tuple[int, ...]:
    return tuple(sorted([index for index in indexes(text) if index < end]))


def _waiting(waits: Waits, spec: JobSpec) -> list[LivePod]:
    """The last Pod of each index that has failed, may fail again, and has no Pod now."""
    over = indexes(waits.status.get("completedIndexes")) | indexes(waits.status.get("failedIndexes"))
    latest = {pod.index: pod for pod in waits.pods if pod.index is not None}
    return [
        pod
        for index, pod in latest.items()
        if index not in over and index < (spec.completions or 0) and pod.phase == "Failed" and pod.finished is not None
    ]


def _pod(pod: LivePod, spec: JobSpec, now: float) -> RecordedPod:
    restarts = sum([c.restarts for c in pod.containers])
    ended = max([c.finished for c in pod.crashed if c.finished is not None], default=None)
    # Since when a restarted container runs is not read; a Pod counts from when the kubelet took it.
    ran = None if not pod.runs else 0.0 if restarts or pod.started is None else max(0.0, now - pod.started)
    return RecordedPod(
        index=pod.index if spec.indexed and pod.index is not None else -1,
        failures=pod.failures,
        ignored=pod.ignored,
        restarts=restarts,
        ran=None if ended is not None else ran,
        ended=None if ended is None else max(0.0, now - ended),
    )
