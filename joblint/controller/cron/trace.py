"""The input and output of a simulated CronJob: runs, actions, events, Jobs; plain values.

All instants are seconds since the epoch.
"""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal


class JobRun(Record):
    """One Job's run: it finishes `seconds` after its creation (None: never), Complete or Failed."""

    seconds: float | None = 5.0
    outcome: Literal["Complete", "Failed"] = "Complete"


class CronAction(Record):
    """What a user does at an instant: a merge patch on the CronJob, a Job created from it (`kubectl create job --from`), the
    deletion of a Job; or `outage`: the controller is down for this many seconds."""

    at: float
    patch: Any = None
    create_job: str | None = None
    delete_job: str | None = None
    outage: float = 0.0


class CronEvent(Record):
    """Something that happened at an instant.

    `event` is job-created, job-finished, job-deleted, skipped, status, action, or event (an Event of the API). `scheduled`
    is the start it is about. `reason`: of job-finished Complete or Failed; of job-deleted history, replaced, ttl or user; of
    skipped JobAlreadyActive; of event the Event's own reason, and `message` its text. Of status only: `active` are the
    status' active Jobs (the latest 20), `last` and `success` its lastScheduleTime and lastSuccessfulTime.
    """

    at: float
    event: str
    job: str | None = None
    scheduled: int | None = None
    reason: str = ""
    message: str = ""
    active: tuple[str, ...] = ()
    last: int | None = None
    success: int | None = None


class CronJobRun(Record):
    """One Job: when it was due (None: created manually), created, finished and deleted (None: not yet), and its result."""

    name: str
    scheduled: int | None
    created: float
    finished: float | None
    outcome: str | None
    deleted: float | None
    deleted_by: str | None


class Lost(Record):
    """A start that was lost.

    `reason`: JobAlreadyActive (another one ran, with Forbid), suspended, outage, deadline (too late for
    startingDeadlineSeconds), name-taken (a Job of that minute existed), superseded (a later one was started instead).
    """

    scheduled: int
    reason: str


class CronRun(Record):
    """A simulated stretch of a CronJob's life. `running` gives the number of unfinished Jobs from an instant on."""

    events: tuple[CronEvent, ...]
    jobs: tuple[CronJobRun, ...]
    lost: tuple[Lost, ...]
    running: tuple[tuple[float, int], ...]

    @property
    def most_running(self) -> int:
        """The largest number of Jobs that were unfinished at the same time."""
        return max((count for _, count in self.running), default=0)

    @property
    def kept(self) -> tuple[CronJobRun, ...]:
        """The finished Jobs that are still there."""
        return tuple(job for job in self.jobs if job.finished is not None and job.deleted is None)
