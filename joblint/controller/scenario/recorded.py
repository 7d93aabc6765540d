"""Where a Job that a simulation begins with is already: what its status and its Pods have recorded; plain records.

Times are seconds from the beginning of the simulation, negative for what has been.
"""

from __future__ import annotations

from joblint.base.record import Record


class RecordedPod(Record):
    """An existing Pod. `index` is -1 for a Job that is not Indexed; `failures` and `ignored` count those of its index before
    it, `restarts` those of its containers. `ran` says since how many seconds its container runs, `ended` since when it waits
    for its restart; both are None where it has not started."""

    index: int
    failures: int
    ignored: int
    restarts: int
    ran: float | None
    ended: float | None


class Recorded(Record):
    """A Job's state: `start` is status.startTime (None: not written), `completed` and `failed_indexes` lists such as 1,3-5,
    `in_a_row` the failures since the last success and `last` the time of the last of them. `waiting` are the last Pods of the
    indexes that wait for their next one, each with the time of its end. `made` counts the Pods that are over."""

    start: float | None
    succeeded: int
    failed: int
    completed: tuple[int, ...]
    failed_indexes: tuple[int, ...]
    in_a_row: int
    last: float
    active: tuple[RecordedPod, ...]
    waiting: tuple[tuple[RecordedPod, float], ...]
    made: int
