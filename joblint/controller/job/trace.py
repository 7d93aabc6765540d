"""What a simulation hands out: events, conditions and the state at the end; plain values, times in seconds."""

from __future__ import annotations

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NOTHING: dict[str, Any] = {}


@record
class Event:
    """Something that happened `t` seconds after the Job was made.

    `event` is pod-created, pod-started, pod-succeeded, pod-failed, container-failed, container-restarted, pod-deleting,
    pod-gone, status, action or job-deleted. `n` numbers the Pod, `index` is its completion index. `detail` holds what
    else there is to say: exit codes, the changed fields of the status, what somebody did."""

    t: float
    event: str
    n: int | None = None
    index: int | None = None
    detail: dict[str, Any] = NOTHING

    def as_dict(self) -> dict[str, Any]:
        """The event as the JSON of `jobs-explain` holds it."""
        return {"t": self.t, "event": self.event, "n": self.n, "index": self.index, **self.detail}


@record
class Condition:
    """A condition of the Job's status. `at`: seconds since the Job was made."""

    type: str
    status: str
    reason: str
    message: str
    at: float

    def as_dict(self) -> dict[str, str]:
        """The condition as the JSON of `jobs-explain` holds it."""
        return {"type": self.type, "status": self.status, "reason": self.reason, "message": self.message}


@record
class Final:
    """The Job's status when the simulation ended. The indexes are written as in the status: "0,2-4". The two times are full
    seconds of the clock, so that a Job that starts at once may have started up to a second before it was made."""

    conditions: tuple[Condition, ...]
    succeeded: int
    failed: int
    completed_indexes: str
    failed_indexes: str
    active: int
    ready: int
    terminating: int
    start_time: float | None
    completion_time: float | None

    def as_dict(self) -> dict[str, Any]:
        """The state as the JSON of `jobs-explain` holds it."""
        return {
            "conditions": [c.as_dict() for c in self.conditions],
            "succeeded": self.succeeded,
            "failed": self.failed,
            "completedIndexes": self.completed_indexes,
            "failedIndexes": self.failed_indexes,
            "active": self.active,
            "ready": self.ready,
            "terminating": self.terminating,
        }


@record
class Run:
    """A simulated run of a Job.

    `outcome` is how it came to an end:
    "complete" or "failed": the Job finished (`ends_at`);
    "stuck": nothing will ever happen any more, and the Job is not finished;
    "until": the time asked for was up;
    "for-ever": it was still trying again when the model gave up, and would go on.
    `stopped_at` is the time of the last thing that happened, or the time that was up. `pods` counts the Pods made,
    `restarts` the restarts in place."""

    events: tuple[Event, ...]
    final: Final
    ends_at: float | None
    job_deleted_at: float | None
    outcome: str
    stopped_at: float
    pods: int
    restarts: int

    def as_dict(self) -> dict[str, Any]:
        """The run as the JSON of `jobs-explain` holds it under `simulation`."""
        return {
            "events": [e.as_dict() for e in self.events],
            "final": self.final.as_dict(),
            "ends_at": self.ends_at,
            "job_deleted_at": self.job_deleted_at,
            "outcome": self.outcome,
        }
