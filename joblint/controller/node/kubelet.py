"""What the kubelet does with one Pod: containers started, restarted in place and ended, as steps after the Pod's creation.

Knows the Pod's spec, its script and the pace of the node, nothing of Jobs. Pods of one script that were created in the same
part of a second share one plan, computed only as far as needed. Sources: Kubernetes 1.36.3, pkg/kubelet/kubelet_pods.go
(getPhase), pkg/kubelet/kubelet.go (SyncPod, SyncTerminatingPod), pkg/kubelet/kuberuntime/kuberuntime_manager.go
(computePodActions), pkg/controller/job/backoff_utils.go (getFinishedTime).
"""

from __future__ import annotations

from heapq import heappop, heappush

from joblint.base.record import Record
from joblint.controller.job.backoff import SECOND
from joblint.controller.node.container import ENDED, HELD, RUNNING, WAITING, Container
from joblint.controller.node.stopping import SIGKILL, grace_period, stop
from joblint.controller.scenario.scenario import Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.job.policies import Codes
    from joblint.controller.node.pace import Pace
    from joblint.controller.scenario.scenario import PodScript

    Running = tuple[tuple[Container, int, int], ...]
    """Containers that run, each with when it ends by itself (-1: never) and its exit code then."""

INITIALIZING, STARTED, WENT_DOWN, FAILED_CONTAINER, RESTARTED, READY, ENDING, SUCCEEDED, FAILED = range(9)
"""Kinds of steps: an init container starts; the main containers start; one ends with 0 while others run; one fails and the Pod
continues; one is restarted; one is ready; the last one has ended and the Pod is about to; the Pod ends."""

MOST_CONTAINERS = 100
"""So many init containers and so many other containers of a Pod are simulated: each step of a Pod looks at all of them."""

NEVER_STOPS = 1 << 40
"""Milliseconds that a container which ignores SIGTERM takes to stop: more than any grace period."""

NEVER_READY = 1 << 61
"""When a container is ready whose readiness or startup probe never succeeds."""

KILLED = SIGKILL
"""The exit code that the kubelet sets for a container that it knows nothing about."""

DEADLINE = "DeadlineExceeded"
"""Reason of a Pod that ran longer than its own activeDeadlineSeconds."""


class Step(Record):
    """Something that happens to a Pod `at` milliseconds after its creation.

    `name` and `code` are the container and its exit code; `restarts` is by how much the sum of restart counts grows;
    `ready`, `codes` and `init_codes` describe the Pod after the step, `initialized` whether its init containers are through.
    `down` is when the last of its containers ended, -1 while one runs or waits. `finish` is when the Pod's end counts as
    having been, which need not be its end, and of a container that ended, when it did; `reason` is that of its status."""

    at: int
    kind: int
    name: str
    code: int
    restarts: int
    ready: bool
    codes: Codes
    init_codes: Codes
    initialized: bool
    down: int
    finish: int
    reason: str | None
    running: Running


class Killed(Record):
    """How a Pod ends that is deleted: `at` and `finish` as in Step, whether it counts as succeeded, and the exit codes."""

    at: int
    finish: int
    good: bool
    codes: Codes
    init_codes: Codes


