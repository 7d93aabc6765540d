"""Why a Job's Pods cannot be created: quotas, objects that are not there, Pod Security; knows the Pod's spec, no time.

The messages are those of the event FailedCreate. Sources: Kubernetes 1.36.3, plugin/pkg/admission/resourcequota,
staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go, plugin/pkg/admission/serviceaccount,
plugin/pkg/admission/priority, pkg/quota/v1/evaluator/core/pods.go.
"""

from __future__ import annotations

from joblint.api.go.quantity import Quantity, QuantityError, from_json
from joblint.api.shared_names import CONTAINER_LISTS
from joblint.controller.job.spec import mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.scenario.scenario import Surroundings

UNBOUNDED = 1 << 31
_COUNTS = ("pods", "count/pods")
_COMPUTE = ("cpu", "memory", "ephemeral-storage")


class Admission:
    """What is in the way of a Job's Pods. `images` are those that no registry has: such Pods are created and wait."""

    __slots__ = ("images", "_job", "_pod", "_pod_security", "_missing", "_quota", "_version")

    def __init__(self, job: dict[str, Any], around: Surroundings, version: str) -> None:
        self._job = job
        self._version = version
        self._quota = dict(around.quota)
        self._missing = {(kind, name) for kind, name in around.missing if kind != "image"}
        self.images = {name for kind, name in around.missing if kind == "image"}
        self._pod: dict[str, Any] = mapping(mapping(mapping(job.get("spec")).get("template")).get("spec"))
        self._pod_security = dict(around.namespace_labels)

    def create(self, kind: str, name: str) -> None:
        """Somebody creates what was missing."""
        self._missing.discard((kind, name))
        self.images.discard(name)

    def waits_for_image(self) -> bool:
        """Whether an image of the Pod is in no registry."""
        return any(c.get("image") in self.images for key in CONTAINER_LISTS for c in _dicts(self._pod.get(key)))

    def room(self, there: int, kept: int) -> tuple[int, str]:
        """How many more Pods may be created in addition to `there` that are not over and `kept` in all, and why no more."""
        refusal = self._refused()
        if refusal:
            return 0, refusal
        most, why = UNBOUNDED, ""
        for name, hard in self._quota.items():
            limit = _quantity(hard)
            if limit is None:
                continue
            if name in _COUNTS:
                used = kept if name == "count/pods" else there
                free = limit.value() - used
                text = f"exceeded quota: q, requested: {name}=1, used: {name}={used}, limited: {name}={hard}"
            else:
                each, unset = self._use(name)
                if unset:
                    return 0, f"failed quota: q: must specify {name} for: {','.join(unset)}"
                if each is None or not each.sign():
                    continue
                free = limit.milli_value() // each.milli_value() - there
                used_all = Quantity(each.unscaled * there, each.scale, each.format)
                text = f"exceeded quota: q, requested: {name}={each}, used: {name}={used_all}, limited: {name}={hard}"
            if free < most:
                most, why = max(0, free), text
        return most, why

    def _refused(self) -> str:
        """Why no Pod at all can be created; empty if Pods can be created."""
        pod = self._pod
        account = str(pod.get("serviceAccountName") or "default")
        namespace = str(mapping(self._job.get("metadata")).get("namespace") or "default")
        if ("serviceAccount", account) in self._missing:
            return f'error looking up service account {namespace}/{account}: serviceaccount "{account}" not found'
        priority = pod.get("priorityClassName")
        if priority and ("priorityClass", str(priority)) in self._missing:
            return f"no PriorityClass with name {priority} was found"
        if self._pod_security:
            from joblint.api.admission.levels import policies_of
            from joblint.api.admission.pod_security import evaluate

            said = evaluate(self._job, policies_of(self._pod_security).enforce, self._version)
            return said.pod_message or said.message
        return ""

    def _use(self, name: str) -> tuple[Quantity | None, list[str]]:
        """One Pod's use of a quota's resource, and the containers that do not set it; None: the quota is about something
        else."""
        which, _, resource = name.rpartition(".")
        if not which:
            which, resource = "requests", name
        if which not in ("requests", "limits") or (which == "limits" and resource not in _COMPUTE):
            return None, []
        total, most, unset = Quantity(0, 0, "DecimalSI"), Quantity(0, 0, "DecimalSI"), []
        for key in CONTAINER_LISTS:
            for container in _dicts(self._pod.get(key)):
                resources = mapping(container.get("resources"))
                value = mapping(resources.get(which)).get(resource)
                if value is None and which == "requests":
                    value = mapping(resources.get("limits")).get(resource)  # a Pod's requests default to its limits
                found = _quantity(value)
                if found is None:
                    if resource in _COMPUTE:
                        unset.append(str(container.get("name")))
                elif key == "containers":
                    total = total.plus(found)
                elif found.compare(most) > 0:
                    most = found
        return (most if most.compare(total) > 0 else total), unset


def _quantity(value: Any) -> Quantity | None:
    if value is None:
        return None
    try:
        return from_json(value)
    except QuantityError:
        return None


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
