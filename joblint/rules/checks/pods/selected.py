"""The Pods' labels against what selects them: Services that send them requests, NetworkPolicies that do not let them in."""

from __future__ import annotations

from joblint.base.words import count
from joblint.rules.facts.folder import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def service_selects_job_pods(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A Service whose selector also matches the Pods of a Job that declares no port; one finding for each Job."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        if not workload.labels or workload.needs.ports or workload.subdomain:
            continue
        for service in folder.services:
            if (
                service.headless
                or service.by_name
                or not _selects(service.selector, workload.labels)
                or not beside(service.origin, workload.origin)
            ):
                continue
            key = next(iter(service.selector))
            shown = [f"{k}: {v}" for k, v in service.selector.items()]
            selector = ", ".join(shown[:2]) + (f" and {count(len(shown) - 2, 'other label')}" if len(shown) > 2 else "")
            values = {"service": service.origin.name, "selector": selector, "key": key}
            yield workload.origin, Hit(f"{_template(workload)}.labels[{key}]", values)
            break


def label_not_on_pods(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A NetworkPolicy selects Pods by labels that only the Job or CronJob itself has; one finding for each workload."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        own = workload.needs.own_labels
        for policy in folder.policies:
            if not own or not beside(policy.origin, workload.origin):
                continue
            selected = next((s for s in policy.selects if _selects(s, own) and not _selects(s, workload.labels)), None)
            if selected is not None:
                key = next(k for k, v in selected.items() if workload.labels.get(k) != v)
                at = _template(workload)
                values = {
                    "policy": policy.origin.name,
                    "key": key,
                    "value": selected[key],
                    "kind": workload.origin.kind,
                    "at": at,
                }
                yield workload.origin, Hit(f"metadata.labels[{key}]", values)
                break


def _template(workload: JobFacts | CronJobFacts) -> str:
    return ("spec" if workload.origin.kind == "Job" else "spec.jobTemplate.spec") + ".template.metadata"


def _selects(selector: dict[str, Any], labels: dict[str, Any]) -> bool:
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())
