"""Priorities without a PriorityClass: the admission plugin Priority, which is always enabled, rejects the Pods.

Source: Kubernetes 1.36.3 plugin/pkg/admission/priority/admission.go admitPod.
"""

from __future__ import annotations

from joblint.rules.checks.pods.words import ending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

SYSTEM_CLASSES = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}
"""The classes that the API server creates itself, with their values."""


def priority_without_class(s: Subject) -> Iterator[Hit]:
    """priority or preemptionPolicy that no PriorityClass gives: FailedCreate for every Pod."""
    name = s.sent_pod.get("priorityClassName")
    if name and name not in SYSTEM_CLASSES:
        return  # the content of the class is not known here
    priority, policy = s.sent_pod.get("priority"), s.sent_pod.get("preemptionPolicy")
    given = SYSTEM_CLASSES.get(name, 0) if isinstance(name, str) else 0
    says = ""
    if isinstance(priority, int) and priority != given:
        field = "priority"
        says = (
            f"the integer value of priority ({priority}) must not be provided in pod spec; "
            f"priority admission controller computed {given} from the given PriorityClass name"
        )
    elif policy == "Never":
        field = "preemptionPolicy"
        says = (
            f"the string value of PreemptionPolicy ({policy}) must not be provided in pod spec; "
            "priority admission controller computed PreemptLowerPriority from the given PriorityClass name"
        )
    if says:
        because = f"the PriorityClass {name} sets another value" if name else "there is no priorityClassName"
        both = (f"value: {priority if isinstance(priority, int) else given}", f"preemptionPolicy: {policy}" if policy else "")
        line = " and ".join([text for text in both if text])
        yield s.hit(f"{s.pod_at}.{field}", set=field, because=because, says=says, value=line, ending=ending(s), also=(says,))
