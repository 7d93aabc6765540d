"""Queues of Kueue in the files that can never admit a Job: a resource that they do not cover, or more than their quota.

Source: Kueue 0.14 pkg/scheduler/flavorassigner/flavorassigner.go ("resource … unavailable in ClusterQueue").
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside, by_name
from joblint.rules.workload.amounts import above, of_pod, with_defaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.around import ClusterQueueFacts
    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def queue_never_admits(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """The first resource for which the ClusterQueue has no quota, or not enough for all Pods; one finding for each object."""
    from joblint.rules.finding import Hit

    local_queues = by_name(folder.local_queues)
    cluster_queues = by_name(folder.cluster_queues)
    for workload in folder.workloads if local_queues else ():
        name, _ = workload.needs.queue
        # A directory may contain several sets of examples with the same names.
        local = {q.cluster_queue for q in local_queues.get(name, ()) if beside(q.origin, workload.origin)}
        if len(local) != 1 or workload.needs.pod_amounts:
            continue
        queues = cluster_queues.get(local.pop(), [])
        if len(queues) != 1 or not queues[0].covered:
            continue
        told = _refused(folder, workload, queues[0])
        if told is not None:
            field, problem, advice = told
            yield workload.origin, Hit(field, {"queue": queues[0].origin.name, "problem": problem, "advice": advice})


def _refused(folder: Folder, workload: JobFacts | CronJobFacts, queue: ClusterQueueFacts) -> tuple[str, str, str] | None:
    """The field, what the queue lacks, and what helps."""
    ranges = [r for r in folder.ranges if beside(r.origin, workload.origin)]
    amounts = [with_defaults(a, ranges) for a in workload.needs.amounts]
    for a, sent in zip(amounts, workload.needs.amounts, strict=True):
        for resource, amount in a.requests.items():
            field = f"{a.at}.resources.requests" if resource in sent.requests else a.at
            if amount.strip("0.") == "":
                continue
            if resource not in queue.covered:
                return (
                    field,
                    f'does not cover {resource}, which container "{a.name}" requests',
                    f'Add {resource} to coveredResources and to the flavors of "{queue.origin.name}", or do not request it.',
                )
    for resource, quota in queue.covered.items():
        having = [a for a in amounts if resource in a.requests]
        each = of_pod(having, "requests", resource) if having and quota and not queue.borrows else None
        if each is None:
            continue
        total = _times(each, workload.needs.at_once)
        if total is not None and above(total, quota):
            pods = workload.needs.at_once
            what = f"{pods} Pods need {total}" if pods > 1 else f"the Pod needs {total}"
            return (
                f"{having[0].at}.resources.requests",
                f"has a quota of {quota} for {resource}, and {what}",
                f'Request less {resource}, lower parallelism, or raise the nominalQuota of "{queue.origin.name}".',
            )
    return None


def _times(amount: str, count: int) -> str | None:
    from joblint.api.go.quantity import Quantity, QuantityError, parse

    try:
        one = parse(amount)
    except QuantityError:
        return None
    return str(Quantity(one.unscaled * count, one.scale, one.format)) if count > 0 else None
