"""PodDisruptionBudgets of the files that match the Pods of a Job.

Source: Kubernetes 1.36.3 pkg/controller/disruption/disruption.go: getExpectedPodCount reads the scale subresource of each Pod's
controller for maxUnavailable and percentages; Jobs have none ("does not implement the scale subresource"), and failSafe then
allows no disruption of any Pod.
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside
from joblint.rules.workload.selectors import surely_selects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def budget_blocks_eviction(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """The first budget whose selector matches the Pods and that allows no eviction while they run; one for each object."""
    from joblint.rules.finding import Hit

    budgets = [b for b in folder.budgets if b.selector or b.selects_all]
    for workload in folder.workloads if budgets else ():
        for budget in budgets:
            if not beside(budget.origin, workload.origin) or not surely_selects(budget.selector, workload.labels):
                continue
            counts = budget.least.isdecimal() and not budget.most
            if counts and int(budget.least) < workload.needs.at_once:
                continue
            meant = counts or budget.most in ("0", "0%") or budget.least == "100%"
            limit = f"maxUnavailable: {budget.most}" if budget.most else f"minAvailable: {budget.least}"
            why = "" if meant else ", because it cannot count the replicas of a Job"
            values = {"budget": budget.origin.name, "limit": limit, "why": why}
            at = ("spec" if workload.origin.kind == "Job" else "spec.jobTemplate.spec") + ".template"
            yield (
                workload.origin,
                Hit(at, values, part="key", severity="info" if meant else "", confidence="hint" if meant else ""),
            )
            break
