"""What a simulation returns: events, conditions and the state at the end; plain values, times in seconds."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Outcome = Literal["complete", "failed", "stuck", "until", "for-ever", "too-many", "deleted"]

NOTHING: dict[str, Any] = {}


class Event(Record):
    """Something that happened `t` seconds after the Job's creation, usually between `t_min` and `t_max`.

    `event` is pod-created, pod-started, pod-succeeded, pod-failed, container-failed, container-restarted, pod-deleting,
    pod-gone, status, action or job-deleted. `n` is the number of the Pod, `index` its completion index. `detail` contains exit
    codes, the changed fields of the status, or the action.
    """

    t: float
    event: str
    n: int | None = None
    index: int | None = None
    detail: dict[str, Any] = NOTHING
    t_min: float | None = None
    t_max: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the event in the JSON format of `jobs-explain`."""
        low = self.t if self.t_min is None else self.t_min
        high = self.t if self.t_max is None else self.t_max
        return {"t": self.t, "t_min": low, "t_max": high, "event": self.event, "n": self.n, "index": self.index, **self.detail}


class Condition(Record):
    """A condition of the Job's status. `at`: seconds since the Job's creation."""

    type: str
    status: str
    reason: str
    message: str
    at: float

    def as_dict(self) -> dict[str, str]:
        """Return the condition in the JSON format of `jobs-explain`."""
        return {"type": self.type, "status": self.status, "reason": self.reason, "message": self.message}


class Final(Record):
    """The Job's status at the end of the simulation. The indexes are written as in the status: "0,2-4". The two times are full
    seconds of the clock, so that a Job that starts immediately may have started up to a second before its creation."""

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
        """Return the state in the JSON format of `jobs-explain`."""
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


class Run(Record):
    """A simulated run of a Job.

    `outcome` is how it ended: "complete" or "failed": the Job finished (`ends_at`); "stuck": nothing more will happen, and the
    Job is not finished; "until": the requested time is over; "for-ever": it was still retrying when the model stopped, and
    would continue; "too-many": the model stopped because there was too much to simulate, or at 30 days, long before a limit of
    the retries, and the rest is not known; "deleted": somebody deleted the Job before it had finished.

    `stopped_at` is the time of the last event, or the requested time. `pods` counts the Pods created, `restarts` the restarts
    in place, `gone` the deleted Pods. `events` are all events, or those up to `events_until` (seconds; None: all).

    `ends` and `deleted` are the earliest and the latest likely time of the end and of the deletion; None if they do not differ
    from the typical ones. `otherwise` lists how else it may end, each as (type, reason), ("", "") for no end at all: the order
    of events depends on fractions of a second.
    """

    events: tuple[Event, ...]
    final: Final
    ends_at: float | None
    job_deleted_at: float | None
    outcome: Outcome
    stopped_at: float
    pods: int
    restarts: int
    gone: int
    ends: tuple[float, float] | None = None
    deleted: tuple[float, float] | None = None
    otherwise: tuple[tuple[str, str], ...] = ()
    events_until: float | None = None

    @property
    def ends_between(self) -> tuple[float, float] | None:
        """Return the earliest and the latest likely time of the end; None if there is none."""
        return None if self.ends_at is None else self.ends or (self.ends_at, self.ends_at)

    @property
    def deleted_between(self) -> tuple[float, float] | None:
        """Return the earliest and the latest likely time of the Job's deletion; None if there is none."""
        return None if self.job_deleted_at is None else self.deleted or (self.job_deleted_at, self.job_deleted_at)

    @property
    def pace(self) -> float:
        """Return the Pods that succeeded per second, over the second half of the events; 0 if there were none."""
        known = [(e.t, int(e.detail["succeeded"])) for e in self.events if e.event == "status" and "succeeded" in e.detail]
        if len(known) < 2:
            return 0.0
        begin, end = known[len(known) // 2 - (len(known) == 2)], known[-1]
        return (end[1] - begin[1]) / (end[0] - begin[0]) if end[0] > begin[0] else 0.0

    @property
    def cut_at(self) -> float | None:
        """Return when the simulation was stopped, in seconds: the counts are those of that moment. None if it reached the
        end."""
        return self.stopped_at if self.outcome in ("until", "for-ever", "too-many") else None

    @property
    def ending(self) -> tuple[str, str]:
        """Return type and reason of the condition with which it ended; ("", "") if it did not."""
        last = self.final.conditions[-1] if self.ends_at is not None and self.final.conditions else None
        return (last.type, last.reason) if last is not None else ("", "")

    def as_dict(self) -> dict[str, Any]:
        """Return the run in the JSON format of `jobs-explain`, under `simulation`."""
        return {
            "events": [e.as_dict() for e in self.events],
            "final": self.final.as_dict(),
            **span("ends_at", self.ends_at, self.ends_between),
            **span("job_deleted_at", self.job_deleted_at, self.deleted_between),
            "outcome": self.outcome,
            "stopped_at": self.cut_at,
            "events_until": self.events_until,
            "otherwise": [{"type": t, "reason": r} for t, r in self.otherwise],
        }


def span(name: str, at: float | None, between: tuple[float, float] | None) -> dict[str, float | None]:
    """Return a time and its range in the JSON format of `jobs-explain`."""
    low, high = between or (None, None)
    return {name: at, f"{name}_min": low, f"{name}_max": high}
