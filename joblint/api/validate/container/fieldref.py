"""References to a Pod's own fields and resources (env and downward API volumes); knows names and quantities.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateObjectFieldSelector and
validateContainerResourceFieldSelector, pkg/apis/core/pods/helpers.go, pkg/fieldpath/fieldpath.go.
"""

from __future__ import annotations

from joblint.api.validate.meta.names import is_qualified_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors

# Both in the alphabetical order in which the server lists them.
ENV_FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
VOLUME_FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")

_KNOWN = frozenset(
    (*ENV_FIELDS, *VOLUME_FIELDS, "spec.restartPolicy", "spec.schedulerName", "status.phase", "spec.host"),
)
_SUBSCRIPTED = ("metadata.annotations", "metadata.labels")

RESOURCES = (
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
)
_HUGE_PAGES = ("requests.hugepages-", "limits.hugepages-")
_BYTES: tuple[str, ...] = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
# resource name without "limits." or "requests." → allowed divisors, and what the server calls the resource
_DIVISORS: dict[str, tuple[tuple[str, ...], str]] = {
    "cpu": (("1m", "1"), "only divisor's values 1m and 1 are supported with the cpu resource"),
    "memory": (_BYTES, f"only divisor's values {', '.join(_BYTES)} are supported with the memory resource"),
    "ephemeral-storage": (
        _BYTES,
        f"only divisor's values {', '.join(_BYTES)} are supported with the local ephemeral storage resource",
    ),
}


def split_subscript(field: str) -> tuple[str, str] | None:
    """Return `metadata.labels['a']` as its path and key; None if the field has no subscript."""
    if not field.endswith("']"):
        return None
    head, mark, key = field[:-2].partition("['")
    return (head, key) if mark and head else None


def validate_object_field_selector(ref: dict[str, Any], path: str, errors: Errors, fields: tuple[str, ...]) -> None:
    """A fieldRef that may name one of `fields` (ENV_FIELDS or VOLUME_FIELDS), or one key of the labels or annotations."""
    version = ref.get("apiVersion") or ""
    field = ref.get("fieldPath") or ""
    if version == "v1" and field in fields:
        return
    if not version:
        errors.required(f"{path}.apiVersion")
        return
    if not field:
        errors.required(f"{path}.fieldPath")
        return
    parts = split_subscript(field)
    problem = ""
    if version != "v1":
        problem = f"unsupported pod version: {version}"
    elif parts and parts[0] not in _SUBSCRIPTED:
        problem = f"field label does not support subscript: {field}"
    elif not parts and field not in _KNOWN:
        problem = f"field label not supported: {field}"
    if problem:
        errors.invalid(f"{path}.fieldPath", field, f"error converting fieldPath: {problem}")
    elif parts:
        key = parts[1].lower() if parts[0] == "metadata.annotations" else parts[1]
        for message in is_qualified_name(key):
            errors.invalid(path, key, message)
    else:
        # spec.host is an old name that the server turns into spec.nodeName.
        shown = "spec.nodeName" if field == "spec.host" else field
        if shown not in fields:
            errors.not_supported(f"{path}.fieldPath", shown, fields)


def validate_resource_field_selector(ref: dict[str, Any], path: str, errors: Errors, volume: bool) -> None:
    """A resourceFieldRef; in a volume it must name its container."""
    resource = ref.get("resource") or ""
    if volume and not ref.get("containerName"):
        errors.required(f"{path}.containerName")
    elif not resource:
        errors.required(f"{path}.resource")
    elif resource not in RESOURCES and not resource.startswith(_HUGE_PAGES):
        errors.not_supported(f"{path}.resource", resource, RESOURCES)
    divisor = ref.get("divisor")
    if divisor not in (None, "0", 0):
        _validate_divisor(resource, divisor, f"{path}.divisor", errors)


def _validate_divisor(resource: str, divisor: Any, path: str, errors: Errors) -> None:
    from joblint.api.go.quantity import from_json

    amount = from_json(divisor)
    if amount.is_zero():
        return
    scope, _, name = resource.partition(".")
    if scope not in ("limits", "requests"):
        return
    if name.startswith("hugepages-"):
        allowed, detail = _BYTES, f"only divisor's values {', '.join(_BYTES)} are supported with the hugepages resource"
    elif name in _DIVISORS:
        allowed, detail = _DIVISORS[name]
    else:
        return
    if str(amount) not in allowed:
        errors.invalid(path, resource, detail)
