"""The cluster of a simulation: the Pods of one Job, what happens to them by themselves, and the Job's status.

Knows the kubelet's plans and the clock; decides nothing that the Job controller decides (see `sync`). A Pod that is over and
counted is forgotten, so that memory follows the Pods that run, not those that ran. Times are milliseconds.
"""

from __future__ import annotations

from heapq import heappush

from joblint.controller.job.backoff import SECOND, Record
from joblint.controller.job.intervals import Indexes
from joblint.controller.job.pod import POD_FAILED, POD_SUCCEEDED, RUNNING, Pod
from joblint.controller.job.policies import NO_MATCH, FailurePolicy, Match, SuccessPolicy
from joblint.controller.job.spec import JobSpec
from joblint.controller.job.trace import NOTHING, Condition, Event
from joblint.controller.node.kubelet import FAILED_CONTAINER, RESTARTED, STARTED, SUCCEEDED, Killed, Plan
from joblint.controller.node.plans import Plans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.api.version.versions import Gates
    from joblint.controller.job.policies import Codes
    from joblint.controller.node.kubelet import Step
    from joblint.controller.node.pace import Pace
    from joblint.controller.scenario.scenario import Scenario

NEVER = 1 << 62
GONE_AFTER = 100
"""Milliseconds from the end of a deleted Pod's containers to its disappearance, under the instant kubelet."""

SWEPT_AFTER = (6_000, 20_000)
"""PodGC looks every 20 s for deleted Pods that are on no node, and marks them Failed: milliseconds from the deletion, mostly."""

STEP, KILL, GONE, SWEEP = range(4)


class Status:
    """The Job's status. None: not written yet."""

    __slots__ = (
        "active",
        "ready",
        "terminating",
        "succeeded",
        "failed",
        "completed",
        "failed_indexes",
        "conditions",
        "start",
        "completion",
    )

    def __init__(self) -> None:
        self.active = 0
        self.ready: int | None = None
        self.terminating: int | None = None
        self.succeeded = 0
        self.failed = 0
        self.completed = Indexes()
        self.failed_indexes: Indexes | None = None
        self.conditions: list[Condition] = []
        self.start: int | None = None
        self.completion: int | None = None