class Plan:
    """The steps of every Pod that follows one script. `pending`: it is never scheduled, so it has no steps.

    `made` is when the first of these Pods was created, `lost` whether their end misses the sync that it has triggered. Times
    inside are milliseconds of the simulation; steps count from a Pod's creation.
    """

    __slots__ = (
        "script",
        "pending",
        "grace",
        "pace",
        "_made",
        "_lost",
        "_steps",
        "_queue",
        "_all",
        "_inits",
        "_mains",
        "_next_init",
        "_order",
        "_over",
        "_due",
        "_unready",
        "_kill",
    )

    def __init__(self, pod: dict[str, Any], script: PodScript, pace: Pace, made: int = 0, lost: bool = False) -> None:
        self.script = script
        self.pending = script.pending or bool(pod.get("schedulingGates"))
        self.grace = grace_period(pod)
        self.pace, self._made, self._lost = pace, made, lost
        self._steps: list[Step] = []
        self._queue: list[tuple[int, int, str, Container | None]] = []
        policy = str(pod.get("restartPolicy") or "Never")
        named = dict(script.containers)
        self._inits: list[Container] = []
        for data in _dicts(pod.get("initContainers"))[:MOST_CONTAINERS]:
            sidecar = data.get("restartPolicy") == "Always"
            own = named.get(str(data.get("name")), Script(run=(None,) if sidecar else (0.0,)))
            self._inits.append(Container(data, "sidecar" if sidecar else "init", own, policy))
        self._mains = [
            Container(data, "main", named.get(str(data.get("name")), script.script), policy)
            for data in _dicts(pod.get("containers"))[:MOST_CONTAINERS]
        ]
        self._all = self._inits + self._mains
        for container in self._all:
            if container.name in script.deaf:
                container.stop = NEVER_STOPS
        self._next_init = 0
        self._order = 0
        self._kill: tuple[int, int, Killed] | None = None
        self._over = self.pending
        start = made + pace.start
        self._unready = start  # since when the Pod has not been ready
        limit = pod.get("activeDeadlineSeconds")
        self._due: int | None = None
        if isinstance(limit, int):
            self._due = pace.tick((pace.api(made) if pace.real else start) + limit * SECOND)
        if not self._over:
            self._push(start, "go on", None)

    def step(self, n: int) -> Step | None:
        """Return the n-th step, or None if nothing more happens by itself."""
        while len(self._steps) <= n and not self._over:
            self._advance()
        return self._steps[n] if n < len(self._steps) else None

    def killed(self, n: int, at: int) -> Killed:
        """How a Pod ends that is deleted after `n` steps, `at` milliseconds after its creation."""
        if self._kill is None or self._kill[:2] != (n, at):  # Pods that share a plan are usually deleted together
            self._kill = (n, at, self._killed(n, at))
        return self._kill[2]

    def _killed(self, n: int, at: int) -> Killed:
        pace = self.pace
        if not n:
            end = max(at, pace.start) if pace.real else at + pace.start
            return Killed(end, at, False, tuple([(c.name, KILLED) for c in self._mains]), ())
        last = self._steps[n - 1]
        now = self._made + at
        still, ended = stop(last.running, now, self.grace)
        begun = any(step.kind == STARTED for step in self._steps[:n])
        codes = tuple([(name, _code(name, code, ended, KILLED)) for name, code in last.codes])
        inits = tuple([(name, _code(name, code, ended, None if pace.real else KILLED)) for name, code in last.init_codes])
        if not begun:
            finish = pace.start  # if the main containers never began, its status shows only the Pod's start
        elif ended:
            finish = max([when - self._made for _, when in ended.values()])
        else:
            finish = last.down if last.down >= 0 else at
        return Killed(still + pace.done - self._made, finish, begun and not any(c for _, c in codes), codes, inits)

    def _push(self, at: int, what: str, container: Container | None) -> None:
        self._order += 1
        heappush(self._queue, (at, self._order, what, container))

    def _advance(self) -> None:
        """Unfold one more event; may add no step, one or several."""
        if self._due is not None and (not self._queue or self._queue[0][0] > self._due):
            self._deadline(self._due)
            return
        if not self._queue:
            self._over = True
            return
        at, _, what, container = heappop(self._queue)
        if container is None:
            self._go_on(at)
        elif what == "over":
            container.over_at, container.code = container.end, container.own_code()
            self._ended(at, container)
        elif what == "killed":
            self._killed_by_probe(at, container)
        elif what == "stopped":
            self._went_down(at, container)
        elif what == "ready":
            if container.state == RUNNING and container.ready_at == at:
                container.ready_at = -1
                self._add(at, READY, container.name)
        else:
            if container.state == HELD and what == "restart":
                container.started_after_wait(at)
            self._begin(at, container)
            self._add(at, RESTARTED, container.name, restarts=1)

    def _go_on(self, at: int) -> None:
        """Start init containers one after another, then the main ones. A sidecar delays what follows until it has started."""
        while self._next_init < len(self._inits):
            container = self._inits[self._next_init]
            self._begin(at, container)
            if container.role == "init":
                self._add(at, INITIALIZING, container.name)
                return
            waits = self.pace.real and container.probes is not None and container.probes.startup is not None
            if waits:
                self._add(at, INITIALIZING, container.name)
            self._next_init += 1
            if waits and container.probes is not None:
                started = container.probes.started(at, self._told(at), self._arrived)
                if started is not None:
                    self._push(started, "go on", None)
                return
        for container in self._mains:
            self._begin(at, container)
        if self._mains:
            self._add(at, STARTED)
        else:
            self._end(at, True, at)  # the server accepts no Pod without a container

    def _begin(self, at: int, container: Container) -> None:
        container.begin(at)
        kill = None
        if container.probes is not None:
            kill = container.probes.kills(at, self._told(at), self._arrived, self.pace.slip)
            if self.pace.real:
                ready = container.probes.ready(at, self._told(at), self._arrived)
                container.ready_at = NEVER_READY if ready is None else -1 if ready <= at else ready
                if container.ready_at >= 0 and ready is not None:
                    self._push(ready, "ready", container)
        if kill is not None and not 0 <= container.end <= kill[0]:
            container.end = -1
            self._push(kill[0], "killed", container)
        elif container.end >= 0:
            self._push(self.pace.look(container.end), "over", container)

    def _ended(self, at: int, container: Container) -> None:
        """A container was seen to have ended."""
        code = container.code or 0
        what = container.verdict(code)
        if what == "restart all":
            self._restart_all(at, container)
        elif what == "restart" and not (container.role == "init" and code == 0):
            self._again(at, container)
            self._went_down(at, container)
        else:
            container.state = ENDED
            if container.role == "init":
                if code:
                    self._end(at, False, at, container)
                else:
                    self._next_init += 1
                    self._go_on(at)
            elif container.role == "main" and all(c.state == ENDED for c in self._mains):
                self._end(at, not any(c.code for c in self._mains), at, container)
            else:
                self._went_down(at, container)

    def _went_down(self, at: int, container: Container) -> None:
        """A container has ended, and the Pod continues."""
        code = container.code or 0
        self._add(at, FAILED_CONTAINER if code else WENT_DOWN, container.name, code, finish=container.over_at - self._made)

    def _again(self, at: int, container: Container) -> None:
        """Have a container that has ended started again, now or after its back-off."""
        wait = container.wait(container.over_at, at)
        if not wait:
            container.state = WAITING
            self._push(at + self.pace.done, "restart", container)
            return
        container.state = HELD
        late, container.spread = self.pace.overdue(wait, container.spread)
        self._push(max(container.over_at + wait + late, at), "restart", container)

    def _killed_by_probe(self, at: int, container: Container) -> None:
        """A liveness or startup probe has failed often enough.

        Where nothing else runs and nothing is started again, the whole Pod is killed, with the Pod's grace period; else this
        container alone, with that of the probe. It is started again at once, unless the container before it ended a short
        while ago."""
        own = None
        if container.probes is not None:
            began = container.began
            kill = container.probes.kills(began, self._told(began), self._arrived, self.pace.slip)
            own = kill[1] if kill is not None else None
        again = container.policy != "Never"
        others = [c for c in self._mains if c is not container and c.state != ENDED]
        alone = not again and not others and container.role == "main"
        natural = (container, -1, 0)
        if alone:
            self._end(at, False, at, container, killed=True)
            return
        still, ended = stop((natural,), at, self.grace if own is None else own)
        code, _ = ended[container.name]
        before, container.over_at, container.code = container.over_at, still, code
        container.state = WAITING
        self._push(still, "stopped", container)
        if not again:
            container.state = ENDED
            if container.role == "init":
                self._end(self.pace.look(still), False, still, container)
        elif before < 0 or not container.wait(before, still):
            self._push(still + self.pace.done, "restart", container)
        else:
            self._again(self.pace.look(still), container)

    def _restart_all(self, at: int, container: Container) -> None:
        """A rule with RestartAllContainers: the whole Pod starts over in place."""
        self._queue.clear()
        wait = container.wait(container.over_at, at)
        late = 0
        if wait:
            late, container.spread = self.pace.overdue(wait, container.spread)
        again = max(container.over_at + wait + late, at)
        begun = [c for c in self._all if c.runs]
        for c in begun:
            c.state = HELD
        self._went_down(at, container)
        self._next_init = 0
        for c in self._all:
            c.state = WAITING
        if wait:
            container.started_after_wait(again)
        if self._due is None or again <= self._due:
            self._push(again, "go on", None)
            self._add(again, RESTARTED, container.name, restarts=len(begun))

    def _deadline(self, due: int) -> None:
        """The Pod's own deadline: its containers are stopped, and it has failed, whatever they exit with."""
        pace = self.pace
        at = pace.look(due + 1) if pace.real else due
        still, ended = stop(self._running(), at, self.grace)
        if not pace.real:
            still, ended = at, {c.name: (KILLED, at) for c in self._all}
        for c in self._all:
            if c.state == RUNNING:
                c.code, c.over_at = ended[c.name]
                c.state = ENDED
            elif c.state == HELD and pace.real:
                c.code = None  # the status says CrashLoopBackOff, which is not an exit code
        self._over = True
        self._add(still + pace.done, FAILED, finish=self._finish(), reason=DEADLINE)

    def _end(self, at: int, good: bool, since: int, container: Container | None = None, killed: bool = False) -> None:
        """The Pod ends: what still runs is stopped, sidecars after the others."""
        pace = self.pace
        still, ended = stop(self._running(), at, self.grace)
        name, code = (container.name, container.code or 0) if container else ("", 0)
        if pace.real and not killed:
            self._add(at, ENDING, name, code)
        for c in self._all:
            if c.state == RUNNING:
                c.code, c.over_at = ended[c.name]
                c.state = ENDED
        if killed:
            at = pace.look(still)
            good = not any(c.code for c in self._mains)
            code = container.code or 0 if container else 0
            if pace.real:
                self._add(at, ENDING, name, code)
            still = max(still, at)
        self._over = True
        end = pace.over(still, self._lost)
        self._add(end, SUCCEEDED if good else FAILED, name, code, finish=self._finish(), reason=self.script.reason)

    @property
    def _arrived(self) -> int:
        """When the Pod came to its node."""
        return self._made + 2 * self.pace.done

    def _told(self, began: int) -> int:
        """When a container began, as its status has it: in whole seconds."""
        return self.pace.api(began) if self.pace.real else began

    def _running(self) -> Running:
        # The instant kubelet knows only how long a container runs.
        real = self.pace.real
        return tuple([(c, c.end if real else -1, c.own_code()) for c in self._all if c.state == RUNNING])

    def _down(self) -> int:
        """When the last of the containers whose end counts has ended; -1 where one runs, waits or never began."""
        counted = [c for c in self._all if c.role != "init"]
        if any(c.code is None for c in counted):
            return -1
        if not self.pace.real and any(c.state != ENDED for c in counted):
            return -1  # the instant kubelet shows a container in its back-off as waiting
        return max([c.over_at for c in counted], default=-1)

    def _finish(self) -> int:
        """When the controller considers the Pod ended: its containers' end, or since when it has not been ready."""
        down = self._down()
        if down < 0 and all(c.code is not None for c in self._inits if c.role == "sidecar"):
            # A peculiarity of the controller: if the main containers never began, it uses the sidecars' end.
            down = max([c.over_at for c in self._inits if c.role == "sidecar"], default=-1)
        return (down if down >= 0 else self._unready) - self._made

    def _add(
        self, at: int, kind: int, name: str = "", code: int = 0, restarts: int = 0, finish: int = 0, reason: str | None = None
    ) -> None:
        ready = kind < ENDING and all(c.state == RUNNING and c.ready_at < 0 for c in self._all if c.role != "init")
        if ready:
            self._unready = -1
        elif self._unready < 0:
            self._unready = at
        codes = tuple([(c.name, c.code) for c in self._mains])
        if self.pace.real:
            codes = tuple(sorted(codes))  # the kubelet sorts the statuses by name
        init_codes = tuple([(c.name, c.code) for c in self._inits])
        down = self._down()
        self._steps.append(
            Step(
                at - self._made,
                kind,
                name,
                code,
                restarts,
                ready,
                codes,
                init_codes,
                self._next_init >= len(self._inits),
                down - self._made if down >= 0 else -1,
                finish,
                reason,
                self._running(),
            )
        )


def _code(name: str, known: int | None, ended: dict[str, tuple[int, int]], unknown: int | None) -> int | None:
    """The exit code of a container of a deleted Pod."""
    if known is not None:
        return known
    return ended[name][0] if name in ended else unknown


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
