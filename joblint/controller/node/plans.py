"""Which script of a scenario a Pod follows, and its plan; found quickly however long the scenario is.

Pods that follow one script and were created in the same part of a second behave alike, so they share a plan.
"""

from __future__ import annotations

from joblint.controller.job.backoff import SECOND
from joblint.controller.node.kubelet import Plan
from joblint.controller.scenario.scenario import PodScript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.node.pace import Pace
    from joblint.controller.scenario.scenario import Scenario


MOST = 4096
"""So many plans are remembered."""


class Plans:
    """Which plan a Pod follows: that of the first entry of the scenario that matches it.

    `pod` is the Pod's spec, `made` the plans so far, `by_attempt` whether any entry depends on the attempt.
    """

    __slots__ = ("pod", "made", "by_attempt", "_pace", "_scripts", "_by_n", "_by_index", "_other")

    def __init__(self, scenario: Scenario, pace: Pace) -> None:
        self.pod: dict[str, Any] = {}
        self.made: dict[tuple[int, int, bool], Plan] = {}
        self._pace = pace
        self._scripts = (*scenario.pods, PodScript())
        self._by_n: dict[int, list[int]] = {}
        self._by_index: dict[int, list[int]] = {}
        self._other: list[int] = []
        self.by_attempt = False
        for at, script in enumerate(self._scripts):
            self.by_attempt = self.by_attempt or script.attempt is not None
            if script.n is not None:
                self._by_n.setdefault(script.n, []).append(at)
            elif script.index is not None:
                self._by_index.setdefault(script.index, []).append(at)
            else:
                self._other.append(at)
                if script.attempt is None:
                    break  # it matches every Pod: later entries are never reached

    def uniform(self, n: int, index: int) -> bool:
        """Whether all Pods from the n-th and from this completion index on (-1: none) follow the same entry."""
        if self.by_attempt or max(self._by_n, default=-1) >= n:
            return False
        return index < 0 or max(self._by_index, default=-1) < index

    def of(self, n: int, index: int, attempt: int, created: int = 0, row: int = 1) -> Plan:
        """Return the plan of the Job's n-th Pod, with its completion index (-1: none) and its number among the index's Pods. It
        is created at `created` (milliseconds) and has this number in a row of Pods that follow each other, counted from 1."""
        at = len(self._scripts)
        for candidates in (self._by_n.get(n, ()), self._by_index.get(index, ()), self._other):
            for candidate in candidates:
                if candidate >= at:
                    break
                script = self._scripts[candidate]
                if script.index in (None, index) and script.attempt in (None, attempt):
                    at = candidate
                    break
        pace = self._pace
        key = (at, created % SECOND if pace.real else 0, pace.loses(row))
        plan = self.made.get(key)
        if plan is None:
            if len(self.made) >= MOST:
                self.made.clear()
            plan = self.made[key] = Plan(self.pod, self._scripts[at], pace, created if pace.real else 0, key[2])
        return plan
