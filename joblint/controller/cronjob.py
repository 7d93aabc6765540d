"""The CronJob controller as a discrete-event model: which Jobs it makes, skips, replaces and clears away, and when.

Source: Kubernetes 1.36.3, pkg/controller/cronjob/cronjob_controllerv2.go. The Jobs themselves are given by their run times.
"""

from __future__ import annotations

from bisect import insort
from heapq import heappop, heappush
from math import inf

from joblint.api.civil import epoch_of, rfc3339
from joblint.controller.calendar import next_start, starts
from joblint.controller.changes import merge
from joblint.controller.cronrun import CronAction, CronEvent, CronJobRun, CronRun, JobRun, Lost
from joblint.controller.cronspec import CronSpec, read
from joblint.controller.jobspec import mapping
from joblint.controller.missed import DELTA, MANY, InvalidSchedule, most_recent, next_look
from joblint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

MOST_JOBS = 100_000
"""Jobs after which the model stops, whatever the CronJob would go on to do."""

ACTIVE = "Not starting job because prior execution is running and concurrency policy is Forbid"
TOO_MANY = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"
UNSUPPORTED = (
    "CRON_TZ or TZ used in schedule {} is not officially supported, "
    "see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"
)


@record
class Start:
    """A start to come: the instant (seconds since the epoch), as the clock shows it in the CronJob's zone and in UTC
    (RFC 3339), and the name of the Job."""

    at: int
    local: str
    utc: str
    job: str


def next_starts(cronjob: dict[str, Any], count: int, now: float) -> tuple[Start, ...]:
    """The next starts of a CronJob after `now` (seconds since the epoch; `@every` counts from then).

    None for a schedule that never comes or cannot be read; suspension and concurrency are not asked.
    """
    spec = read(cronjob)
    found: list[Start] = []
    at = None if spec.schedule is None else next_start(spec.schedule, now, spec.zone)
    while at is not None and spec.schedule is not None and len(found) < count:
        found.append(Start(at, rfc3339(at, spec.zone.offset(at)), rfc3339(at), spec.job_name(at)))
        at = next_start(spec.schedule, at, spec.zone)
    return tuple(found)


def simulate(
    cronjob: dict[str, Any],
    created: float,
    until: float,
    runs: Sequence[JobRun] = (JobRun(),),
    actions: Sequence[CronAction] = (),
    most_jobs: int = MOST_JOBS,
) -> CronRun:
    """What becomes of a defaulted CronJob (it is not changed) made at `created`, up to `until` (seconds since the epoch).

    `runs` says how the Jobs go in order of creation, those made by hand too; the last one repeats. A status.lastScheduleTime
    of the CronJob is heeded, so that a live one can be followed. The same input gives the same output.
    """
    model = _Model(cronjob, created, tuple(runs) or (JobRun(),))
    for action in actions:
        model.at(action.at, "action", action)
    model.sync()
    end = until if model.run(until, most_jobs) else model.now
    return CronRun(tuple(model.events), tuple(map(_handed_out, model.all_jobs)), model.lost(end), tuple(model.running))


class _Job:
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


def _handed_out(job: _Job) -> CronJobRun:
    outcome = None if job.finished is None else job.outcome
    return CronJobRun(job.name, job.scheduled, job.created, job.finished, outcome, job.deleted, job.deleted_by)


