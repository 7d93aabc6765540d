"""Whether a ResourceQuota with scopes counts the Pods of a Job.

Source: Kubernetes 1.36.3 pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc, pkg/apis/core/v1/helper/qos/qos.go.
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside
from joblint.rules.workload.amounts import with_defaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.others import QuotaFacts


def in_scope(quota: QuotaFacts, workload: JobFacts | CronJobFacts, folder: Folder) -> bool:
    """Return whether the quota certainly counts the workload's Pods: they match all its scopes."""
    return all(_matches(name, operator, values, workload, folder) for name, operator, values in quota.scopes)


def _matches(name: str, operator: str, values: tuple[str, ...], workload: JobFacts | CronJobFacts, folder: Folder) -> bool:
    if name in ("Terminating", "NotTerminating"):
        return workload.needs.deadline is (name == "Terminating")
    if name in ("BestEffort", "NotBestEffort"):
        return _best_effort(workload, folder) is (name == "BestEffort")
    if name == "PriorityClass":
        return _of_class(operator, values, workload, folder)
    return False  # CrossNamespacePodAffinity counts Pods of which this is not known


def _best_effort(workload: JobFacts | CronJobFacts, folder: Folder) -> bool:
    """Whether no container requests or limits CPU or memory, also after the defaults of LimitRanges."""
    if workload.needs.pod_amounts:
        return False
    ranges = [r for r in folder.ranges if beside(r.origin, workload.origin)]
    amounts = [with_defaults(a, ranges) for a in workload.needs.amounts]
    return not any(_counts(found.get(r)) for a in amounts for found in (a.requests, a.limits) for r in ("cpu", "memory"))


def _counts(amount: str | None) -> bool:
    return amount is not None and amount.strip("0.") != ""


def _of_class(operator: str, values: tuple[str, ...], workload: JobFacts | CronJobFacts, folder: Folder) -> bool:
    """Whether the Pods' PriorityClass matches; a Pod without one gets the class that is the default of the cluster, if any."""
    own = next((r.name for r in workload.needs.references if r.kind == "PriorityClass"), "")
    if not own:
        default = next((c.origin.name for c in folder.classes if c.origin.kind == "PriorityClass" and c.default), "")
        if not default:
            return operator in ("DoesNotExist", "NotIn")
        own = default
    if operator == "In":
        return own in values
    if operator == "NotIn":
        return own not in values
    return operator == "Exists"
