"""The cluster of a simulation: the Pods of one Job, what happens to them by themselves, and the Job's status.

Knows the kubelet's plans and the clock; decides nothing that the Job controller decides (see `sync`). A Pod that is over and
counted is forgotten, so that memory follows the Pods that run, not those that ran. Times are milliseconds.
"""

from __future__ import annotations

from heapq import heappush

from joblint.controller.job.backoff import FIRST_DELAY, LONGEST_RESTART_DELAY, SECOND, Record
from joblint.controller.job.intervals import Indexes
from joblint.controller.job.pod import PENDING, POD_FAILED, POD_SUCCEEDED, RUNNING, Pod
from joblint.controller.job.policies import NO_MATCH, FailurePolicy, Match, SuccessPolicy
from joblint.controller.job.spec import JobSpec
from joblint.controller.job.status import Status
from joblint.controller.job.trace import NOTHING, Condition, Event
from joblint.controller.node.kubelet import FAILED_CONTAINER, RESTARTED, STARTED, SUCCEEDED, Killed, Plan
from joblint.controller.node.plans import Plans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.api.version.versions import Gates
    from joblint.controller.job.admission import Admission
    from joblint.controller.job.policies import Codes
    from joblint.controller.node.kubelet import Step
    from joblint.controller.node.pace import Pace
    from joblint.controller.scenario.scenario import Scenario, Standing

NEVER = 1 << 62
GONE_AFTER = 100
"""Milliseconds from the end of a deleted Pod's containers to its disappearance, under the instant kubelet."""

LONGEST_REFUSAL = 60 * SECOND
"""A Pod that could not be created is created again at the latest after so long."""

SWEPT_AFTER = (6_000, 20_000)
"""PodGC looks every 20 s for deleted Pods that are on no node, and marks them Failed: milliseconds from the deletion, usually."""

STEP, KILL, GONE, SWEEP, LATER = range(5)


