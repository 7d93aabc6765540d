"""Resources of a Pod as a whole against those of its containers; knows quantities and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validatePodResources and validatePodResourceConsistency,
k8s.io/component-helpers v0.36.3 resource/helpers.go (sums over containers).
"""

from __future__ import annotations

from joblint.api.go.quantity import from_json
from joblint.api.validate.container.resources import validate_pod_resource_requirements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from joblint.api.errors import Errors
    from joblint.api.go.quantity import Quantity

    Amounts: TypeAlias = dict[str, Quantity]


def validate_pod_resources(spec: dict[str, Any], path: str, errors: Errors, claims: frozenset[str]) -> None:
    """The Pod's own `resources`, which the spec must have; `path` is the spec's."""
    resources = spec["resources"]
    path = f"{path}.resources"
    if (spec.get("os") or {}).get("name") == "windows":
        errors.forbidden(path, "may not be set for a windows pod")
        return
    if "claims" in resources:
        errors.forbidden(f"{path}.claims", "claims may not be set for Resources at pod-level")
    validate_pod_resource_requirements(resources, path, errors, claims)
    requests, limits = _amounts(resources.get("requests")), _amounts(resources.get("limits"))
    if requests:
        for name, total in aggregate(spec, "requests").items():
            if name in requests and total.compare(requests[name]) > 0:
                detail = f"must be greater than or equal to aggregate container requests of {total}"
                errors.invalid(f"{path}.requests[{name}]", str(requests[name]), detail)
    if not limits:
        return
    for name, total in aggregate(spec, "limits").items():
        if name.startswith("hugepages-") and name in limits and total.compare(limits[name]) > 0:
            detail = f"must be greater than or equal to aggregate container limits of {total}"
            errors.invalid(f"{path}.limits[{name}]", str(limits[name]), detail)
    for i, container in enumerate(spec.get("containers") or ()):
        for name, limit in _amounts((container.get("resources") or {}).get("limits")).items():
            if name in limits and limit.compare(limits[name]) > 0:
                detail = f"must be less than or equal to pod limits of {limits[name]}"
                errors.invalid(f"{path}.containers[{i}][{name}].limits", str(limit), detail)


def aggregate(spec: dict[str, Any], kind: str) -> Amounts:
    """What the containers of a Pod need at once in requests or limits (`kind`), by resource.

    Ordinary containers and native sidecars run together; each init container runs with the sidecars before it alone.
    """
    total: Amounts = {}
    for container in spec.get("containers") or ():
        _add(total, _amounts((container.get("resources") or {}).get(kind)))
    sidecars: Amounts = {}
    highest: Amounts = {}
    for container in spec.get("initContainers") or ():
        own = _amounts((container.get("resources") or {}).get(kind))
        if container.get("restartPolicy") == "Always":
            _add(total, own)
            _add(sidecars, own)
            own = sidecars
        else:
            _add(own, sidecars)
        _raise_to(highest, own)
    _raise_to(total, highest)
    return total


def _amounts(listed: dict[str, Any] | None) -> Amounts:
    return {name: from_json(value) for name, value in (listed or {}).items()}


def _add(total: Amounts, more: Amounts) -> None:
    for name, amount in more.items():
        total[name] = total[name].plus(amount) if name in total else amount


def _raise_to(highest: Amounts, other: Amounts) -> None:
    for name, amount in other.items():
        if name not in highest or amount.compare(highest[name]) > 0:
            highest[name] = amount
