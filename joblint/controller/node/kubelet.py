"""What the kubelet makes of one Pod: containers started, restarted in place and ended, as steps after the Pod's creation.

Knows the Pod's spec and its script, nothing of Jobs. Pods of one script share one plan, unfolded only as far as somebody
looks. Sources: Kubernetes 1.36.3, pkg/kubelet/kubelet_pods.go (getPhase), pkg/api/v1/pod/util.go (ContainerShouldRestart),
pkg/kubelet/kuberuntime (doBackOff).
"""

from __future__ import annotations

from heapq import heappop, heappush

from joblint.base.record import record
from joblint.controller.job.backoff import (
    FIRST_DELAY,
    LONGEST_RESTART_DELAY,
    RESTART_FORGOTTEN,
    SECOND,
    START,
)
from joblint.controller.scenario.scenario import Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.job.policies import Codes
    from joblint.controller.scenario.scenario import PodScript

INITIALIZING, STARTED, WENT_DOWN, FAILED_CONTAINER, RESTARTED, SUCCEEDED, FAILED = range(7)
"""Kinds of steps: an init container starts; the main containers start; one ends with 0 while others run; one fails and the Pod
goes on; one is restarted; the Pod ends."""

KILLED = 137
"""Exit code that the kubelet gives to a container that it killed, or of which it knows nothing."""


@record
class Step:
    """Something that happens to a Pod `at` milliseconds after its creation.

    `name` and `code` are the container and its exit code; `restarts` is by how much the sum of restart counts grows;
    `ready`, `codes`, `init_codes` and `stop` (milliseconds that a deletion takes from here) describe the Pod after the step.
    `finish` is when the Pod's end counts as having been, which need not be its end."""

    at: int
    kind: int
    name: str
    code: int
    restarts: int
    ready: bool
    codes: Codes
    init_codes: Codes
    stop: int
    finish: int


class _Container:
    __slots__ = ("name", "role", "script", "policy", "rules", "runs", "code", "state", "delay", "restarted_at", "stop")

    def __init__(self, data: dict[str, Any], role: str, script: Script, pod_policy: str) -> None:
        self.name = str(data.get("name"))
        self.role = role
        self.script = script
        own = data.get("restartPolicy")
        self.policy = str(own or pod_policy)
        rules = data.get("restartPolicyRules")
        self.rules: list[Any] = rules if own and isinstance(rules, list) else []
        self.runs = 0
        self.code: int | None = None
        self.state = "waiting"  # or running, ended, held (waits for its restart)
        self.delay = 0
        self.restarted_at = 0
        self.stop = max(0, round(script.terminate * SECOND))

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

    def restart_at(self, ended: int) -> int:
        """When a container that ended now is restarted; the wait doubles unless it ran for very long."""
        if not self.delay or ended - self.restarted_at > RESTART_FORGOTTEN:
            self.delay = FIRST_DELAY
            self.restarted_at = ended
        else:
            self.restarted_at = ended + self.delay
            self.delay = min(self.delay * 2, LONGEST_RESTART_DELAY)
        return self.restarted_at


