"""What the containers of a Job do and what people do meanwhile: the input of the simulation, and the built-in ones.

Times are in seconds. Nothing here reads files; `scenario_file` turns the data of a scenario file into these.
"""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.scenario.recorded import Recorded

DEFAULT_RUN = 1.0
"""The default run time of a container, in seconds."""

STARTS = 0.3
"""Seconds after which a Pod's container has started."""

TERMINATE = 0.3
"""Seconds that a container takes to stop when its Pod is deleted."""

TERMINATE_EXIT = 143
"""Exit code of a container stopped by SIGTERM that does nothing about it."""

ACTIONS = {
    "patch": "a merge patch on the Job",
    "delete_pod": "the number of a Pod (n), {index: 1}, or all",
    "evict": "Pods to evict, as a drain does: the number of a Pod (n), {index: 1}, or all",
    "node_lost": "the name of a node that stops responding",
    "node_deleted": "the name of a node whose Node object is deleted",
    "controller_restart": "true",
    "create": "what was missing, such as {serviceAccount: later}",
    "delete_job": "foreground, background or orphan",
}
"""Possible actions, and their arguments."""

MISSING = {
    "serviceAccount": "serviceAccount",
    "serviceAccountName": "serviceAccount",
    "priorityClass": "priorityClass",
    "priorityClassName": "priorityClass",
    "image": "image",
}
"""What may be missing, by the words for it."""


class Script(Record):
    """What one container does: run times and exit codes of its successive runs in one Pod; the last of each repeats.

    A run time of None never ends. `terminate` and `terminate_exit` define how it stops when its Pod is deleted, within its
    grace period. From `probe_fails_after` seconds on, its liveness and startup probes fail; None: they never do.
    """

    run: tuple[float | None, ...] = (DEFAULT_RUN,)
    exit: tuple[int, ...] = (0,)
    terminate: float = TERMINATE
    terminate_exit: int = TERMINATE_EXIT
    probe_fails_after: float | None = None


class PodScript(Record):
    """What a Pod does. It applies to the Pods with this `n`, `index` and `attempt`; if all are None, to every Pod.

    `n` counts the Job's Pods from 0 in order of creation, `attempt` the Pods of one completion index. `script` is followed by
    each main container that is not in `containers`; init containers and sidecars follow only their own. `condition` is set on
    the Pod when it ends, `reason` is its status' reason, `pending` keeps it from being scheduled, `node` is the node it runs
    on. `deaf` are the containers that ignore SIGTERM and therefore stop only when they are killed.
    """

    n: int | None = None
    index: int | None = None
    attempt: int | None = None
    script: Script = Script()
    containers: tuple[tuple[str, Script], ...] = ()
    pending: bool = False
    condition: str | None = None
    reason: str | None = None
    node: str | None = None
    deaf: tuple[str, ...] = ()


class Action(Record):
    """What happens `at` seconds: `do` is one of ACTIONS, `what` its object."""

    at: float
    do: str
    what: Any = None


class Standing(Record):
    """An existing Pod without an owner, `age` seconds old, with its labels; `script` defines what it does."""

    labels: tuple[tuple[str, str], ...]
    script: PodScript
    age: float


class Surroundings(Record):
    """What exists in the namespace before the Job: Pods, the quantities of a ResourceQuota, what is `missing` as (kind, name)
    with the kinds serviceAccount, priorityClass and image, the labels of the Namespace, and a PodDisruptionBudget's spec."""

    pods: tuple[Standing, ...] = ()
    quota: tuple[tuple[str, str], ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    namespace_labels: tuple[tuple[str, str], ...] = ()
    budget: dict[str, Any] | None = None


class Scenario(Record):
    """The first entry of `pods` that matches a Pod defines what it does; a Pod without a match runs 1 s and succeeds.

    `instant`: the node sees and does everything immediately, so that times are points; else it is a real kubelet's.
    `around`: what is there before the Job. `recorded`: where the Job is already."""

    name: str
    pods: tuple[PodScript, ...] = (PodScript(),)
    actions: tuple[Action, ...] = ()
    instant: bool = False
    around: Surroundings | None = None
    recorded: Recorded | None = None


BUILT_IN = {
    "succeed": "every Pod succeeds",
    "fail": "every attempt fails",
    "hang": "the containers never end and do not respond to their probes",
    "evict": "the first Pod is evicted, the other Pods succeed",
    "node": "the node of the first Pod fails, the other Pods succeed",
    "pending": "no node fits the Pods",
}
"""The names of the built-in scenarios, in the order in which they are shown, each in a few words."""


class Habits(Record):
    """What is known about a Pod's containers from their programs: `deaf` ignore SIGTERM, `endless` never end by themselves."""

    deaf: tuple[str, ...] = ()
    endless: tuple[str, ...] = ()


NO_HABITS = Habits()


def built_in(name: str, run: float = DEFAULT_RUN, habits: Habits = NO_HABITS, after: float | None = None) -> Scenario:
    """Return a built-in scenario by name, with the run time of one attempt in seconds; after `after` seconds the first Pod or
    its node is lost, after half the run time if it is None. Raises KeyError for a name not in BUILT_IN."""
    lost_at = STARTS + (run / 2 if after is None else after)
    deaf = habits.deaf
    endless = tuple([(container, Script(run=(None,))) for container in habits.endless])
    good = PodScript(script=Script(run=(run,)), containers=endless, deaf=deaf)
    if name == "succeed":
        return Scenario(name, (good,))
    if name == "fail":
        return Scenario(name, (PodScript(script=Script(run=(run,), exit=(1,)), deaf=deaf),))
    if name == "hang":
        return Scenario(name, (PodScript(script=Script(run=(None,), probe_fails_after=0.0), deaf=deaf),))
    if name == "pending":
        return Scenario(name, (PodScript(pending=True),))
    lost = PodScript(n=0, script=Script(run=(None,)), deaf=deaf, node="its node")
    if name == "evict":
        return Scenario(name, (lost, good), (Action(lost_at, "evict", 0),))
    if name == "node":
        return Scenario(name, (lost, good), (Action(lost_at, "node_lost", "its node"),))
    raise KeyError(name)
