"""How a simulated run ended, in a few numbers: what is shown for each scenario; plain values, no words of a report."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.controller.job.backoff import SECOND
from joblint.controller.job.trace import span
from joblint.controller.prediction.kubectl_get import Row, row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.job.spec import JobSpec
    from joblint.controller.job.trace import Outcome, Run

BY_REASON = {
    "BackoffLimitExceeded": "backoffLimit",
    "DeadlineExceeded": "activeDeadlineSeconds",
    "FailedIndexes": "backoffLimitPerIndex",
    "MaxFailedIndexesExceeded": "maxFailedIndexes",
    "PodFailurePolicy": "podFailurePolicy",
    "CompletionsReached": "completions",
    "SuccessPolicy": "successPolicy",
}
"""Which field of the spec ends a Job with this reason."""


class End(Record):
    """How a scenario ends. `outcome` and the times (seconds) are those of Run; `type`, `reason` and `message` are the last
    condition's, empty if there is none; `limit` is the field of the spec that failed the Job, or "".

    `pods` were created, `pods_kept` of them still exist at the end of the run with their logs, `restarts` took place.
    `stopped_at` is when the simulation was stopped, with the counts of that moment, and `estimate` when the Job is likely to be
    Complete, at the pace so far; None if there is no such time. `between` and `deleted_between` are the earliest and the latest
    likely time of the end and of the deletion; `otherwise` lists how else the Job may end, as in Run.
    """

    scenario: str
    outcome: Outcome
    type: str
    reason: str
    message: str
    limit: str
    at: float | None
    succeeded: int
    failed: int
    completed_indexes: str
    failed_indexes: str
    pods: int
    pods_kept: int
    restarts: int
    job_deleted_at: float | None
    kubectl: Row
    between: tuple[float, float] | None = None
    deleted_between: tuple[float, float] | None = None
    otherwise: tuple[tuple[str, str], ...] = ()
    stopped_at: float | None = None
    estimate: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the end in the JSON format of `jobs-explain`, under `scenarios`."""
        return {
            "outcome": self.outcome,
            "type": self.type,
            "reason": self.reason,
            "message": self.message,
            "limit": self.limit,
            **span("ends_at", self.at, self.between),
            "stopped_at": self.stopped_at,
            "estimated_ends_at": self.estimate,
            "succeeded": self.succeeded,
            "failed": self.failed,
            "completedIndexes": self.completed_indexes,
            "failedIndexes": self.failed_indexes,
            "pods": self.pods,
            "pods_kept": self.pods_kept,
            "restarts": self.restarts,
            **span("job_deleted_at", self.job_deleted_at, self.deleted_between),
            "otherwise": [{"type": t, "reason": r} for t, r in self.otherwise],
            "kubectl": self.kubectl.as_dict(),
        }


def end_of(scenario: str, spec: JobSpec, run: Run) -> End:
    """The end of a run whose events were kept, in a few numbers."""
    conditions = run.final.conditions
    last = conditions[-1] if conditions else None
    finished = run.outcome in ("complete", "failed")
    return End(
        scenario,
        run.outcome,
        last.type if last else "",
        last.reason if last else "",
        last.message if last else "",
        BY_REASON.get(last.reason, "") if last and finished else "",
        run.ends_at,
        run.final.succeeded,
        run.final.failed,
        run.final.completed_indexes,
        run.final.failed_indexes,
        run.pods,
        0 if run.job_deleted_at is not None else run.pods - run.gone,
        run.restarts,
        run.job_deleted_at,
        row(spec, run),
        run.ends_between,
        run.deleted_between,
        run.otherwise,
        run.cut_at,
        _estimate(scenario, spec, run),
    )


def _estimate(scenario: str, spec: JobSpec, run: Run) -> float | None:
    """When a Job with too many Pods to simulate is Complete at the pace so far; None if that is not known."""
    pace = run.pace
    if run.outcome != "too-many" or spec.completions is None or not pace or run.final.failed or scenario == "node":
        return None
    whole = round(run.stopped_at + (spec.completions - run.final.succeeded) / pace)
    return None if spec.deadline is not None and whole * SECOND >= spec.deadline else float(whole)