class World:
    """All that changes during a simulation."""

    __slots__ = (
        "now",
        "job",
        "live",
        "gates",
        "spec",
        "status",
        "record",
        "target",
        "finished_at",
        "next_sync",
        "active",
        "fresh",
        "terminating",
        "ready",
        "restarts",
        "pods_made",
        "restarts_made",
        "failures_seen",
        "queue",
        "failure_policy",
        "success_policy",
        "emit_event",
        "quiet",
        "leapt",
        "done",
        "forgets_start",
        "pace",
        "admission",
        "budget",
        "create_failures",
        "syncing",
        "deleting",
        "job_gone",
        "leaving",
        "away_until",
        "_pods_gone",
        "_dead_nodes",
        "_unpulled",
        "_order",
        "_plans",
        "_attempts",
    )

    def __init__(
        self,
        job: dict[str, Any],
        scenario: Scenario,
        emit: Callable[[Event], bool | None],
        gates: Gates,
        pace: Pace,
        admission: Admission | None = None,
    ) -> None:
        self.now = 0
        self.gates = gates
        self.live: dict[str, Any] | None = None  # the Job as the server stores it, once a patch has changed it
        self.admission = admission
        self.budget = scenario.around.budget if scenario.around is not None else None
        self.create_failures = 0  # syncs in a row in which a Pod could not be created
        self.syncing = True  # there is a Job, and a controller that looks at it
        self.deleting = False  # the Job is deleted and waits for its Pods
        self.job_gone: int | None = None
        self.leaving = 0  # Pods that are being deleted
        self.away_until = 0  # until then the controller does not look
        self._pods_gone = 0
        self._dead_nodes: set[str] = set()
        self._unpulled: list[Pod] = []
        self.pace = pace
        # Without this a Job that is resumed fails immediately if its deadline, counted from its first start, is over.
        self.forgets_start = gates.on("MutableSchedulingDirectivesForSuspendedJobs")
        self.status = Status()
        self.record = Record()
        self.target: Condition | None = None  # FailureTarget or SuccessCriteriaMet, once it is in the status
        self.finished_at: int | None = None
        self.next_sync = 0
        self.active: dict[int, Pod] = {}
        self.fresh: dict[int, Pod] = {}  # ended, or counted as such, but not yet in the status
        self.terminating: dict[int, Pod] = {}  # deleted, containers still stopping
        self.ready = 0
        self.restarts = 0  # sum of restart counts over the Pods that are not over
        self.pods_made = 0
        self.restarts_made = 0
        self.failures_seen = 0
        self.queue: list[tuple[int, int, int, Any]] = []
        self.emit_event = emit
        self.quiet = False  # no further events are reported
        self.leapt = 0  # Pods and restarts that were not simulated one by one
        self._order = 0
        self._plans = Plans(scenario, pace)
        self._attempts: dict[int, int] = {}
        self.set_job(job)

    def set_job(self, job: dict[str, Any]) -> None:
        """Take a Job, at first or after a change."""
        old = getattr(self, "spec", None)
        self.job = job
        spec = self.spec = JobSpec(job)
        self.failure_policy = FailurePolicy(spec.failure_policy) if spec.failure_policy else None
        self.success_policy = SuccessPolicy(spec.success_policy, spec.completions or 0) if spec.success_policy else None
        if old is None or (old.completions != spec.completions and self.finished_at is None):
            if old is not None and spec.indexed and spec.completions is not None:
                self.status.completed.cut(spec.completions)
                self.status.succeeded = self.status.completed.total
                if self.status.failed_indexes is not None:
                    self.status.failed_indexes.cut(spec.completions)
                self.wake()
            self.done = Indexes()
            for known in (self.status.completed, self.status.failed_indexes or Indexes()):
                for first, last in zip(known.firsts, known.lasts, strict=True):
                    for index in range(first, last + 1):
                        self.done.add(index)
        if old is not None and old.only_failed != spec.only_failed:
            # From now on a Pod that is still stopping counts as over, or no longer does.
            for pod in self.terminating.values():
                if spec.only_failed:
                    self.fresh.pop(pod.n, None)
                elif pod.tracked:
                    self.fresh[pod.n] = pod
        if old is None or old.pod != spec.pod:
            self._plans.pod = spec.pod
            self._plans.made.clear()

    def emit(self, event: str, pod: Pod | None = None, detail: dict[str, Any] = NOTHING) -> None:
        """Tell that something happens now."""
        if self.quiet:
            return
        t = self.now / SECOND
        if pod is None:
            told = Event(t, event, None, None, detail, None, None)
        else:
            told = Event(t, event, pod.n, None if pod.index < 0 else pod.index, detail, None, None)
        self.quiet = self.emit_event(told) is True

    def wake(self) -> None:
        """Have the Job processed within a second, as after any change of a Pod or of the status."""
        at = max(self.now + self.pace.batch, self.away_until)
        if at < self.next_sync and self.finished_at is None and self.syncing:
            self.next_sync = at

    def push(self, at: int, kind: int, what: Any) -> None:
        """Have something happen to Pods later."""
        self._order += 1
        heappush(self.queue, (at, self._order, kind, what))

    def create(self, indexes: list[int], count: int, before: dict[int, Pod], row: int) -> None:
        """Create Pods: one for each index, or `count` without; `before` contains the Pods of these indexes that they replace.
        They are the `row`-th of those that followed each other."""
        cohorts: dict[Plan, list[Pod]] = {}
        now, plans = self.now, self._plans
        pulls = self._unpulled if self.admission is not None and self.admission.waits_for_image() else None
        same = plans.of(self.pods_made, -1, 0, now, row) if plans.uniform(self.pods_made, min(indexes, default=-1)) else None
        for index in indexes or [-1] * count:
            attempt = 0
            if plans.by_attempt and index >= 0:
                attempt = self._attempts.get(index, 0)
                self._attempts[index] = attempt + 1
            plan = same or plans.of(self.pods_made, index, attempt, now, row)
            pod = Pod(self.pods_made, index, now, plan, row)
            pod.pending = plan.pending or plan.script.node in self._dead_nodes
            self.pods_made += 1
            old = before.get(index)
            if old is not None:
                counts = self.match(old).counts
                pod.failures = old.failures + (1 if counts else 0)
                pod.ignored = old.ignored + (0 if counts else 1)
            self.active[pod.n] = pod
            self.emit("pod-created", pod)
            if pulls is not None:
                pulls.append(pod)
            elif not pod.pending:
                cohorts.setdefault(plan, []).append(pod)
        for plan, pods in cohorts.items():
            first = plan.step(0)
            if first is not None:
                self.push(now + first.at, STEP, (pods, plan, now, 0))
        self.wake()

    def delete(self, pod: Pod) -> None:
        """Delete a Pod: its containers get their time to stop, and it stays until it is counted."""
        if pod.deleted >= 0 or pod.gone:
            return
        pod.deleted = self.now
        self.leaving += 1
        self.emit("pod-deleting", pod)
        if pod.phase < POD_SUCCEEDED:
            self._leave_active(pod)
            self.terminating[pod.n] = pod
            if pod.tracked and not self.spec.only_failed:
                self.fresh[pod.n] = pod
            if pod.lost:
                pass  # no kubelet is there to stop it
            elif not pod.pending:
                killed = pod.plan.killed(pod.steps, self.now - pod.born)
                self.push(max(self.now, pod.born + killed.at), KILL, (pod, killed))
            elif self.pace.real and self.spec.only_failed:
                self.push(self.now + self.pace.within(*SWEPT_AFTER), SWEEP, pod)
            if not pod.tracked and _leaves_at_once(pod):
                self._gone(pod)
        elif not pod.tracked:
            self._gone(pod)
        self.wake()

    def untrack(self, pod: Pod) -> None:
        """Take off the finalizer: the Pod is counted, or never will be; a deleted one may now be removed."""
        if not pod.tracked:
            return
        pod.tracked = False
        self.fresh.pop(pod.n, None)
        if pod.deleted >= 0:
            if pod.phase >= POD_SUCCEEDED:
                self.push(max(self.now, pod.ended + self._goes()) if self.pace.real else self.now, GONE, pod)
            elif _leaves_at_once(pod):
                self._gone(pod)
        self.wake()

    def forget_attempts(self, index: int) -> None:
        """An index that succeeded needs no count of its Pods any more."""
        self._attempts.pop(index, None)

    def match(self, pod: Pod) -> Match:
        """Return the result of the podFailurePolicy for a Pod that failed; the result for an ended Pod does not change."""
        if self.failure_policy is None:
            return NO_MATCH
        if pod.match is None or pod.phase < POD_SUCCEEDED:
            name = f"{self.spec.pod_name}-{pod.index}-xxxxx" if pod.index >= 0 else f"{self.spec.pod_name}-xxxxx"
            pod.match = self.failure_policy.match(pod.codes, pod.init_codes, pod.conditions(), name)
        return pod.match

    def plan(self, index: int) -> Plan:
        """The plan of the next Pod of an index (-1: none)."""
        return self._plans.of(self.pods_made, index, 0, self.now, 1)

    def take(self, pod: Pod, step: Step, born: int, n: int) -> None:
        """A Pod takes the n-th step of its plan now."""
        self._take([pod], step, born, n)

    def follow(self, pod: Pod, step: Step, born: int, n: int) -> None:
        """The n-th step of a Pod's plan comes when it is due."""
        self.push(max(self.now, born + step.at), STEP, ([pod], pod.plan, born, n))

    def adopt(self, standing: Standing) -> None:
        """Take a Pod without an owner that was there before the Job, with all that has happened to it."""
        age = round(standing.age * SECOND)
        spec = {"restartPolicy": self.spec.pod.get("restartPolicy"), "containers": [{"name": "main"}]}
        plan = Plan(spec, standing.script, self.pace, -age % SECOND)  # a plan only knows the part of a second
        pod = self.active[self.pods_made] = Pod(self.pods_made, -1, -age, plan)
        self.pods_made += 1
        self.emit("pod-created", pod, {"adopted": True})
        now, emit = self.now, self.emit_event
        self.emit_event, self.syncing = _unheard, False
        while not pod.pending and pod.phase < POD_SUCCEEDED:
            step = plan.step(pod.steps)
            if step is None:
                break
            if step.at > age:
                self.push(step.at - age, STEP, ([pod], plan, -age, pod.steps))
                break
            self.now = step.at - age
            self._take([pod], step, -age, pod.steps)
        self.now, self.emit_event, self.syncing = now, emit, True
        if pod.phase != PENDING:
            told = {RUNNING: "pod-started", POD_SUCCEEDED: "pod-succeeded", POD_FAILED: "pod-failed"}[pod.phase]
            self.emit(told, pod)

    def admitted(self, count: int) -> int:
        """Return how many of this many Pods may be created now. If not all: FailedCreate, and another sync after 1, 2, 4 … 60
        s."""
        if self.admission is None:
            return count
        room, why = self.admission.room(len(self.active) + len(self.terminating), self.pods_made - self._pods_gone)
        if room < count:
            self.create_failures += 1
            wait = min(SECOND << min(self.create_failures - 1, 6), LONGEST_REFUSAL)
            self.next_sync = min(self.next_sync, self.now + wait)
            name = self.spec.pod_name.partition("/")[2]
            self.emit("create-failed", None, {"message": f'pods "{name}-xxxxx" is forbidden: {why}'})
        return min(room, count)

    def pull(self) -> None:
        """Images may be there now: the kubelet retries after 10, 20, 40 … 300 s."""
        if self.admission is None or self.admission.waits_for_image():
            return
        for pod in self._unpulled:
            at, wait = pod.created, FIRST_DELAY
            while at < self.now:
                at += wait + self.pace.within(0, FIRST_DELAY // 2)
                wait = min(wait * 2, LONGEST_RESTART_DELAY)
            pod.born = at - self.pace.start
            first = pod.plan.step(0)
            if first is not None and pod.deleted < 0:
                self.push(at, STEP, ([pod], pod.plan, pod.born, 0))
        self._unpulled.clear()

    def later(self, wait: int, what: Callable[[World, Any], None], about: Any) -> None:
        """Schedule something in this many milliseconds."""
        self.push(self.now + wait, LATER, (what, about))

    def uniform(self, index: int) -> bool:
        """Whether every Pod still to come follows one script and finds its node; `index` is the first index still open."""
        if not self._plans.uniform(self.pods_made, index):
            return False
        return not self._dead_nodes or self.plan(index).script.node not in self._dead_nodes

    @property
    def pods_gone(self) -> int:
        """Return how many Pods have been deleted."""
        return self._pods_gone

    def lose_node(self, name: str) -> None:
        """Nothing starts on this node any more."""
        self._dead_nodes.add(name)

    def on_node(self, name: str) -> list[Pod]:
        """The Pods on a node that are not over, in order of creation."""
        there = sorted({**self.active, **self.terminating}.values(), key=lambda p: p.n)
        return [p for p in there if p.plan.script.node == name and p.phase < POD_SUCCEEDED and not p.plan.pending]

    def not_ready(self, pod: Pod) -> None:
        """Mark a Pod whose node does not respond as not ready."""
        if pod.ready and pod.phase < POD_SUCCEEDED:
            if pod.n in self.active:
                self.ready -= 1
            pod.ready = False
            pod.unready_since = self.pace.api(self.now)
            self.wake()

    def sweep(self, pod: Pod) -> None:
        """PodGC marks a Pod as Failed and deletes it: one that is deleted and on no node, or whose node no longer exists."""
        if pod.phase >= POD_SUCCEEDED or pod.gone:
            return
        finish = pod.deleted if pod.deleted >= 0 else self.now
        if pod.deleted < 0:
            pod.deleted = self.now
            self.leaving += 1
            self.emit("pod-deleting", pod)
        self._end(pod, POD_FAILED, (), (), pod.unready_since if pod.unready_since >= 0 else finish, None)

    def happen(self, kind: int, what: Any) -> None:
        """Something from the queue happens now."""
        if kind == STEP:
            self._steps(*what)
        elif kind == KILL:
            pod: Pod = what[0]
            killed: Killed = what[1]
            if pod.phase < POD_SUCCEEDED and not pod.gone:
                phase = POD_SUCCEEDED if killed.good else POD_FAILED
                self._end(pod, phase, killed.codes, killed.init_codes, pod.born + killed.finish, pod.plan.script.reason)
        elif kind == SWEEP:
            self.sweep(what)
        elif kind == LATER:
            what[0](self, what[1])
        else:
            self._gone(what)

    def _steps(self, pods: list[Pod], plan: Plan, created: int, n: int) -> None:
        step = plan.step(n)
        if step is None:
            return
        left = self._take(pods, step, created, n)
        if left:
            following = plan.step(n + 1)
            if following is not None:
                self.push(created + following.at, STEP, (left, plan, created, n + 1))

    def _take(self, pods: list[Pod], step: Step, created: int, n: int) -> list[Pod]:
        """Pods take their n-th step; those that continue."""
        kind = step.kind
        left = []
        for pod in pods:
            if pod.deleted >= 0 or pod.lost:
                continue  # its containers were signaled to stop, and end as a deletion ends them
            if kind >= SUCCEEDED:
                phase = POD_SUCCEEDED if kind == SUCCEEDED else POD_FAILED
                pod.initialized = step.initialized
                self._end(pod, phase, step.codes, step.init_codes, created + step.finish, step.reason)
            else:
                self._step(pod, step)
                pod.steps = n + 1
                left.append(pod)
        return left

    def _step(self, pod: Pod, step: Step) -> None:
        """One step that does not end the Pod."""
        kind = step.kind
        pod.codes, pod.init_codes, pod.initialized = step.codes, step.init_codes, step.initialized
        pod.down = self.pace.api(pod.born + step.down) if step.down >= 0 else -1
        if kind == STARTED:
            pod.phase = RUNNING
            if not step.ready and pod.unready_since < 0:
                pod.unready_since = max(0, self.pace.api(pod.born + self.pace.start))  # marked as not ready from the first
            self.emit("pod-started", pod)
        elif kind == FAILED_CONTAINER:
            detail = {"container": step.name, "exit": step.code}
            self.emit("container-failed", pod, self._finished(pod, step.finish, detail))
        elif kind == RESTARTED:
            self.restarts_made += step.restarts
            pod.restarts += step.restarts
            self.restarts += step.restarts
            self.emit("container-restarted", pod, {"container": step.name})
        if step.ready != pod.ready:
            pod.ready = step.ready
            if step.ready:
                pod.ready_since, pod.unready_since = self.pace.api(self.now), -1
            else:
                pod.unready_since = self.pace.api(self.now)
            self.ready += 1 if step.ready else -1
        self.wake()

    def _end(self, pod: Pod, phase: int, codes: Codes, init_codes: Codes, finish: int, reason: str | None) -> None:
        self._leave_active(pod)
        self.terminating.pop(pod.n, None)
        self.restarts -= pod.restarts
        pod.phase = phase
        pod.codes, pod.init_codes = codes, init_codes
        pod.finish = self.pace.api(finish)
        pod.ended = self.now
        if phase == POD_FAILED:
            self.failures_seen += 1
        if pod.tracked:
            self.fresh[pod.n] = pod
        elif pod.deleted >= 0:
            self.push(self.now + self._goes(), GONE, pod)
        detail: dict[str, Any] = {"exit": [code for _, code in codes if code is not None]}
        if reason:
            detail["reason"] = reason
        self.emit(
            "pod-succeeded" if phase == POD_SUCCEEDED else "pod-failed", pod, self._finished(pod, finish - pod.born, detail)
        )
        self.wake()

    def _finished(self, pod: Pod, finish: int, detail: dict[str, Any]) -> dict[str, Any]:
        """The detail of an end, with when it really was: a real node sees it a while later."""
        return {**detail, "finished": (pod.born + finish) / SECOND} if self.pace.real else detail

    def _leave_active(self, pod: Pod) -> None:
        if self.active.pop(pod.n, None) is not None and pod.ready:
            self.ready -= 1

    def _goes(self) -> int:
        """Milliseconds from the end of a deleted Pod's containers to its disappearance."""
        return self.pace.within(300, 1000) if self.pace.real else GONE_AFTER

    def _gone(self, pod: Pod) -> None:
        if pod.gone:
            return
        pod.gone = True
        self._pods_gone += 1
        self.leaving -= 1
        self.terminating.pop(pod.n, None)
        self.fresh.pop(pod.n, None)
        if pod.phase < POD_SUCCEEDED:
            self.restarts -= pod.restarts
        self.emit("pod-gone", pod)
        self.wake()


def _leaves_at_once(pod: Pod) -> bool:
    """Whether a deleted Pod waits for nothing but its finalizer: nothing runs in it, or there is no grace period."""
    return pod.pending or not pod.plan.grace


def _unheard(event: Event) -> None:
    """Events before the Job existed are not reported."""