class Plan:
    """The steps of every Pod that follows one script. `pending`: no node ever takes it, so that it has no steps."""

    __slots__ = (
        "script",
        "pending",
        "_steps",
        "_queue",
        "_all",
        "_inits",
        "_mains",
        "_next_init",
        "_order",
        "_over",
        "_deadline",
    )

    def __init__(self, pod: dict[str, Any], script: PodScript) -> None:
        self.script = script
        self.pending = script.pending or bool(pod.get("schedulingGates"))
        self._steps: list[Step] = []
        self._queue: list[tuple[int, int, str, _Container | None]] = []
        policy = str(pod.get("restartPolicy") or "Never")
        named = dict(script.containers)
        self._inits: list[_Container] = []
        for data in _dicts(pod.get("initContainers")):
            sidecar = data.get("restartPolicy") == "Always"
            own = named.get(str(data.get("name")), Script(run=(None,) if sidecar else (0.0,)))
            self._inits.append(_Container(data, "sidecar" if sidecar else "init", own, policy))
        self._mains = [
            _Container(d, "main", named.get(str(d.get("name")), script.script), policy) for d in _dicts(pod.get("containers"))
        ]
        self._mains.sort(key=lambda c: c.name)
        self._all = self._inits + self._mains
        self._next_init = 0
        self._order = 0
        self._over = self.pending
        limit = pod.get("activeDeadlineSeconds")
        self._deadline = START + limit * SECOND if isinstance(limit, int) else None
        if not self._over:
            self._push(START, "go on", None)

    def step(self, n: int) -> Step | None:
        """The n-th step, or None where nothing more happens by itself."""
        while len(self._steps) <= n and not self._over:
            self._advance()
        return self._steps[n] if n < len(self._steps) else None

    def killed(self, n: int) -> tuple[bool, Codes, Codes]:
        """How a Pod ends that was deleted after `n` steps: whether as succeeded, and its containers' exit codes."""
        if not n:
            return False, tuple([(c.name, KILLED) for c in self._mains]), ()
        last = self._steps[n - 1]
        begun = any(step.kind == STARTED for step in self._steps[:n])
        exits = {c.name: c.script.terminate_exit if begun or c.role != "main" else KILLED for c in self._all}
        codes = tuple([(name, exits[name] if code is None else code) for name, code in last.codes])
        inits = tuple([(name, exits[name] if code is None else code) for name, code in last.init_codes])
        return not any(code for _, code in codes), codes, inits

    def _push(self, at: int, what: str, container: _Container | None) -> None:
        self._order += 1
        heappush(self._queue, (at, self._order, what, container))

    def _advance(self) -> None:
        """Unfold one more event; may add no step, one or several."""
        if self._deadline is not None and (not self._queue or self._queue[0][0] > self._deadline):
            for c in self._all:
                if c.state == "running":
                    c.state, c.code = "ended", KILLED
            self._end(self._deadline, FAILED, self._deadline if self._initialized() else START)
            return
        if not self._queue:
            self._over = True
            return
        at, _, what, container = heappop(self._queue)
        if container is None:
            self._go_on(at)
        elif what == "end":
            self._ended(at, container)
        else:
            self._start(at, container)
            self._add(at, RESTARTED, container.name, restarts=1)

    def _go_on(self, at: int) -> None:
        """Start init containers one after another, sidecars without waiting for their end, then the main containers."""
        while self._next_init < len(self._inits):
            container = self._inits[self._next_init]
            self._start(at, container)
            if container.role == "init":
                self._add(at, INITIALIZING, container.name)
                return
            self._next_init += 1
        for container in self._mains:
            self._start(at, container)
        if self._mains:
            self._add(at, STARTED)
        else:
            self._end(at, SUCCEEDED, at)  # no Pod the server takes is without a container

    def _start(self, at: int, container: _Container) -> None:
        script, n = container.script, container.runs
        run = script.run[min(n, len(script.run) - 1)]
        container.runs += 1
        container.state, container.code = "running", None
        if run is not None:
            self._push(at + max(0, round(run * SECOND)), "end", container)

    def _ended(self, at: int, container: _Container) -> None:
        script = container.script
        code = script.exit[min(container.runs - 1, len(script.exit) - 1)]
        container.code = code
        what = container.verdict(code)
        if what == "restart all":
            self._restart_all(at, container)
        elif what == "restart" and not (container.role == "init" and code == 0):
            container.state = "held"
            self._push(container.restart_at(at), "restart", container)
            self._add(at, FAILED_CONTAINER if code else WENT_DOWN, container.name, code)
        else:
            container.state = "ended"
            if container.role == "init":
                if code:
                    # The main containers never began, so the controller takes the time the Pod was first seen not ready.
                    self._end(at, FAILED, START, container)
                else:
                    self._next_init += 1
                    self._go_on(at)
            elif all(c.state == "ended" for c in self._mains):
                bad = any(c.code for c in self._mains)
                self._end(at, FAILED if bad else SUCCEEDED, at, container)
            else:
                self._add(at, FAILED_CONTAINER if code else WENT_DOWN, container.name, code)

    def _restart_all(self, at: int, container: _Container) -> None:
        """A rule with RestartAllContainers: the whole Pod begins anew in place."""
        self._queue.clear()
        again = container.restart_at(at)
        begun = [c for c in self._all if c.runs]
        for c in begun:
            c.state = "held"
        self._add(at, FAILED_CONTAINER, container.name, container.code or 0)
        self._next_init = 0
        for c in self._all:
            c.state = "waiting"
        if self._deadline is None or again <= self._deadline:
            self._push(again, "go on", None)
            self._add(again, RESTARTED, container.name, restarts=len(begun))

    def _end(self, at: int, kind: int, finish: int, container: _Container | None = None) -> None:
        """The Pod ends; sidecars are stopped first, which takes its time and moves the end."""
        stop = 0
        for c in self._all:
            if c.state == "running":
                stop = max(stop, c.stop)
                c.state, c.code = "ended", c.script.terminate_exit
        self._over = True
        name, code = (container.name, container.code or 0) if container else ("", 0)
        self._add(at + stop, kind, name, code, finish=finish + stop if finish == at else finish)

    def _initialized(self) -> bool:
        return self._next_init >= len(self._inits)

    def _add(self, at: int, kind: int, name: str = "", code: int = 0, restarts: int = 0, finish: int = 0) -> None:
        running = [c for c in self._all if c.state == "running"]
        ready = all(c.state == "running" for c in self._mains) and all(
            c.state == "running" for c in self._inits if c.role == "sidecar"
        )
        codes = tuple([(c.name, c.code) for c in self._mains])
        init_codes = tuple([(c.name, c.code) for c in self._inits])
        stop = max([c.stop for c in running], default=START)
        self._steps.append(Step(at, kind, name, code, restarts, ready, codes, init_codes, stop, finish))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
