"""Host names of a Job's own Pods that do not exist, or not at the time at which they are needed.

Source: Kubernetes 1.36.3 pkg/controller/job/indexed_job_utils.go (the host name is JOB-INDEX), pkg/controller/endpointslice
(addresses of Pods that are not ready are not published, unless publishNotReadyAddresses is set).
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside, by_name
from joblint.rules.facts.jobs import JobFacts
from joblint.rules.workload.selectors import surely_selects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def pod_host_name_unknown(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A host name in the Job's own subdomain that none of its Pods has; one finding for each object."""
    from joblint.rules.finding import Hit

    owners = by_name([w for w in (*folder.workloads, *folder.servers) if w.origin.kind != "CronJob"])
    for workload in folder.workloads:
        job = isinstance(workload, JobFacts)
        own = workload.origin.name
        total = workload.total
        if total < 1 or not own or job and workload.content is None:
            continue
        for name, index, field in workload.needs.peers:
            if job and name == own and index < total:
                continue
            if name == own and job:
                because = f"the indexes end with {total - 1}"
                better = f"{own}-{total - 1}.{workload.subdomain}"
            else:
                others = [o for o in owners.get(name, ()) if o is not workload and beside(o.origin, workload.origin)]
                if others or name != own and not _is_own(folder, workload):
                    continue
                because = f"the Pods are {own}-0 to {own}-{total - 1}" if total > 1 else f"the Pod is {own}-0"
                better = f"{own}-{min(index, total - 1)}.{workload.subdomain}"
                if not job:
                    because = "a CronJob appends the time to the names of its Jobs"
                    better = "The name of the Service alone, or a Job with a fixed name."
            yield (
                workload.origin,
                Hit(field, {"host": f"{name}-{index}.{workload.subdomain}", "because": because, "better": better}),
            )
            break


def _is_own(folder: Folder, workload: JobFacts | CronJobFacts) -> bool:
    """Whether the subdomain's Service is in the files and selects the Pods of this object, and of no other one."""
    services = [x for x in folder.services if x.origin.name == workload.subdomain and beside(x.origin, workload.origin)]
    same = [w for w in folder.workloads if w.subdomain == workload.subdomain and beside(w.origin, workload.origin)]
    selected = any(surely_selects({"matchLabels": x.selector}, workload.labels) for x in services if x.selector)
    return selected and len(same) == 1


def init_waits_for_unready_pod(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """An init container waits for the DNS name of its own Pods, which are not ready before it has ended."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        for host, field in workload.needs.waited:
            labels = host.split(".")
            if workload.subdomain not in labels[:2]:
                continue
            first = labels[0]
            own = first == workload.subdomain or first.rpartition("-")[0] == workload.origin.name
            services = [x for x in folder.services if x.origin.name == workload.subdomain and beside(x.origin, workload.origin)]
            if not own or not services or any(not x.headless or x.publishes for x in services):
                continue
            if all(x.selector and surely_selects({"matchLabels": x.selector}, workload.labels) for x in services):
                others = [w.labels for w in (*folder.workloads, *folder.servers) if w is not workload]
                shared = any(surely_selects({"matchLabels": x.selector}, labels) for x in services for labels in others)
                if first == workload.subdomain and shared:
                    continue
                yield workload.origin, Hit(field, {"host": host, "service": workload.subdomain})
                break