class _Model:
    """The controller, its work queue and the Jobs of one CronJob."""

    def __init__(self, cronjob: dict[str, Any], created: float, runs: tuple[JobRun, ...]) -> None:
        self.now = created
        self.cronjob = cronjob
        self.spec: CronSpec = read(cronjob)
        self.runs = runs
        self.born = created // 1  # creationTimestamp is in whole seconds
        self.last: int | None = None
        self.success: int | None = None
        self.active: dict[str, _Job] = {}
        self.jobs: dict[str, _Job] = {}
        self.all_jobs: list[_Job] = []
        self.news: list[_Job] = []  # finished or gone since the controller last looked
        self.history: dict[str, list[tuple[float, str]]] = {"Complete": [], "Failed": []}
        self.events: list[CronEvent] = []
        self.said: set[tuple[str, str]] = set()
        self.blocked: dict[int, str] = {}
        self.stretches: list[tuple[float, CronSpec]] = [(created, self.spec)]
        self.outages: list[tuple[float, float]] = []
        self.running: list[tuple[float, int]] = [(created, 0)]
        self.queue: list[tuple[float, int, str, Any]] = []
        self.order = 0
        self.wake = inf
        self._take_status()

    # The loop over time

    def at(self, time: float, what: str, about: Any) -> None:
        self.order += 1
        heappush(self.queue, (max(time, self.now), self.order, what, about))

    def run(self, until: float, most_jobs: int) -> bool:
        """Let one thing after another happen up to `until`; False where there were too many Jobs to get there."""
        while len(self.all_jobs) < most_jobs:
            time = min(self.wake, self.queue[0][0] if self.queue else inf)
            if time > until:
                return True
            self.now = time
            if self.queue and self.queue[0][0] == time:
                _, _, what, about = heappop(self.queue)
                self._happen(what, about)
            else:
                self.wake = inf
                self.sync()
        return False

    def _happen(self, what: str, about: Any) -> None:
        if what == "action" and self._act(about):
            return
        if what == "finish":
            self._finish(about)
        elif what == "ttl":
            self._delete(about, "ttl")
        self.sync()

    def _act(self, action: CronAction) -> bool:
        """Do what somebody does; True where the controller does not look at it at once."""
        quiet = action.patch is not None and self._patch(action.patch)
        if action.create_job is not None and action.create_job not in self.jobs:
            self._make(action.create_job, None)
        if action.delete_job is not None and action.delete_job in self.jobs:
            self._delete(self.jobs[action.delete_job], "user")
        if action.outage > 0:
            self.outages.append((self.now, self.now + action.outage))
            self.at(self.now + action.outage, "back", None)
        return quiet

    def _patch(self, patch: Any) -> bool:
        """Change the CronJob; True where its schedule is another one: that is only looked at when its next start comes."""
        self.cronjob = merge(self.cronjob, patch)
        old, self.spec = self.spec, read(self.cronjob)
        self.stretches.append((self.now, self.spec))
        self.events.append(CronEvent(self.now, "action"))
        if isinstance(patch, dict) and "status" in patch:
            self._take_status()
        new = self.spec
        if new.schedule is None or (new.schedule, new.zone.name) == (old.schedule, old.zone.name):
            return False
        self._look_again_at(next_look(new.schedule, new.zone, self._since(), self.now))
        return True

    def _take_status(self) -> None:
        status = mapping(self.cronjob.get("status"))
        self.last = epoch_of(str(status.get("lastScheduleTime"))) or self.last
        self.success = epoch_of(str(status.get("lastSuccessfulTime"))) or self.success

    # Jobs

    def _make(self, name: str, scheduled: int | None) -> _Job:
        job = _Job(name, scheduled, self.now)
        run = self.runs[min(len(self.all_jobs), len(self.runs) - 1)]
        self.jobs[name] = job
        self.all_jobs.append(job)
        self.events.append(CronEvent(self.now, "job-created", name, scheduled))
        self.running.append((self.now, self.running[-1][1] + 1))
        if run.seconds is not None and not self.spec.job_suspended:
            self.at(self.now + run.seconds, "finish", job)
            job.outcome = run.outcome
        return job

    def _finish(self, job: _Job) -> None:
        if job.deleted is not None or job.outcome is None:
            return
        job.finished = self.now
        self.events.append(CronEvent(self.now, "job-finished", job.name, job.scheduled, job.outcome))
        self.running.append((self.now, self.running[-1][1] - 1))
        insort(self.history[job.outcome], (job.created // 1, job.name))
        self.news.append(job)
        if self.spec.ttl is not None:
            self.at(self.now + self.spec.ttl, "ttl", job)

    def _delete(self, job: _Job, by: str) -> None:
        if job.deleted is not None:
            return
        job.deleted, job.deleted_by = self.now, by
        del self.jobs[job.name]
        if job.finished is None:
            job.outcome = None
            self.running.append((self.now, self.running[-1][1] - 1))
        elif job.outcome is not None:
            self.history[job.outcome].remove((job.created // 1, job.name))
        self.events.append(CronEvent(self.now, "job-deleted", job.name, job.scheduled, by))
        self.news.append(job)

    # The controller

    def sync(self) -> None:
        """Look at the CronJob. A change of its status makes the controller look once more."""
        if any(start <= self.now < end for start, end in self.outages):
            return
        before = None
        while before != (state := (tuple(self.active), self.last, self.success)):
            if before is not None:
                self.events.append(CronEvent(self.now, "status", active=state[0], last=state[1], success=state[2]))
            before = state
            self._clear_history()
            self._see_jobs()
            if not self.spec.suspended:
                self._start_what_is_due()

    def _clear_history(self) -> None:
        for outcome, kept in (("Complete", self.spec.kept_successful), ("Failed", self.spec.kept_failed)):
            for _, name in self.history[outcome][: max(0, len(self.history[outcome]) - kept)]:
                self._delete(self.jobs[name], "history")
                self.active.pop(name, None)
                self._say("SuccessfulDelete", f"Deleted job {name}")

    def _see_jobs(self) -> None:
        for job in self.news:
            if job.finished is not None:
                if self.active.pop(job.name, None):
                    self._say("SawCompletedJob", f"Saw completed job: {job.name}, condition: {job.outcome}")
                if job.outcome == "Complete":
                    self.success = max(self.success or 0, int(job.finished // 1))
            elif self.active.pop(job.name, None):
                self._say("MissingJob", f"Active job went missing: {job.name}")
        self.news.clear()
        for job in self.all_jobs[-1:]:
            if job.scheduled is None and job.finished is None and job.deleted is None:
                self._say("UnexpectedJob", f"Saw a job that the controller did not create or forgot: {job.name}")

    def _start_what_is_due(self) -> None:
        spec = self.spec
        if spec.schedule is None:
            return
        if spec.schedule.zone is not None:
            self._say("UnsupportedSchedule", UNSUPPORTED)
        try:
            recent = most_recent(spec.schedule, spec.zone, self._since(), self.now, spec.deadline)
        except InvalidSchedule as error:
            text = mapping(self.cronjob.get("spec")).get("schedule")
            self._say("InvalidSchedule", f"invalid schedule: {text} : {error}")
            return
        due = recent.latest
        if due is not None:
            if recent.missed > MANY:
                self._say("TooManyMissedTimes", TOO_MANY)
            if spec.job_name(due) not in self.active and due != self.last:
                self._start(due)
        self._look_again_at(next_look(spec.schedule, spec.zone, self._since(), self.now))

    def _start(self, due: int) -> None:
        if self.spec.policy == "Forbid" and self.active:
            if due not in self.blocked:
                self.blocked[due] = "JobAlreadyActive"
                self.events.append(CronEvent(self.now, "skipped", scheduled=due, reason="JobAlreadyActive", message=ACTIVE))
            return
        if self.spec.policy == "Replace":
            for job in list(self.active.values()):
                self._delete(job, "replaced")
                del self.active[job.name]
                self._say("SuccessfulDelete", f"Deleted job {job.name}")
        name = self.spec.job_name(due)
        there = self.jobs.get(name)
        if there is not None:  # it is taken for the one that is due
            self.blocked[due] = "name-taken"
            if there.finished is not None:
                self.news.append(there)
        self.active[name] = there or self._make(name, due)
        if there is None:
            self._say("SuccessfulCreate", f"Created job {name}")
        self.last = due

    def _since(self) -> float:
        """What counts as the last start: the status' lastScheduleTime, or else the CronJob's creation."""
        return self.born if self.last is None else self.last

    def _look_again_at(self, time: float) -> None:
        # The work queue keeps the earlier one of two times.
        if time > self.now:
            self.wake = min(self.wake, time)

    def _say(self, reason: str, message: str) -> None:
        if (reason, message) not in self.said:
            self.said.add((reason, message))
            self.events.append(CronEvent(self.now, "event", reason=reason, message=message))

    def lost(self, until: float) -> tuple[Lost, ...]:
        """The starts that were due and never came, in order, and why; the one that still waits for its turn is none."""
        came = {job.scheduled for job in self.all_jobs if job.scheduled is not None}
        waiting = max(self.blocked, default=None) if self.active and self.spec.policy == "Forbid" else None
        lost: list[Lost] = []
        ends = [start for start, _ in self.stretches[1:]] + [until - DELTA]
        for (begin, spec), end in zip(self.stretches, ends, strict=True):
            if spec.schedule is None:
                continue
            if spec.schedule.every is not None:
                base = max((due for due in came if due <= begin), default=int(self.born))
                begin = base + (begin - base) // spec.schedule.every * spec.schedule.every
            for due in starts(spec.schedule, begin, end, spec.zone):
                if due not in came and due != waiting:
                    lost.append(Lost(due, self._why(due, spec)))
        return tuple(lost)

    def _why(self, due: int, spec: CronSpec) -> str:
        if due in self.blocked:
            return self.blocked[due]
        if spec.suspended:
            return "suspended"
        if any(start <= due < end for start, end in self.outages):
            return "outage"
        return "deadline" if spec.deadline is not None and spec.deadline < 1 else "superseded"
