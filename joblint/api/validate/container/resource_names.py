"""Which resource names a container or a Pod may request; knows names and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateResourceName and its callers,
pkg/apis/core/helper/helpers.go.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.names import is_qualified_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.errors import Errors

_CONTAINER = ("cpu", "memory", "ephemeral-storage")
# Resources that are counted: a fraction of one makes no sense.
_COUNTED = (
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
)
_STANDARD = frozenset(
    (
        *_CONTAINER,
        *_COUNTED,
        "requests.cpu",
        "requests.memory",
        "requests.ephemeral-storage",
        "limits.cpu",
        "limits.memory",
        "limits.ephemeral-storage",
        "storage",
        "requests.storage",
    )
)
_HUGE_PAGES = ("hugepages-", "requests.hugepages-")


def is_native(name: str) -> bool:
    """Whether the name is Kubernetes' own: without a prefix, or in the kubernetes.io/ domain."""
    return "/" not in name or "kubernetes.io/" in name


def is_extended(name: str) -> bool:
    """Whether the name is one of an extended resource such as example.com/gpu."""
    return not is_native(name) and not name.startswith("requests.") and not is_qualified_name(f"requests.{name}")


def is_integer(name: str) -> bool:
    """Whether the resource is counted in whole pieces."""
    return name in _COUNTED or is_extended(name)


def _validate_resource_name(name: str, path: str, errors: Errors) -> bool:
    messages = is_qualified_name(name)
    for message in messages:
        errors.invalid(path, Typed(name, bare=True), message)
    if messages:
        return False
    if "/" not in name and name not in _STANDARD and not name.startswith(_HUGE_PAGES):
        errors.invalid(path, Typed(name, bare=True), "must be a standard resource type or fully qualified")
        return False
    return True


def validate_container_resource_name(name: str, path: str, errors: Errors) -> None:
    """A resource in the requests or limits of a container; `path` is its own field path."""
    _validate_resource_name(name, path, errors)
    if "/" not in name:
        if name not in _CONTAINER and not name.startswith("hugepages-"):
            errors.invalid(path, Typed(name, bare=True), "must be a standard resource for containers")
    elif not is_native(name) and not is_extended(name):
        errors.invalid(path, Typed(name, bare=True), "doesn't follow extended resource name standard")


def validate_pod_resource_name(name: str, path: str, errors: Errors) -> None:
    """A resource in the requests or limits of the Pod as a whole; `path` is its own field path."""
    if _validate_resource_name(name, path, errors):
        if name not in ("cpu", "memory") and not name.startswith("hugepages-"):
            errors.not_supported(path, Typed(name, bare=True), ("cpu", "hugepages-", "memory"))
