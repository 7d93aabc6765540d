"""Services that a Job uses and whose selector matches no Pod of the file that defines them.

Source: Kubernetes 1.36.3 pkg/controller/endpointslice (a Service without matching Pods has no endpoints: connections are
rejected).
"""

from __future__ import annotations

from joblint.rules.checks.pods.service_names import services_of
from joblint.rules.facts.folder import by_file
from joblint.rules.workload.selectors import surely_selects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import WorkloadFacts
    from joblint.rules.finding import Hit

_ENDINGS = ("-headless", "-hl", "-svc", "-service", "-master", "-primary", "-rw")


def service_without_pods(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A Service with a selector that almost fits the Pods of a Deployment of the same file; one finding for each host."""
    from joblint.rules.finding import Hit

    naming = [w for w in folder.workloads if w.needs.named] if folder.services else []
    owners: tuple[WorkloadFacts | JobFacts | CronJobFacts, ...] = (*folder.servers, *folder.workloads) if naming else ()
    of_file = by_file(owners)
    for workload in naming:
        told: set[str] = set()
        for host, _, field in workload.needs.named:
            for service in services_of(folder, workload.origin, host)[:1]:
                name = service.origin.name
                if name in told or not service.selector or service.origin.file != workload.origin.file:
                    continue
                told.add(name)
                server = _meant(of_file[service.origin.file], service.origin, service.selector)
                if server is not None:
                    key, value = next((k, v) for k, v in service.selector.items() if server.labels.get(k) != v)
                    has = f"{key}: {server.labels[key]}" if key in server.labels else f"no label {key}"
                    values = {
                        "service": name,
                        "label": f"{key}: {value}",
                        "kind": server.origin.kind,
                        "name": server.origin.name,
                        "has": has,
                        "better": f"{key}: {server.labels[key]}    in the selector of Service {name}"
                        if key in server.labels
                        else f"{key}: {value}    in the Pod template of {server.origin.kind} {server.origin.name}",
                    }
                    yield workload.origin, Hit(field, values)


def _meant(
    every: list[WorkloadFacts | JobFacts | CronJobFacts], origin: Origin, selector: dict[str, str]
) -> WorkloadFacts | None:
    """The one Deployment or StatefulSet of the file that the Service is named after; None if Pods match."""
    from joblint.rules.facts.others import WorkloadFacts

    servers = [s for s in every if isinstance(s, WorkloadFacts)]
    if any(surely_selects({"matchLabels": selector}, o.labels) for o in every):
        return None
    base = next((origin.name.removesuffix(end) for end in _ENDINGS if origin.name.endswith(end)), origin.name)
    named = [s for s in servers if s.origin.name in (origin.name, base) and s.origin.namespace in ("", origin.namespace)]
    return named[0] if len(named) == 1 and named[0].labels else None
