"""What is reported for a live object: its state, the next event and when; plain records.

Times are epoch seconds.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.controller.job.backoff import BATCH, SECOND, pod_delay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.live.pods import LivePod

SYNC = BATCH / SECOND
"""The controller batches its work by this many seconds."""

NOTICED = 1.5
"""After a Pod is deleted, the Job's condition follows within this many seconds."""

GOING_ON = ("pending", "running", "backoff", "create-refused")
"""States of a Job that has not ended, is not ending and is not paused."""


class Next(Record):
    """The next event: pod-created, container-restarted, job-failed, job-complete, job-deleted, job-created or none; `at` and
    `latest` are its earliest and latest time (None if none is known), `because` is the reason."""

    event: str
    at: float | None = None
    latest: float | None = None
    because: str = ""


class Starts(Record):
    """What happened to a CronJob's starts: the `last` one that was noted (None: none yet), the Jobs that are `active`, each with
    its start, the latest that were `missed` since then (none if they are many), their number (up to 101), and `why`."""

    last: float | None
    active: tuple[tuple[str, float | None], ...] = ()
    missed: tuple[float, ...] = ()
    count: int = 0
    why: str = ""


class Live(Record):
    """The state of an object. `state` is pending, running, backoff, create-refused, suspended, paused, ending, complete,
    failed, unmanaged; for a CronJob scheduled, active, suspended or never-fires. `why` is the reason, `namespace` is the
    object's, `starts` a CronJob's, `newest` the latest time in the objects that it was derived from (epoch seconds)."""

    now: float
    state: str
    next: Next
    why: str = ""
    pods: tuple[LivePod, ...] = ()
    namespace: str = ""
    starts: Starts | None = None
    newest: float | None = None


NOTHING = Next("none")


def first(*events: Next | None) -> Next:
    """Return the event that comes first; NOTHING if none has a time."""
    found = [e for e in events if e is not None and e.at is not None]
    return min(found, key=lambda e: e.at or 0.0) if found else NOTHING


def back_off(failures: int) -> float:
    """Return the seconds from the last of this many failures to the next Pod."""
    return pod_delay(failures) / SECOND
