"""How long the Job controller and the kubelet wait before a retry; pure arithmetic in milliseconds.

Sources: Kubernetes 1.36.3, pkg/controller/job/backoff_utils.go and job_controller.go (10 s doubling to 10 minutes, syncs
batched by 1 s), pkg/kubelet/kuberuntime/kuberuntime_manager.go with client-go util/flowcontrol/backoff.go (restarts in
place: at once, then 10 s doubling to 5 minutes).
"""

from __future__ import annotations

SECOND = 1000
"""Milliseconds in a second: all times of the model are whole milliseconds since the Job was created."""

BATCH = SECOND
"""A change of a Pod or of the status is processed one second later, together with all later ones up to then."""

START = 300
"""A container starts 0.3 s after its Pod is created."""

FIRST_DELAY = 10 * SECOND
LONGEST_DELAY = 600 * SECOND
LONGEST_RESTART_DELAY = 300 * SECOND
RESTART_FORGOTTEN = 2 * LONGEST_RESTART_DELAY
"""A container that ran longer than this starts over: restarted at once, then after 10 s."""

CLOCK_OFFSET = 50
"""The Job is assumed to be created 0.05 s after a full second of the clock. Kubernetes keeps times in whole seconds, rounded
down, so that every wait is up to a second shorter than it says; the lost fraction cannot be known in advance."""


def whole_second(t: int, offset: int = CLOCK_OFFSET) -> int:
    """Return the time as an API object stores it: rounded down to a full second of the clock. In and out in milliseconds; the
    Job was created `offset` after a full second."""
    return (t + offset) // SECOND * SECOND - offset


def pod_delay(failures: int) -> int:
    """Return the milliseconds from the last failure to the next Pod, after this many failures since the last success."""
    if failures <= 0:
        return 0
    if failures > 6:
        return LONGEST_DELAY
    return FIRST_DELAY << (failures - 1)


def delays_sum(failures: int, before: int = 0) -> int:
    """Return the milliseconds of back-off of `failures` consecutive failures, after `before` earlier ones."""
    total = 0
    for n in range(before + 1, min(before + failures, 6) + 1):
        total += pod_delay(n)
    capped = before + failures - max(before, 6)
    return total + max(0, capped) * LONGEST_DELAY


def batch_delays_sum(batches: int, at_once: int) -> int:
    """Return the milliseconds of back-off before that many batches of `at_once` Pods that replace Pods which failed together:
    each batch waits as long as after that many failures."""
    total = 0
    for n in range(1, min(batches, 6) + 1):
        total += pod_delay(n * at_once)
    return total + max(0, batches - 6) * LONGEST_DELAY


def restart_delay(restarts: int) -> int:
    """Return the milliseconds from the end of a container to its restart in place, by the number of restarts: 0, 10, 20, … 300
    s."""
    if restarts <= 0:
        return 0
    if restarts > 5:
        return LONGEST_RESTART_DELAY
    return FIRST_DELAY << (restarts - 1)


def restart_delays_sum(restarts: int) -> int:
    """Milliseconds of waiting before the given number of restarts in place are all begun."""
    total = 0
    for n in range(min(restarts, 6)):
        total += restart_delay(n)
    return total + max(0, restarts - 6) * LONGEST_RESTART_DELAY


class Record:
    """What the controller remembers to delay the Pods of a Job: failures since the last success, and the last one's time.

    It is kept in memory only: a restarted controller starts from zero.
    """

    __slots__ = ("failures", "last")

    def __init__(self, failures: int = 0, last: int = 0) -> None:
        self.failures = failures
        self.last = last

    def after(self, succeeded: list[int], failed: list[int]) -> Record:
        """Return the record once Pods ended at these times (whole seconds): a success resets the failures up to its own
        second."""
        if not succeeded:
            return Record(self.failures + len(failed), max(failed)) if failed else self
        success = max(succeeded)
        later = [t for t in failed if t > success]
        return Record(len(later), max(later)) if later else Record()

    def remaining(self, now: int) -> int:
        """Milliseconds until the next Pod may come."""
        return max(0, self.last + pod_delay(self.failures) - now) if self.failures else 0
