"""Which script of a scenario a Pod follows, and the plan made of it; found quickly however long the scenario is."""

from __future__ import annotations

from joblint.controller.node.kubelet import Plan
from joblint.controller.scenario.scenario import PodScript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.scenario.scenario import Scenario


class Plans:
    """Which plan a Pod follows: that of the first entry of the scenario that holds for it.

    `pod` is the Pod's spec, `made` the plans by entry, `by_attempt` whether any entry asks for the attempt."""

    __slots__ = ("pod", "made", "by_attempt", "_scripts", "_by_n", "_by_index", "_other")

    def __init__(self, scenario: Scenario) -> None:
        self.pod: dict[str, Any] = {}
        self.made: dict[int, Plan] = {}
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
                    break  # it holds for every Pod: nothing after it is ever reached

    def of(self, n: int, index: int, attempt: int) -> Plan:
        """The plan of the Job's n-th Pod, with its completion index (-1: none) and its number among the index's Pods."""
        at = len(self._scripts)
        for candidates in (self._by_n.get(n, ()), self._by_index.get(index, ()), self._other):
            for candidate in candidates:
                if candidate >= at:
                    break
                script = self._scripts[candidate]
                if script.index in (None, index) and script.attempt in (None, attempt):
                    at = candidate
                    break
        plan = self.made.get(at)
        if plan is None:
            plan = self.made[at] = Plan(self.pod, self._scripts[at])
        return plan
