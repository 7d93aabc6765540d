"""How soon a node and the controllers notice what happens; knows the clock, no Pods and no Jobs.

A kubelet looks at its containers once a second, and a second look confirms that a Pod is over. It restarts a crashed
container at the end of the back-off plus a random part. Times of the API are whole seconds. None of this can be known
beforehand, so a Job is simulated three times: with what is typical, with the earliest and with the latest that is likely.
Times are milliseconds. Sources: Kubernetes 1.36.3, pkg/kubelet/kubelet.go (genericPlegRelistPeriod 1 s, syncLoop's ticker
1 s), pkg/kubelet/pod_workers.go (GetNewerThan before a Pod is over; completeWork, workerBackOffPeriodJitterFactor 0.5),
pkg/controller/podgc/gc_controller.go, pkg/controller/nodelifecycle.
"""

from __future__ import annotations

from math import isqrt

from joblint.controller.job.backoff import BATCH, CLOCK_OFFSET, SECOND, START, whole_second

EARLIEST, TYPICAL, LATEST = -1, 0, 1
"""Which of the three simulations this is."""

LOOK = SECOND
"""A kubelet looks at the containers of its Pods this often."""

OVERDUE = {
    10_000: (400, 2_900, 5_500),
    20_000: (600, 5_400, 10_300),
    40_000: (900, 10_500, 20_000),
    80_000: (300, 3_200, 10_500),
    160_000: (300, 3_600, 16_000),
    300_000: (300, 5_500, 26_000),
}
"""By how much a restart in place comes after its back-off of so many milliseconds: early, typical, late (2, 50 and 98 of 100).

The kubelet sleeps what is left of the back-off, a minute at most, times 1 to 1.5, and looks again; a wait of 80 s is
usually two sleeps, of which the second is short."""

_SOON = (30, 60, 200)
"""From a Pod's creation to its containers' start, if a node is free and has the image."""

_DONE = 10
"""About the time that a kubelet needs for what it does without delay."""


class Pace:
    """The pace of a real node and of the controllers; `bias` is EARLIEST, TYPICAL or LATEST.

    `start`: from a Pod's creation to its first container's start; `batch`: from a change to the sync that sees it;
    `done`: from a decision of the kubelet to its effect; `slip`: by how much the ticks of a probe are late; `offset`: how long
    after a full second of the clock the Job is created."""

    __slots__ = ("bias", "start", "batch", "done", "slip", "offset", "_phase")

    real = True

    def __init__(self, bias: int = TYPICAL, offset: int = CLOCK_OFFSET) -> None:
        self.bias = bias
        self.offset = offset
        self.start = _SOON[bias + 1]
        self.batch = BATCH + 15
        self.done = _DONE
        self.slip = (60, 0, -60)[bias + 1]
        self._phase = -1

    def look(self, at: int) -> int:
        """When the kubelet sees what happens at `at`.

        The part of the second at which it looks is unknown until the first such moment: then it looks at once, half a second
        or a second later. From then on it looks once a second."""
        if self._phase < 0:
            self._phase = (at + (10, 500, 990)[self.bias + 1]) % LOOK
        return at + (self._phase - at) % LOOK

    def over(self, at: int, lost: bool) -> int:
        """Return when the API has the final state of a Pod whose containers have all stopped at `at`: after another check.

        The controller also batches for a second; `lost`: the sync that the containers' end has triggered comes before.
        """
        return self.look(at + 1) + (25 if lost else 5)

    def loses(self, nth: int) -> bool:
        """Whether the n-th end in a row of Pods, counted from 1, is lost to its sync: as good as a coin's throw."""
        return _lost(nth, self.bias) > _lost(nth - 1, self.bias)

    def alternates_to(self, nth: int) -> int:
        """The last end, counted like those of `loses`, up to which every second one is lost, beginning with the n-th."""
        if not self.bias:
            return nth + (1 << 40)
        # Until the spread of `_lost` is the next whole number.
        return -(-((isqrt(4 * nth) + 1) ** 2) // 4) - 1

    def api(self, at: int) -> int:
        """The time as an API object keeps it, a full second. Which part of a second is lost cannot be known."""
        return self.second(at) if not self.bias else at - 950 if self.bias < 0 else at

    def second(self, at: int) -> int:
        """The full second of the clock in which something happens."""
        return whole_second(at, self.offset)

    def overdue(self, wait: int, spread: int) -> tuple[int, int]:
        """By how much a restart comes after its back-off of `wait`, and the spread so far, squared, to hand in next time.

        Delays that have nothing to do with each other seldom are all short or all long: their spread grows as the root of
        the sum of squares."""
        early, usual, late = OVERDUE.get(wait) or (0, wait // 4, wait // 2)
        if not self.bias:
            return usual, 0
        more = (usual - early if self.bias < 0 else late - usual) ** 2
        return usual + self.bias * (isqrt(spread + more) - isqrt(spread)), spread + more

    def tick(self, at: int) -> int:
        """Return when the kubelet's loop reaches what is due at `at`."""
        return at + (0, 500, 1000)[self.bias + 1]

    def within(self, least: int, most: int) -> int:
        """Something that happens at any moment between two."""
        return (least, (least + most) // 2, most)[self.bias + 1]


class Instant(Pace):
    """A node that sees and does everything immediately, as the recorder of older runs had it: times are points."""

    __slots__ = ()

    real = False

    def __init__(self, offset: int = CLOCK_OFFSET) -> None:
        super().__init__(TYPICAL, offset)
        self.start, self.batch, self.done, self.slip = START, BATCH, 0, 0

    def look(self, at: int) -> int:
        """At once."""
        return at

    def over(self, at: int, lost: bool) -> int:
        """At once."""
        return at

    def loses(self, nth: int) -> bool:
        """Never."""
        return False

    def alternates_to(self, nth: int) -> int:
        """None is lost, whatever its number."""
        return nth + (1 << 40)

    def overdue(self, wait: int, spread: int) -> tuple[int, int]:
        """Not at all."""
        return 0, 0

    def tick(self, at: int) -> int:
        """At once."""
        return at


def _lost(throws: int, bias: int) -> int:
    """How many of this many tosses of a coin are lost: half of them, or two standard deviations more or fewer."""
    if not bias:
        return (throws + 1) // 2
    spread = isqrt(4 * throws)  # twice the deviation's double
    return max(0, (throws - spread + 1) // 2) if bias < 0 else min(throws, (throws + spread) // 2)
