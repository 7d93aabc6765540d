"""How the containers of a Pod stop when it is deleted or killed: preStop hooks, the grace period, SIGKILL, sidecars last.

Knows containers, no Pods. Sources: Kubernetes 1.36.3, pkg/kubelet/kuberuntime/kuberuntime_container.go (killContainer,
setTerminationGracePeriod, minimumGracePeriodInSeconds 2), kuberuntime_termination_order.go.
"""

from __future__ import annotations

from joblint.api.create.defaults import GRACE_PERIOD
from joblint.controller.job.backoff import SECOND
from joblint.controller.job.spec import mapping, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.node.container import Container
    from joblint.controller.node.kubelet import Running

SIGKILL = 137
"""Exit code of a container that did not stop within its grace period."""

_LEAST = 2 * SECOND
"""However little of the grace period is left, a container gets so long between SIGTERM and SIGKILL."""


def grace_period(pod: dict[str, Any]) -> int:
    """A Pod's terminationGracePeriodSeconds, in milliseconds."""
    found = number(pod.get("terminationGracePeriodSeconds"))
    return (GRACE_PERIOD if found is None else max(0, found)) * SECOND


def pre_stop(container: dict[str, Any]) -> int:
    """Return how long a container's preStop hook takes, in milliseconds: for `sleep`, and for a command that is `sleep N`."""
    hook = mapping(mapping(container.get("lifecycle")).get("preStop"))
    seconds = number(mapping(hook.get("sleep")).get("seconds"))
    if seconds is not None:
        return max(0, seconds) * SECOND
    command = mapping(hook.get("exec")).get("command")
    words = " ".join([w for w in command if isinstance(w, str)]).replace(";", " ").split() if isinstance(command, list) else []
    for word, following in zip(words, words[1:], strict=False):
        if word.rpartition("/")[2] == "sleep" and following.isdigit():
            return int(following) * SECOND
    return 0


def stop(running: Running, at: int, grace: int) -> tuple[int, dict[str, tuple[int, int]]]:
    """Stop containers: return when all of them have stopped, and for each its exit code and its end. Times and `grace` are in
    milliseconds.

    Main and init containers are stopped first. A sidecar waits for the main ones and for the sidecars after it. A preStop hook
    runs first and uses up the grace period; a container that ends by itself earlier is not stopped.
    """
    ended: dict[str, tuple[int, int]] = {}
    turn = at
    sidecars = []
    for container, natural, own in running:
        if container.role == "sidecar":
            sidecars.append((container, natural, own))
        else:
            ended[container.name] = end = _one(container, natural, own, at, at, grace)
            if container.role == "main":
                turn = max(turn, end[1])
    for container, natural, own in reversed(sidecars):
        ended[container.name] = end = _one(container, natural, own, at, turn, grace)
        turn = max(turn, end[1])
    return max([at, *[when for _, when in ended.values()]]), ended


def _one(container: Container, natural: int, own: int, at: int, turn: int, grace: int) -> tuple[int, int]:
    """The exit code and the end of one container that may be stopped from `turn` on."""
    hook = min(container.pre_stop, grace)
    left = grace - hook // SECOND * SECOND
    begin = at + hook
    waited = max(0, min(turn - begin, left))
    begin += waited
    left = max(_LEAST, left - waited // SECOND * SECOND)
    end = begin + min(container.stop, left)
    if 0 <= natural <= end:
        return own, natural
    return SIGKILL if container.stop > left else container.script.terminate_exit, end
