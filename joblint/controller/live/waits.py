"""What a live Job waits for: the back-off before its next Pod, the restart of a container, a creation that is rejected.

Times are epoch seconds. Sources: Kubernetes 1.36.3 pkg/controller/job/backoff_utils.go and indexed_job_utils.go, pkg/kubelet
(completeWork, crash-loop back-off), pkg/controller/tainteviction; measured on live clusters.
"""

from __future__ import annotations

from joblint.base.durations import show_duration
from joblint.controller.job.backoff import SECOND, restart_delay
from joblint.controller.job.intervals import Indexes
from joblint.controller.job.policies import NO_MATCH, FailurePolicy, SuccessPolicy
from joblint.controller.job.spec import mapping
from joblint.controller.live.ends import pod_due
from joblint.controller.live.objects import event_time, instant
from joblint.controller.live.states import NOTHING, NOTICED, SYNC, Next, back_off, first
from joblint.controller.node.pace import OVERDUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.job.policies import Match
    from joblint.controller.job.spec import JobSpec
    from joblint.controller.live.objects import Owned
    from joblint.controller.live.pods import LivePod


class Waits:
    """The waits of one Job that is neither finished nor suspended, at an instant."""

    def __init__(self, owned: Owned, spec: JobSpec, pods: tuple[LivePod, ...], now: float) -> None:
        self.owned, self.spec, self.pods, self.now = owned, spec, pods, now
        self.status = mapping(owned.job.get("status"))
        self.active = [p for p in pods if p.active]
        self._policy = None if spec.failure_policy is None else FailurePolicy(spec.failure_policy)

    @property
    def missing(self) -> int:
        """How many more Pods the controller wants."""
        return self._wanted() - len(self.active)

    def _wanted(self) -> int:
        succeeded = self.succeeded()
        if self.spec.completions is None:
            return 0 if succeeded else self.spec.parallelism
        return max(0, min(self.spec.parallelism, self.spec.completions - succeeded))

    def succeeded(self) -> int:
        """How many Pods have succeeded, counted or not."""
        counted = self.status.get("succeeded")
        here = sum([1 for p in self.pods if p.phase == "Succeeded"])
        return max(counted if isinstance(counted, int) else 0, here)

    def failed(self) -> int:
        """How many Pods have failed, counted or not."""
        counted = self.status.get("failed")
        here = sum([1 for p in self.pods if p.phase == "Failed" and self._matched(p).counts])
        return max(counted if isinstance(counted, int) else 0, here)

    def _matched(self, pod: LivePod) -> Match:
        """What podFailurePolicy makes of a failed Pod."""
        if self._policy is None or pod.phase != "Failed":
            return NO_MATCH
        ended = [(c, (c.name, c.code if c.finished is not None else None)) for c in pod.containers]
        codes = tuple([code for c, code in ended if c.role == "main"])
        inits = tuple([code for c, code in ended if c.role != "main"])
        meta = mapping(self.owned.job.get("metadata"))
        return self._policy.match(codes, inits, pod.conditions, f"{meta.get('namespace') or 'default'}/{pod.name}")

    def fails(self) -> str | None:
        """Return the message of the FailJob rule that a failed Pod matches, which the controller is about to notice; or None."""
        if self._policy is None:
            return None
        found = [self._matched(pod) for pod in self.pods]
        return next((match.message for match in found if match.action == "FailJob"), None)

    def succeeds(self) -> str | None:
        """Return what the controller is about to write if the successPolicy is met; otherwise None."""
        policy, completions = self.spec.success_policy, self.spec.completions
        if policy is None or completions is None:
            return None
        done = Indexes()
        for index in sorted(
            indexes(self.status.get("completedIndexes"))
            | {p.index for p in self.pods if p.phase == "Succeeded" and p.index is not None and p.index < completions}
        ):
            done.add(index)
        return SuccessPolicy(policy, completions).match(done)

    def _over(self, pod: LivePod) -> bool:
        """Whether a Pod counts as failed: a deleted one does at once, unless podReplacementPolicy waits for its end."""
        return pod.phase == "Failed" or (pod.deleted is not None and not pod.over and not self.spec.only_failed)

    def in_a_row(self) -> list[float]:
        """When the failures since the last success were, in order."""
        last = max([p.finished or 0.0 for p in self.pods if p.phase == "Succeeded"], default=0.0)
        found = [p.finished for p in self.pods if self._over(p) and p.finished is not None]
        found += self.owned.killed()
        return sorted([t for t in found if t > last])

    def next_pod(self) -> Next | None:
        """Return the next Pod, if one is missing and its back-off is not over; None if none is missing or none has failed."""
        if self.spec.per_index is not None:
            return self._next_of_index()
        if self.missing <= 0:
            return None
        # With podReplacementPolicy Failed, a Pod that is being deleted keeps its place until it has ended.
        holding = [p for p in self.pods if p.deleted is not None and not p.over and self.spec.only_failed]
        since = self.in_a_row()
        if len(holding) >= self.missing:
            return self._after(holding, len(since) + 1)
        if not since:
            return None
        n, delay = len(since), back_off(len(since))
        due = since[-1] + delay
        if due <= self.now - 3 * SYNC:
            return None
        counted = "one failure" if n == 1 else f"{n} failures in a row"
        because = f"back-off of {show_duration(delay)} after {counted}{self._fatal()}"
        due = max(due, self.now)
        return Next("pod-created", due, due + SYNC, because)

    def follows(self) -> Next | None:
        """Return the Pod after one that has succeeded just now; None if none is missing."""
        ended = max([p.finished or 0.0 for p in self.pods if p.phase == "Succeeded"], default=0.0)
        if self.spec.per_index is not None or self.missing <= 0 or ended < self.now - 3 * SYNC:
            return None
        return Next("pod-created", self.now, self.now + SYNC, "the Pod before it has just succeeded")

    def _fatal(self) -> str:
        """Which failure fails the Job, in words; "" where no limit is near."""
        limit, failed = self.spec.backoff_limit, self.failed()
        if self.spec.on_failure or limit - failed > 100:
            return ""
        return "; the next failure fails the Job" if failed + 1 > limit else f"; failure {limit + 1} fails the Job"

    def _after(self, holding: list[LivePod], failures: int) -> Next:
        """The Pod that follows when those that are being deleted have ended."""
        if any(p.silent(self.now) for p in holding):
            return NOTHING
        latest = max(p.deleted or self.now for p in holding)
        wait = back_off(failures)
        low = min(latest, max(self.now, min((p.deleted or self.now) - p.grace for p in holding)))
        because = "the back-off begins once the deleted Pod has ended"
        return Next("pod-created", low + wait, latest + wait + SYNC, because)

    def _next_of_index(self) -> Next | None:
        """The earliest of the indexes that wait, each on its own clock."""
        over = indexes(self.status.get("completedIndexes")) | indexes(self.status.get("failedIndexes"))
        latest: dict[int, LivePod] = {}
        for pod in self.pods:
            if pod.index is not None:
                latest[pod.index] = pod  # pods are in the order of their creation
        found: list[Next] = []
        for index, pod in latest.items():
            if index in over or index >= (self.spec.completions or 0):
                continue
            if self.spec.only_failed and pod.deleted is not None and not pod.over:
                found.append(self._after([pod], pod.failures + pod.ignored + 1))
                continue
            if not self._over(pod) or pod.finished is None or self._fails_index(pod):
                continue
            n = pod.failures + pod.ignored + 1
            due = max(pod.finished + back_off(n), self.now)
            because = f"index {index}: back-off of {show_duration(back_off(n))} after failure {n}"
            found.append(Next("pod-created", due, due + SYNC, because))
        return first(*found) if found else None

    def _fails_index(self, pod: LivePod) -> bool:
        """Whether a Pod that has failed is the last one of its index."""
        match = self._matched(pod)
        return match.action == "FailIndex" or match.counts and pod.failures >= (self.spec.per_index or 0)

    def restart(self) -> Next | None:
        """The kubelet restarts a failed container after 0, 10, 20, 40 … 300 s and a while; None if none waits for that."""
        found: list[Next] = []
        for pod in self.active:
            ends = pod_due(pod, self.now)
            for container in pod.crashed:
                if container.finished is None:
                    continue
                k = container.restarts
                wait = restart_delay(k)
                early, _, late = OVERDUE.get(wait, (0, 0, SECOND))
                low, high = container.finished + (wait + early) / SECOND, container.finished + (wait + late) / SECOND
                if ends is not None and ends[0] < low:
                    continue
                because = f'container "{container.name}": back-off of {show_duration(wait / SECOND)} after {k} restart' + (
                    "" if k == 1 else "s"
                )
                found.append(Next("container-restarted", max(low, self.now), max(high, self.now + SYNC), because))
        return first(*found) if found else None

    def pod_deadlines(self) -> Next | None:
        """What follows when a Pod passes its own activeDeadlineSeconds: the Job's end, or the next Pod after the back-off."""
        found: list[Next] = []
        for pod in self.active:
            ends = pod_due(pod, self.now)
            if ends is None:
                continue
            low, high = ends
            because = "the Pod's own activeDeadlineSeconds"
            if self.spec.per_index is not None:
                if pod.failures >= self.spec.per_index:
                    continue  # this index has failed then, and the others continue
                n = pod.failures + pod.ignored + 1
            elif self.failed() + 1 > self.spec.backoff_limit:
                found.append(Next("job-failed", low + SYNC, high + 2 * SYNC, because))
                continue
            else:
                n = len(self.in_a_row()) + 1
            # A Pod in a crash loop has ended when its last container did.
            counted = (low, high) if pod.runs or pod.finished is None else (pod.finished, pod.finished)
            wait = back_off(n)
            at, latest = max(low + SYNC, counted[0] + wait), max(high + SYNC, counted[1] + wait) + SYNC
            if self.missing + 1 > 0:
                found.append(Next("pod-created", at, latest, f"{because}, then its back-off"))
        return first(*found) if found else None

    def evicted(self) -> Next | None:
        """Return the Pod that replaces one on a node that does not respond, when its toleration ends; or None."""
        if self.spec.only_failed:
            return None
        lost = [p.unreachable + p.tolerates for p in self.active if p.unreachable is not None and p.tolerates is not None]
        if not lost:
            return None
        due = max(min(lost), self.now)
        start = instant(self.status.get("startTime"))
        if start is not None and self.spec.deadline is not None and start + self.spec.deadline / SECOND <= due:
            return None  # the Job is on its way to Failed then
        because = "its node does not respond: the Pod is deleted when its toleration ends"
        return Next("pod-created", due, due + 2 * SYNC + NOTICED, because)

    def exceeded(self) -> bool:
        """Whether more has failed than the limits allow: the controller is about to set the condition."""
        if self.spec.per_index is not None:
            last = {p.index for p in self.pods if p.phase == "Failed" and p.index is not None and self._fails_index(p)}
            failed = len(indexes(self.status.get("failedIndexes")) | last)
            if self.spec.max_failed is not None and failed > self.spec.max_failed:
                return True
            succeeded = {p.index for p in self.pods if p.phase == "Succeeded" and p.index is not None}
            completed = len(indexes(self.status.get("completedIndexes")) | succeeded)
            if failed and failed + completed >= (self.spec.completions or 0):
                return True
        if self.spec.on_failure:
            # Restarts are compared with the limit as they begin (pastBackoffLimitOnFailure); those of an index are not.
            restarts = sum([c.restarts for p in self.active for c in p.containers])
            return self.spec.per_index is None and restarts >= max(1, self.spec.backoff_limit)
        return self.failed() > self.spec.backoff_limit

    def done(self) -> bool:
        """Whether all that had to succeed has succeeded and nothing runs: the controller is about to set the condition."""
        if self.active or self.succeeded() < (1 if self.spec.completions is None else self.spec.completions):
            return False
        return all(p.over for p in self.pods)

    def refused(self) -> str | None:
        """Return the message of the last FailedCreate, if no Pod was created after it; otherwise None."""
        uid = mapping(self.owned.job.get("metadata")).get("uid")
        last: tuple[float, str] | None = None
        for event in self.owned.events:
            about = mapping(event.get("involvedObject") or event.get("regarding"))
            if event.get("reason") == "FailedCreate" and about.get("kind") == "Job" and about.get("uid") in (uid, None):
                at = event_time(event)
                if last is None or at >= last[0]:
                    last = (at, str(event.get("message") or event.get("note") or ""))
        newest = max([p.created for p in self.pods], default=0.0)
        return last[1] if last is not None and self.missing > 0 and last[0] >= newest else None


def indexes(text: Any) -> frozenset[int]:
    """The indexes of a list such as 1,3-5; of a very long range only its first 100,000."""
    found: set[int] = set()
    for part in str(text or "").split(","):
        low, dash, high = part.partition("-")
        if low.isdecimal():
            begin = int(low)
            last = int(high) if dash and high.isdecimal() else begin
            found.update(range(begin, min(last, begin + 100_000) + 1))
    return frozenset(found)