class World:
    """All that changes during a simulation."""

    __slots__ = (
        "now",
        "job",
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
        "done",
        "forgets_start",
        "pace",
        "_order",
        "_plans",
        "_attempts",
    )

    def __init__(
        self, job: dict[str, Any], scenario: Scenario, emit: Callable[[Event], object], gates: Gates, pace: Pace
    ) -> None:
        self.now = 0
        self.pace = pace
        # Without this a Job that is resumed fails at once where its deadline, counted from its first start, is over.
        self.forgets_start = gates.on("MutableSchedulingDirectivesForSuspendedJobs")
        self.status = Status()
        self.record = Record()
        self.target: Condition | None = None  # FailureTarget or SuccessCriteriaMet, once it is in the status
        self.finished_at: int | None = None
        self.next_sync = 0
        self.active: dict[int, Pod] = {}
        self.fresh: dict[int, Pod] = {}  # over, or counted as over, and not yet taken into the status
        self.terminating: dict[int, Pod] = {}  # deleted, containers still stopping
        self.ready = 0
        self.restarts = 0  # sum of restart counts over the Pods that are not over
        self.pods_made = 0
        self.restarts_made = 0
        self.failures_seen = 0
        self.queue: list[tuple[int, int, int, Any]] = []
        self.emit_event = emit
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
        t = self.now / SECOND
        if pod is None:
            self.emit_event(Event(t, event, None, None, detail))
        else:
            self.emit_event(Event(t, event, pod.n, None if pod.index < 0 else pod.index, detail))

    def wake(self) -> None:
        """Have the Job looked at in a second at the latest, as any change of a Pod or of the status does."""
        at = self.now + self.pace.batch
        if at < self.next_sync and self.finished_at is None:
            self.next_sync = at

    def push(self, at: int, kind: int, what: Any) -> None:
        """Have something happen to Pods later."""
        self._order += 1
        heappush(self.queue, (at, self._order, kind, what))

    def create(self, indexes: list[int], count: int, before: dict[int, Pod], row: int) -> None:
        """Make Pods: one for each index, or `count` without; `before` holds the Pods of these indexes that they replace. They
        are the `row`-th of those that followed each other."""
        cohorts: dict[Plan, list[Pod]] = {}
        now, plans = self.now, self._plans
        for index in indexes or [-1] * count:
            attempt = 0
            if plans.by_attempt and index >= 0:
                attempt = self._attempts.get(index, 0)
                self._attempts[index] = attempt + 1
            plan = plans.of(self.pods_made, index, attempt, now, row)
            pod = Pod(self.pods_made, index, now, plan, row)
            self.pods_made += 1
            old = before.get(index)
            if old is not None:
                counts = self.match(old).counts
                pod.failures = old.failures + (1 if counts else 0)
                pod.ignored = old.ignored + (0 if counts else 1)
            self.active[pod.n] = pod
            self.emit("pod-created", pod)
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
        self.emit("pod-deleting", pod)
        if pod.phase < POD_SUCCEEDED:
            self._leave_active(pod)
            self.terminating[pod.n] = pod
            if pod.tracked and not self.spec.only_failed:
                self.fresh[pod.n] = pod
            if not pod.plan.pending:
                killed = pod.plan.killed(pod.steps, self.now - pod.created)
                self.push(max(self.now, pod.created + killed.at), KILL, (pod, killed))
            elif self.pace.real and self.spec.only_failed:
                self.push(self.now + self.pace.within(*SWEPT_AFTER), SWEEP, pod)
            if not pod.tracked and _leaves_at_once(pod):
                self._gone(pod)
        elif not pod.tracked:
            self._gone(pod)
        self.wake()

    def untrack(self, pod: Pod) -> None:
        """Take off the finalizer: the Pod is counted, or never will be; a deleted one may now disappear."""
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
        """What the podFailurePolicy says of a Pod that failed; the answer of an ended Pod stays."""
        if self.failure_policy is None:
            return NO_MATCH
        if pod.match is None or pod.phase < POD_SUCCEEDED:
            name = f"{self.spec.pod_name}-{pod.index}-xxxxx" if pod.index >= 0 else f"{self.spec.pod_name}-xxxxx"
            pod.match = self.failure_policy.match(pod.codes, pod.init_codes, pod.conditions(), name)
        return pod.match

    def happen(self, kind: int, what: Any) -> None:
        """Something from the queue happens now."""
        if kind == STEP:
            self._steps(*what)
        elif kind == KILL:
            pod: Pod = what[0]
            killed: Killed = what[1]
            if pod.phase < POD_SUCCEEDED and not pod.gone:
                phase = POD_SUCCEEDED if killed.good else POD_FAILED
                self._end(pod, phase, killed.codes, killed.init_codes, pod.created + killed.finish, pod.plan.script.reason)
        elif kind == SWEEP:
            if what.phase < POD_SUCCEEDED and not what.gone:
                self._end(what, POD_FAILED, (), (), what.deleted, None)
        else:
            self._gone(what)

    def _steps(self, pods: list[Pod], plan: Plan, created: int, n: int) -> None:
        step = plan.step(n)
        if step is None:
            return
        kind = step.kind
        left = []
        for pod in pods:
            if pod.deleted >= 0:
                continue  # its containers were told to stop, and end as a deletion ends them
            if kind >= SUCCEEDED:
                phase = POD_SUCCEEDED if kind == SUCCEEDED else POD_FAILED
                pod.initialized = step.initialized
                self._end(pod, phase, step.codes, step.init_codes, created + step.finish, step.reason)
            else:
                self._step(pod, step)
                pod.steps = n + 1
                left.append(pod)
        if left:
            following = plan.step(n + 1)
            if following is not None:
                self.push(created + following.at, STEP, (left, plan, created, n + 1))

    def _step(self, pod: Pod, step: Step) -> None:
        """One step that does not end the Pod."""
        kind = step.kind
        pod.codes, pod.init_codes, pod.initialized = step.codes, step.init_codes, step.initialized
        pod.down = self.pace.api(pod.created + step.down) if step.down >= 0 else -1
        if kind == STARTED:
            pod.phase = RUNNING
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
            "pod-succeeded" if phase == POD_SUCCEEDED else "pod-failed", pod, self._finished(pod, finish - pod.created, detail)
        )
        self.wake()

    def _finished(self, pod: Pod, finish: int, detail: dict[str, Any]) -> dict[str, Any]:
        """The detail of an end, with when it really was: a real node sees it a while later."""
        return {**detail, "finished": (pod.created + finish) / SECOND} if self.pace.real else detail

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
        self.terminating.pop(pod.n, None)
        self.fresh.pop(pod.n, None)
        if pod.phase < POD_SUCCEEDED:
            self.restarts -= pod.restarts
        self.emit("pod-gone", pod)
        self.wake()


def _leaves_at_once(pod: Pod) -> bool:
    """Whether a deleted Pod waits for nothing but its finalizer: nothing runs in it, or there is no grace period."""
    return pod.plan.pending or not pod.plan.grace
