"""One Pod of a simulated Job, as long as the model needs it; plain state, changed by `world`."""

from __future__ import annotations

from joblint.controller.job.backoff import START

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.policies import Codes, Match
    from joblint.controller.node.kubelet import Plan

PENDING, RUNNING, POD_SUCCEEDED, POD_FAILED = range(4)
"""Phases of a Pod; those of a Pod that is over are the two last."""


class Pod:
    """A Pod as far as the model needs it. Times are -1 if there is none; `index` is -1 for a Job that is not Indexed.

    `tracked`: it has the finalizer that marks Pods which the controller has not counted yet. `finish` and `down` are when it,
    or the last of its containers, ended, in full seconds as in the API; `ended` is when its phase showed that. `row`: the
    number of Pods that followed each other up to this one. `born` is the start of its plan, `pending` means that it is not
    scheduled, `disrupted` that it has the condition DisruptionTarget, `lost` that its node does not respond.
    """

    __slots__ = (
        "n",
        "index",
        "created",
        "plan",
        "steps",
        "phase",
        "ready",
        "ready_since",
        "unready_since",
        "deleted",
        "tracked",
        "gone",
        "finish",
        "restarts",
        "codes",
        "init_codes",
        "match",
        "failures",
        "ignored",
        "row",
        "down",
        "ended",
        "initialized",
        "born",
        "pending",
        "disrupted",
        "lost",
    )

    def __init__(self, n: int, index: int, created: int, plan: Plan, row: int = 1) -> None:
        self.n = n
        self.index = index
        self.created = created
        self.plan = plan
        self.steps = 0
        self.phase = PENDING
        self.ready = False
        self.ready_since = -1
        self.unready_since = -1
        self.deleted = -1
        self.tracked = True
        self.gone = False
        self.finish = -1
        self.restarts = 0
        self.codes: Codes = ()
        self.init_codes: Codes = ()
        self.match: Match | None = None
        self.failures = 0
        self.ignored = 0
        self.row = row
        self.down = -1
        self.ended = -1
        self.initialized = False
        self.born = created
        self.pending = plan.pending
        self.disrupted = False
        self.lost = False

    @property
    def finished(self) -> int:
        """Return when the controller considers the Pod ended, a full second: for a Pod that is still stopping, its deletion."""
        if self.phase >= POD_SUCCEEDED:
            return self.finish
        if self.down >= 0:
            return self.down
        if self.unready_since >= 0:
            return self.unready_since
        if not self.pending and self.phase == PENDING and self.deleted >= self.created + START:
            return self.plan.pace.second(self.created + START)
        return self.plan.pace.second(self.deleted)

    def conditions(self) -> tuple[tuple[str, str], ...]:
        """The conditions in its status as (type, status), in the order of the status."""
        if self.pending:
            return (("PodScheduled", "False"),)
        own = "DisruptionTarget" if self.disrupted else self.plan.script.condition
        over = self.phase >= POD_SUCCEEDED
        ready = "True" if self.ready and not over else "False"
        found = [(own, "True")] if own and over else []
        found += [("PodReadyToStartContainers", "False" if over else "True")]
        found += [("Initialized", "True" if self.initialized else "False")]
        return (*found, ("Ready", ready), ("ContainersReady", ready), ("PodScheduled", "True"))
