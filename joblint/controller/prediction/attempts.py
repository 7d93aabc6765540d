"""When each try of a Job begins whose every try fails, worked out without a simulation; knows only the Job's numbers.

For the common shapes (no podFailurePolicy, no limit per index, one kind of container) this gives to the millisecond what the
simulation gives, for a hundredth of its cost: it follows the same syncs, but only those at which something is decided.
"""

from __future__ import annotations

from joblint.base.record import record
from joblint.controller.job.backoff import (
    BATCH,
    CLOCK_OFFSET,
    FIRST_DELAY,
    LONGEST_RESTART_DELAY,
    RESTART_FORGOTTEN,
    SECOND,
    START,
    pod_delay,
    whole_second,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.spec import JobSpec

LONGEST = 30 * 24 * 3600 * SECOND
"""A Job that still tries again after so long is said to do so for ever."""

NEVER = 1 << 62

MOST_AT_ONCE = 500
"""The controller makes at most so many Pods in one sync."""


@record
class Tries:
    """The tries of a Job whose every try runs `run` seconds and fails.

    `begins`: seconds at which each round of tries begins (Pods of restartPolicy Never, runs of the container of OnFailure);
    each round has `at_once` tries. `ends_at` is when the Job is Failed, None if that never comes (or not within 30 days);
    `reason` that of the condition. `failed` is what the status counts at the end."""

    run: float
    begins: tuple[float, ...]
    at_once: int
    ends_at: float | None
    reason: str | None
    failed: int


def can_tell(spec: JobSpec) -> bool:
    """Whether `tries` holds for this Job; else the simulation has to tell."""
    if spec.managed_elsewhere or spec.suspend or spec.per_index is not None or spec.failure_policy is not None:
        return False
    pod = spec.pod
    containers = pod.get("containers")
    if pod.get("initContainers") or pod.get("schedulingGates") or pod.get("activeDeadlineSeconds") is not None:
        return False
    if not isinstance(containers, list) or len(containers) != 1 or not isinstance(containers[0], dict):
        return False
    return not containers[0].get("restartPolicy") and 0 < _at_once(spec) <= MOST_AT_ONCE


def tries(spec: JobSpec, run: float) -> Tries:
    """The tries of a Job for which `can_tell` holds; `run` in seconds."""
    lasts = max(0, round(run * SECOND))
    deadline = spec.deadline
    if deadline == 0:
        return Tries(run, (), _at_once(spec), 0.0, "DeadlineExceeded", 0)
    # The first sync takes the start as it is; all later ones take it rounded down, so that the deadline comes a bit early.
    due = None if deadline is None else max(BATCH, deadline - CLOCK_OFFSET)
    return _in_place(spec, run, lasts, due) if spec.on_failure else _by_pods(spec, run, lasts, due)


def _at_once(spec: JobSpec) -> int:
    return spec.parallelism if spec.completions is None else min(spec.parallelism, spec.completions)


def _by_pods(spec: JobSpec, run: float, lasts: int, due: int | None) -> Tries:
    """restartPolicy Never: every try is a new Pod, after a delay that grows with each failure."""
    at_once, limit = _at_once(spec), spec.backoff_limit
    begins: list[float] = []
    failed = made = 0
    while True:
        if made > LONGEST:
            return Tries(run, tuple(begins), at_once, None, None, failed)
        begins.append(made / SECOND)
        over = made + START + lasts
        # The Pods' start makes the status change a second later, so that the Job is looked at twice, a second apart.
        seen = made + BATCH if over <= made + BATCH else made + 2 * BATCH if over <= made + 2 * BATCH else over + BATCH
        if due is not None and seen >= due:
            if over > due:  # still running: deleted, and a second later found gone
                return Tries(run, tuple(begins), at_once, (due + BATCH) / SECOND, "DeadlineExceeded", failed + at_once)
            reason = "BackoffLimitExceeded" if failed + at_once > limit else "DeadlineExceeded"
            return Tries(run, tuple(begins), at_once, due / SECOND, reason, failed + at_once)
        failed += at_once
        if failed > limit:
            return Tries(run, tuple(begins), at_once, seen / SECOND, "BackoffLimitExceeded", failed)
        ready = whole_second(over) + pod_delay(failed)
        if ready > seen:
            seen += BATCH  # the failure changed the status: looked at once more
            if ready > seen:
                seen = max(ready, seen + BATCH)
        if due is not None and seen >= due:
            return Tries(run, tuple(begins), at_once, due / SECOND, "DeadlineExceeded", failed)
        made = seen


def _in_place(spec: JobSpec, run: float, lasts: int, due: int | None) -> Tries:
    """restartPolicy OnFailure: the kubelet restarts the containers, the controller adds up their restarts."""
    at_once = _at_once(spec)
    enough = max(1, spec.backoff_limit)
    begins = [0.0]
    restarts = delay = 0
    begun, over, again = START, 0, 0
    ready = written_ready = False
    look = BATCH  # when the controller looks at the Job next
    what = 0  # the next event: 0 the containers run, 1 they fail, 2 they are restarted
    while begun <= LONGEST:
        event = begun if what == 0 else over if what == 1 else again
        while look < event:
            if restarts >= enough or (due is not None and look >= due):
                reason = "BackoffLimitExceeded" if restarts >= enough else "DeadlineExceeded"
                return Tries(run, tuple(begins), at_once, (look + BATCH) / SECOND, reason, at_once)
            # A changed number of ready Pods is written down, and so looked at once more.
            look = look + BATCH if ready is not written_ready else NEVER
            written_ready = ready
            if due is not None:
                look = min(look, due)
        look = min(look, event + BATCH)
        if what == 1:
            ready = False
            if not delay or over - begun > RESTART_FORGOTTEN:
                delay, again = FIRST_DELAY, over
            else:
                delay, again = min(delay * 2, LONGEST_RESTART_DELAY), over + delay
            what = 2
            continue
        ready = True
        if what == 2:
            restarts += at_once
            begun = again
            begins.append(begun / SECOND)
        over = begun + lasts
        what = 1
    return Tries(run, tuple(begins), at_once, None, None, 0)
