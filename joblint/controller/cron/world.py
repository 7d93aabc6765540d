"""The Jobs of one CronJob in the model: created, finished and deleted over time, with its events; no controller.

All instants are seconds since the epoch.
"""

from __future__ import annotations

from bisect import insort
from heapq import heappop, heappush
from math import inf

from joblint.controller.cron.trace import CronEvent, CronJobRun

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.cron.trace import JobRun


class CronedJob:
    """A Job in the model; `outcome` is known before it is finished, and None for one that never will be."""

    __slots__ = ("name", "scheduled", "created", "finished", "outcome", "deleted", "deleted_by")

    def __init__(self, name: str, scheduled: int | None, created: float) -> None:
        self.name = name
        self.scheduled = scheduled
        self.created = created
        self.finished: float | None = None
        self.outcome: str | None = None
        self.deleted: float | None = None
        self.deleted_by: str | None = None

    def handed_out(self) -> CronJobRun:
        """Return the Job as a record that does not change any more."""
        outcome = None if self.finished is None else self.outcome
        return CronJobRun(self.name, self.scheduled, self.created, self.finished, outcome, self.deleted, self.deleted_by)


class CronWorld:
    """The simulated cluster, and what will happen when.

    `jobs` are those that exist, by name; `news` those that finished or were deleted since the controller last looked;
    `history` the finished ones, the oldest first; `wake` the instant at which the controller looks by itself.
    """

    def __init__(self, now: float, runs: tuple[JobRun, ...]) -> None:
        self.now = now
        self.runs = runs
        self.jobs: dict[str, CronedJob] = {}
        self.all_jobs: list[CronedJob] = []
        self.news: list[CronedJob] = []
        self.history: dict[str, list[tuple[float, str]]] = {"Complete": [], "Failed": []}
        self.events: list[CronEvent] = []
        self.running: list[tuple[float, int]] = [(now, 0)]
        self.wake = inf
        self._said: set[tuple[str, str]] = set()
        self._queue: list[tuple[float, int, str, Any]] = []
        self._order = 0

    def at(self, time: float, what: str, about: Any) -> None:
        """Schedule something at an instant; of two at the same one, the first scheduled comes first."""
        self._order += 1
        heappush(self._queue, (max(time, self.now), self._order, what, about))

    def next(self, until: float) -> tuple[str, Any] | None:
        """Move on to the next event: a scheduled one, or "wake"; None if there is none up to `until`."""
        time = min(self.wake, self._queue[0][0] if self._queue else inf)
        if time > until:
            return None
        self.now = time
        if self._queue and self._queue[0][0] == time:
            _, _, what, about = heappop(self._queue)
            return what, about
        self.wake = inf
        return "wake", None

    def look_again_at(self, time: float) -> None:
        """Wake the controller then; the work queue keeps the earlier one of two times."""
        if time > self.now:
            self.wake = min(self.wake, time)

    def make(self, name: str, scheduled: int | None, ends: bool) -> CronedJob:
        """Create a Job, which finishes unless `ends` is false."""
        job = CronedJob(name, scheduled, self.now)
        run = self.runs[min(len(self.all_jobs), len(self.runs) - 1)]
        self.jobs[name] = job
        self.all_jobs.append(job)
        self.events.append(CronEvent(self.now, "job-created", name, scheduled))
        self.running.append((self.now, self.running[-1][1] + 1))
        if run.seconds is not None and ends:
            self.at(self.now + run.seconds, "finish", job)
            job.outcome = run.outcome
        return job

    def finish(self, job: CronedJob, ttl: int | None) -> None:
        """Mark the Job as Complete or Failed; `ttl` seconds later it is deleted (None: it is kept)."""
        if job.deleted is not None or job.outcome is None:
            return
        job.finished = self.now
        self.events.append(CronEvent(self.now, "job-finished", job.name, job.scheduled, job.outcome))
        self.running.append((self.now, self.running[-1][1] - 1))
        insort(self.history[job.outcome], (job.created // 1, job.name))
        self.news.append(job)
        if ttl is not None:
            self.at(self.now + ttl, "ttl", job)

    def delete(self, job: CronedJob, by: str) -> None:
        """Delete the Job, and its Pods after it."""
        if job.deleted is not None:
            return
        job.deleted, job.deleted_by = self.now, by
        del self.jobs[job.name]
        if job.finished is None:
            self.running.append((self.now, self.running[-1][1] - 1))
        elif job.outcome is not None:
            self.history[job.outcome].remove((job.created // 1, job.name))
        self.events.append(CronEvent(self.now, "job-deleted", job.name, job.scheduled, by))
        self.news.append(job)

    def say(self, reason: str, message: str) -> None:
        """Record an Event of the API, once: further ones with the same text only increase its count."""
        if (reason, message) not in self._said:
            self._said.add((reason, message))
            self.events.append(CronEvent(self.now, "event", reason=reason, message=message))
