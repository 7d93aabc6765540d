"""When a failing liveness or startup probe has the kubelet kill a container; knows the probes of one container.

Source: Kubernetes 1.36.3, pkg/kubelet/prober/worker.go (run, doProbe): one worker a probe ticks every periodSeconds from the
Pod's arrival on the node; the first tick, before the container is there, says nothing. While a startup probe has not
succeeded, the liveness probe waits.
"""

from __future__ import annotations

from joblint.api.create.defaults import PROBE_FAILURES, PROBE_PERIOD
from joblint.controller.job.backoff import SECOND
from joblint.controller.job.spec import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Probes:
    """A container's liveness and startup probe, which fail from `fails_after` seconds after its start on."""

    __slots__ = ("fails_after", "liveness", "startup")

    def __init__(self, container: dict[str, Any], fails_after: float) -> None:
        self.fails_after = round(fails_after * SECOND)
        self.liveness = _read(container.get("livenessProbe"))
        self.startup = _read(container.get("startupProbe"))

    def kills(self, began: int, arrived: int, slip: int) -> tuple[int, int | None] | None:
        """When a container that began at `began` is killed, and the probe's own grace period if it has one; None where no
        probe ever kills it. `arrived`: when the Pod came to its node; `slip`: the ticks are so much later than that.
        All in milliseconds."""
        ready = began
        began -= slip
        if self.startup is not None:
            period, threshold, delay, own = self.startup
            first = _first_tick(max(ready, began + delay), arrived, period)
            if first - began >= self.fails_after:
                return first + (threshold - 1) * period, own
            ready = first
        if self.liveness is None:
            return None
        period, threshold, delay, own = self.liveness
        first = _first_tick(max(ready, began + delay, began + self.fails_after), arrived, period)
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
