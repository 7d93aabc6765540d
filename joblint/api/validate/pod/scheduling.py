"""What decides when and where a Pod may start, except affinity: gates, preemption, groups, runtime class, host name; knows
names.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.names import byte_len, is_dns1123_subdomain, is_qualified_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors

PREEMPTION_POLICIES = ("PreemptLowerPriority", "Never")


def validate_readiness_gates(gates: list[dict[str, Any]] | None, path: str, errors: Errors) -> None:
    """Condition types that must be true before a Pod counts as ready."""
    for i, gate in enumerate(gates or ()):
        kind = gate.get("conditionType") or ""
        for message in is_qualified_name(kind):
            errors.invalid(f"{path}[{i}].conditionType", kind, message)


def validate_scheduling_gates(gates: list[dict[str, Any]] | None, path: str, errors: Errors) -> None:
    """Validate the names of what must be removed before the Pod is scheduled."""
    seen: set[str] = set()
    for i, gate in enumerate(gates or ()):
        name = gate.get("name") or ""
        for message in is_qualified_name(name):
            errors.invalid(f"{path}[{i}]", name, message)
        if name in seen:
            errors.duplicate(f"{path}[{i}]", name)
        seen.add(name)


def validate_preemption_policy(policy: str, path: str, errors: Errors) -> None:
    """A preemptionPolicy that is set."""
    if not policy:
        errors.required(path)
    elif policy not in PREEMPTION_POLICIES:
        errors.not_supported(path, Typed(policy), PREEMPTION_POLICIES)


def validate_scheduling_group(group: dict[str, Any], path: str, errors: Errors) -> None:
    """The group of Pods that are scheduled together."""
    name = group.get("podGroupName")
    if name is None:
        errors.invalid(f"{path}.podGroupName", None, "must specify one of: `podGroupName`")
        return
    for message in is_dns1123_subdomain(name):
        errors.invalid(f"{path}.podGroupName", name, message)


def validate_runtime_class_name(name: str, path: str, errors: Errors) -> None:
    """A runtimeClassName that is set; the empty one is as bad as any."""
    for message in is_dns1123_subdomain(name):
        errors.invalid(path, name, message)


def validate_pod_host_name(spec: dict[str, Any], path: str, errors: Errors) -> None:
    """Validate hostnameOverride with the fields that it must not be combined with; `path` is that of the Pod spec."""
    name = spec.get("hostnameOverride")
    if name is None:
        return
    here = f"{path}.hostnameOverride"
    if spec.get("setHostnameAsFQDN"):
        errors.forbidden(here, "may not be specified when setHostnameAsFQDN is true")
    if spec.get("hostNetwork"):
        errors.forbidden(here, "may not be specified when hostNetwork is true")
    if byte_len(name) > 64:
        errors.too_long(here, 64)
    for message in is_dns1123_subdomain(name):
        errors.invalid(here, name, message)
