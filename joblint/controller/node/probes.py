"""The effect of a container's probes: when it has started, when it is ready, when it is killed; knows one container.

Source: Kubernetes 1.36.3, pkg/kubelet/prober/worker.go (run, doProbe): one worker for each probe ticks every periodSeconds from
the Pod's arrival on the node; the first tick, before the container exists, has no result. While a startup probe has not
succeeded, the others wait. A readiness probe without a delay also runs immediately (prober_manager.go, UpdatePodStatus).
"""

from __future__ import annotations

from joblint.api.create.defaults import PROBE_FAILURES, PROBE_PERIOD
from joblint.controller.job.backoff import SECOND
from joblint.controller.job.spec import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


NEVER_FAILS = 1 << 60
"""Milliseconds after which a probe fails that never does."""


class Probes:
    """A container's probes, which fail from `fails_after` seconds after its start on; None: they never do."""

    __slots__ = ("fails_after", "liveness", "startup", "readiness", "_successes")

    def __init__(self, container: dict[str, Any], fails_after: float | None) -> None:
        self.fails_after = NEVER_FAILS if fails_after is None else round(fails_after * SECOND)
        self.liveness = _read(container.get("livenessProbe"))
        self.startup = _read(container.get("startupProbe"))
        readiness = container.get("readinessProbe")
        self.readiness = _read(readiness)
        self._successes = max(1, number(readiness.get("successThreshold")) or 1) if isinstance(readiness, dict) else 1

    def started(self, began: int, told: int, arrived: int) -> int | None:
        """Return when a container that began at `began` counts as started; None if its startup probe never succeeds.

        `told` is when its status shows that it began, from which delays count; `arrived` is when the Pod came to its node. All
        in milliseconds.
        """
        if self.startup is None:
            return began
        period, _, delay, _ = self.startup
        at = _first_tick(max(began, told + delay), arrived, period)
        return at if at - began < self.fails_after else None

    def ready(self, began: int, told: int, arrived: int) -> int | None:
        """Return when it is ready; None if it never is. Arguments as in `started`."""
        at = self.started(began, told, arrived)
        if at is None or self.readiness is None:
            return at
        period, _, delay, _ = self.readiness
        if delay or at > began:
            at = _first_tick(max(at, told + delay), arrived, period)
        else:
            at = began + min(SECOND, period)  # the probe runs as soon as the kubelet has seen that the container runs
        at += (self._successes - 1) * period
        return at if at - began < self.fails_after else None

    def kills(self, began: int, told: int, arrived: int, slip: int) -> tuple[int, int | None] | None:
        """When it is killed, and the probe's own grace period if it has one; None where no probe ever kills it. `slip`: the
        ticks are so much later than `arrived`; the other arguments as those of `started`."""
        ready = began
        began -= slip
        if self.startup is not None:
            period, threshold, delay, own = self.startup
            first = _first_tick(max(ready, told + delay), arrived, period)
            if first - began >= self.fails_after:
                return first + (threshold - 1) * period, own
            ready = first
        if self.liveness is None or self.fails_after == NEVER_FAILS:
            return None
        period, threshold, delay, own = self.liveness
        first = _first_tick(max(ready, told + delay, began + self.fails_after), arrived, period)
        return first + (threshold - 1) * period, own


def _read(probe: Any) -> tuple[int, int, int, int | None] | None:
    """Period, threshold, delay and own grace period in milliseconds."""
    if not isinstance(probe, dict):
        return None
    period = max(1, number(probe.get("periodSeconds")) or PROBE_PERIOD) * SECOND
    threshold = max(1, number(probe.get("failureThreshold")) or PROBE_FAILURES)
    own = number(probe.get("terminationGracePeriodSeconds"))
    delay = max(0, number(probe.get("initialDelaySeconds")) or 0) * SECOND
    return period, threshold, delay, None if own is None else own * SECOND


def _first_tick(at: int, arrived: int, period: int) -> int:
    """The first tick of a probe's worker not before `at`; the one on arrival is not counted."""
    return arrived + max(1, -(-(at - arrived) // period)) * period
