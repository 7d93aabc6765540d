"""One container of a simulated Pod: what it does, whether and when the kubelet starts it again.

Knows its part of the Pod's spec and its script. Sources: Kubernetes 1.36.3, pkg/api/v1/pod/util.go (ContainerShouldRestart),
pkg/kubelet/kuberuntime/kuberuntime_manager.go (doBackOff), client-go util/flowcontrol/backoff.go.
"""

from __future__ import annotations

from joblint.controller.job.backoff import FIRST_DELAY, LONGEST_RESTART_DELAY, RESTART_FORGOTTEN, SECOND
from joblint.controller.node.probes import Probes
from joblint.controller.node.stopping import pre_stop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.scenario.scenario import Script

WAITING, RUNNING, HELD, ENDED = range(4)
"""States: not begun, or starts over; running; waits for its restart; ended permanently."""


class Container:
    """A container. Times are milliseconds since the Pod's creation; `end` is when it ends by itself, -1: never.

    `over_at` is when its last run ended (-1: none has), `code` the exit code of that run, None while it runs or before;
    `ready_at` is when it is ready in the current run, -1: not yet.
    """

    __slots__ = (
        "name",
        "role",
        "script",
        "policy",
        "rules",
        "probes",
        "ready_at",
        "pre_stop",
        "stop",
        "runs",
        "code",
        "state",
        "began",
        "end",
        "over_at",
        "spread",
        "_delay",
        "_updated",
    )

    def __init__(self, data: dict[str, Any], role: str, script: Script, pod_policy: str) -> None:
        self.name = str(data.get("name"))
        self.role = role  # main, init or sidecar
        self.script = script
        own = data.get("restartPolicy")
        self.policy = str(own or pod_policy)
        rules = data.get("restartPolicyRules")
        self.rules: list[Any] = rules if own and isinstance(rules, list) else []
        probed = script.probe_fails_after is not None or data.get("readinessProbe") or data.get("startupProbe")
        self.probes = Probes(data, script.probe_fails_after) if probed else None
        self.ready_at = -1
        self.pre_stop = pre_stop(data)
        self.stop = max(0, round(script.terminate * SECOND))
        self.runs = 0
        self.code: int | None = None
        self.state = WAITING
        self.began = self.end = self.over_at = -1
        self.spread = 0
        self._delay = self._updated = 0

    def begin(self, at: int) -> None:
        """Start, for the first time or again."""
        run = self.script.run[min(self.runs, len(self.script.run) - 1)]
        self.runs += 1
        self.state, self.code, self.began = RUNNING, None, at
        self.end = -1 if run is None else at + max(0, round(run * SECOND))

    def own_code(self) -> int:
        """Return the exit code of the current run, if it ends by itself."""
        return self.script.exit[min(self.runs - 1, len(self.script.exit) - 1)]

    def verdict(self, code: int) -> str:
        """What follows an exit code: "end", "restart" or "restart all"."""
        for rule in self.rules:
            on = rule.get("exitCodes") if isinstance(rule, dict) else None
            if isinstance(on, dict):
                listed = code in (on.get("values") or ())
                if listed if on.get("operator") == "In" else on.get("operator") == "NotIn" and not listed:
                    if rule.get("action") == "Restart":
                        return "restart"
                    if rule.get("action") == "RestartAllContainers":
                        return "restart all"
                    break
        again = self.policy == "Always" or (self.policy == "OnFailure" and code != 0)
        return "restart" if again else "end"

    def wait(self, finished: int, now: int) -> int:
        """Milliseconds from `finished` for which a container is not started again; 0: it is started now.

        The first failure is free, then the wait doubles from 10 s to 5 minutes; a container that ran for longer than ten
        minutes starts over."""
        if not self._delay or finished - self._updated > RESTART_FORGOTTEN:
            self._delay, self._updated = FIRST_DELAY, now
            return 0
        if now - finished < self._delay:
            return self._delay
        self.started_after_wait(now)
        return 0

    def started_after_wait(self, now: int) -> None:
        """The wait is over: the next one is twice as long."""
        self._delay, self._updated = min(self._delay * 2, LONGEST_RESTART_DELAY), now
