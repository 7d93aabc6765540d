"""Priorities and preemption policies compared with the PriorityClasses in the same set of files.

Source: Kubernetes 1.36.3 plugin/pkg/admission/priority/admission.go admitPod, getDefaultPriorityClass.
"""

from __future__ import annotations

from joblint.rules.checks.pods.priority import SYSTEM_CLASSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import ClassFacts
    from joblint.rules.finding import Hit


def priority_class_differs(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A Pod sets another priority or preemptionPolicy than its PriorityClass: every Pod is rejected."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        needs = workload.needs
        found = _class_of(folder, workload)
        if found is None or found.value is None or needs.priority is None and not needs.preemption:
            continue
        says = ""
        if needs.priority is not None and needs.priority != found.value:
            field, given, wanted = "priority", str(needs.priority), str(found.value)
            says = (
                f"the integer value of priority ({given}) must not be provided in pod spec; "
                f"priority admission controller computed {wanted} from the given PriorityClass name"
            )
        elif needs.preemption and needs.preemption != found.policy:
            field, given, wanted = "preemptionPolicy", needs.preemption, found.policy
            says = (
                f"the string value of PreemptionPolicy ({given}) must not be provided in pod spec; "
                f"priority admission controller computed {wanted} from the given PriorityClass name"
            )
        if says:
            at = "spec.template.spec" if workload.origin.kind == "Job" else "spec.jobTemplate.spec.template.spec"
            which = "the global default" if found.default and not _named(workload) else "its"
            values = {"set": field, "value": given, "wanted": wanted, "name": found.origin.name, "which": which, "says": says}
            yield workload.origin, Hit(f"{at}.{field}", values, also=(says,))


def _named(workload: JobFacts | CronJobFacts) -> str:
    return next((r.name for r in workload.needs.references if r.kind == "PriorityClass"), "")


def _class_of(folder: Folder, workload: JobFacts | CronJobFacts) -> ClassFacts | None:
    """The PriorityClass of the Pods; without a name, the global default with the lowest value. priority-without-class reports
    what contradicts the absence of any class."""
    classes = [c for c in folder.classes if c.origin.kind == "PriorityClass" and c.value is not None]
    name = _named(workload)
    if name:
        return None if name in SYSTEM_CLASSES else next((c for c in classes if c.origin.name == name), None)
    return min([c for c in classes if c.default], key=lambda c: c.value or 0, default=None)
