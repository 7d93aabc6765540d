"""One look of the CronJob controller after another: history, finished Jobs, the start that is due; what people change.

Source: Kubernetes 1.36.3, pkg/controller/cronjob/cronjob_controllerv2.go (sync, syncCronJob, updateCronJob).
"""

from __future__ import annotations

from itertools import islice

from joblint.api.go.civil import epoch_of
from joblint.controller.cron.calendar import starts
from joblint.controller.cron.missed import DELTA, MANY, InvalidSchedule, most_recent, next_look
from joblint.controller.cron.spec import read
from joblint.controller.cron.trace import CronEvent, Lost
from joblint.controller.job.spec import mapping
from joblint.controller.merge_patch import merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.cron.spec import CronSpec
    from joblint.controller.cron.trace import CronAction
    from joblint.controller.cron.world import CronedJob, CronWorld

ACTIVE = "Not starting job because prior execution is running and concurrency policy is Forbid"
TOO_MANY = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"
UNSUPPORTED = (
    "CRON_TZ or TZ used in schedule {} is not officially supported, "
    "see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"
)


NAMED = 20
"""How many of the active Jobs a status event names, the latest ones."""


class Controller:
    """The controller of one CronJob: its spec and status, and what it did about each start.

    `active`, `last` and `success` are the status' active, lastScheduleTime and lastSuccessfulTime.
    """

    def __init__(self, cronjob: dict[str, Any], world: CronWorld) -> None:
        self.world = world
        self.cronjob = cronjob
        self.spec: CronSpec = read(cronjob)
        self.active: dict[str, CronedJob] = {}
        self.last: int | None = None
        self.success: int | None = None
        self._born = world.now // 1  # creationTimestamp is in whole seconds
        self._blocked: dict[int, str] = {}
        self._stretches: list[tuple[float, CronSpec]] = [(world.now, self.spec)]
        self._outages: list[tuple[float, float]] = []
        self._take_status()

    def happen(self, what: str, about: Any) -> None:
        """Apply the next event and let the controller react to it."""
        world = self.world
        if what == "action" and self._act(about):
            return
        if what == "finish":
            world.finish(about, self.spec.ttl)
        elif what == "ttl":
            world.delete(about, "ttl")
        self.sync()

    def sync(self) -> None:
        """Reconcile the CronJob. A change of its status makes the controller reconcile it again."""
        now = self.world.now
        if any(start <= now < end for start, end in self._outages):
            return
        before = None
        # Whatever joins the active Jobs brings a new lastScheduleTime with it, so that counting them is enough.
        while before != (state := (len(self.active), self.last, self.success)):
            if before is not None:
                names = tuple(islice(reversed(self.active), NAMED))[::-1]
                self.world.events.append(CronEvent(now, "status", active=names, last=self.last, success=self.success))
            before = state
            self._clear_history()
            self._see_jobs()
            if not self.spec.suspended:
                self._start_what_is_due()

    def lost(self, until: float) -> tuple[Lost, ...]:
        """Return the starts that were due but lost, in order, and why; a start that is still waiting is not included."""
        came = {job.scheduled for job in self.world.all_jobs if job.scheduled is not None}
        waiting = max(self._blocked, default=None) if self.active and self.spec.policy == "Forbid" else None
        lost: list[Lost] = []
        ends = [start for start, _ in self._stretches[1:]] + [until - DELTA]
        for (begin, spec), end in zip(self._stretches, ends, strict=True):
            if spec.schedule is None:
                continue
            if spec.schedule.every is not None:
                base = max((due for due in came if due <= begin), default=int(self._born))
                begin = base + (begin - base) // spec.schedule.every * spec.schedule.every
            for due in starts(spec.schedule, begin, end, spec.zone):
                if due not in came and due != waiting:
                    lost.append(Lost(due, self._why(due, spec)))
        return tuple(lost)

    def _why(self, due: int, spec: CronSpec) -> str:
        if due in self._blocked:
            return self._blocked[due]
        if spec.suspended:
            return "suspended"
        if any(start <= due < end for start, end in self._outages):
            return "outage"
        return "deadline" if spec.deadline is not None and spec.deadline < 1 else "superseded"

    # What people do

    def _act(self, action: CronAction) -> bool:
        """Perform a user's action; return True if the controller does not react immediately."""
        world = self.world
        quiet = action.patch is not None and self._patch(action.patch)
        if action.create_job is not None and action.create_job not in world.jobs:
            world.make(action.create_job, None, not self.spec.job_suspended)
        if action.delete_job is not None and action.delete_job in world.jobs:
            world.delete(world.jobs[action.delete_job], "user")
        if action.outage > 0:
            self._outages.append((world.now, world.now + action.outage))
            world.at(world.now + action.outage, "back", None)
        return quiet

    def _patch(self, patch: Any) -> bool:
        """Change the CronJob; return True if its schedule is a new one: the controller uses it only at its next start."""
        world = self.world
        self.cronjob = merge(self.cronjob, patch)
        old, self.spec = self.spec, read(self.cronjob)
        self._stretches.append((world.now, self.spec))
        world.events.append(CronEvent(world.now, "action"))
        if isinstance(patch, dict) and "status" in patch:
            self._take_status()
        new = self.spec
        if new.schedule is None or (new.schedule, new.zone.name) == (old.schedule, old.zone.name):
            return False
        world.look_again_at(next_look(new.schedule, new.zone, self._since(), world.now))
        return True

    def _take_status(self) -> None:
        status = mapping(self.cronjob.get("status"))
        self.last = epoch_of(str(status.get("lastScheduleTime"))) or self.last
        self.success = epoch_of(str(status.get("lastSuccessfulTime"))) or self.success

    # What the controller does

    def _clear_history(self) -> None:
        world = self.world
        for outcome, kept in (("Complete", self.spec.kept_successful), ("Failed", self.spec.kept_failed)):
            there = world.history[outcome]
            for _, name in there[: max(0, len(there) - kept)]:
                world.delete(world.jobs[name], "history")
                self.active.pop(name, None)
                world.say("SuccessfulDelete", f"Deleted job {name}")

    def _see_jobs(self) -> None:
        world = self.world
        for job in world.news:
            if job.finished is not None:
                if self.active.pop(job.name, None):
                    world.say("SawCompletedJob", f"Saw completed job: {job.name}, condition: {job.outcome}")
                if job.outcome == "Complete":
                    self.success = max(self.success or 0, int(job.finished // 1))
            elif self.active.pop(job.name, None):
                world.say("MissingJob", f"Active job went missing: {job.name}")
        world.news.clear()
        for job in world.all_jobs[-1:]:
            if job.scheduled is None and job.finished is None and job.deleted is None:
                world.say("UnexpectedJob", f"Saw a job that the controller did not create or forgot: {job.name}")

    def _start_what_is_due(self) -> None:
        spec, world = self.spec, self.world
        if spec.schedule is None:
            return
        text = mapping(self.cronjob.get("spec")).get("schedule")
        if spec.schedule.zone is not None:
            world.say("UnsupportedSchedule", UNSUPPORTED.format(f'"{text}"'))
        try:
            recent = most_recent(spec.schedule, spec.zone, self._since(), world.now, spec.deadline)
        except InvalidSchedule as error:
            world.say("InvalidSchedule", f"invalid schedule: {text} : {error}")
            return
        due = recent.latest
        if due is not None:
            if recent.missed > MANY:
                world.say("TooManyMissedTimes", TOO_MANY)
            if spec.job_name(due) not in self.active and due != self.last:
                self._start(due)
        world.look_again_at(next_look(spec.schedule, spec.zone, self._since(), world.now))

    def _start(self, due: int) -> None:
        world, spec = self.world, self.spec
        if spec.policy == "Forbid" and self.active:
            if due not in self._blocked:
                self._blocked[due] = "JobAlreadyActive"
                world.events.append(CronEvent(world.now, "skipped", scheduled=due, reason="JobAlreadyActive", message=ACTIVE))
            return
        if spec.policy == "Replace":
            for job in list(self.active.values()):
                world.delete(job, "replaced")
                del self.active[job.name]
                world.say("SuccessfulDelete", f"Deleted job {job.name}")
        name = spec.job_name(due)
        there = world.jobs.get(name)
        if there is not None:  # it counts as the one that is due
            self._blocked[due] = "name-taken"
            if there.finished is not None:
                world.news.append(there)
        self.active[name] = there or world.make(name, due, not spec.job_suspended)
        if there is None:
            world.say("SuccessfulCreate", f"Created job {name}")
        self.last = due

    def _since(self) -> float:
        """What counts as the last start: the status' lastScheduleTime, or else the CronJob's creation."""
        return self._born if self.last is None else self.last
