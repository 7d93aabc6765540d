"""What a Pod of a given operating system may not set; knows fields and errors.

Source: Kubernetes 1.36.3, 1.37.2 pkg/apis/core/validation/validation.go validateOS, validateLinux and validateWindows.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.container.container import visit_containers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_SYSTEMS = ("linux", "windows")
_NOT_FOR_LINUX = "windows options cannot be set for a linux pod"
_NOT_FOR_WINDOWS = "cannot be set for a windows pod"
# In the server's order up to 1.36: fields of the Pod's security context, and ("spec", …) those of the spec itself.
_POD_FIELDS = (
    ("securityContext", "appArmorProfile"),
    ("securityContext", "seLinuxOptions"),
    ("spec", "hostUsers"),
    ("spec", "hostPID"),
    ("spec", "hostIPC"),
    ("securityContext", "seccompProfile"),
    ("securityContext", "fsGroup"),
    ("securityContext", "fsGroupChangePolicy"),
    ("securityContext", "sysctls"),
    ("spec", "shareProcessNamespace"),
    ("securityContext", "runAsUser"),
    ("securityContext", "runAsGroup"),
    ("securityContext", "supplementalGroups"),
    ("securityContext", "supplementalGroupsPolicy"),
    ("securityContext", "seLinuxChangePolicy"),
)
_CONTEXT_FIRST = (*(f for f in _POD_FIELDS if f[0] != "spec"), *(f for f in _POD_FIELDS if f[0] == "spec"))
# These are not pointers in the server: false and an empty list count as not set.
_PLAIN = ("hostPID", "hostIPC", "sysctls")
_CONTAINER_FIELDS = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
)


def validate_pod_os(spec: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """The os of a Pod spec that has one, and what else the spec may then not say; `path` is the spec's."""
    name = spec["os"].get("name", "")
    if not name:
        errors.required(f"{path}.os.name")
    elif name not in _SYSTEMS:
        errors.not_supported(f"{path}.os", Typed(name), _SYSTEMS)
    elif name == "linux":
        _validate_linux(spec, path, errors)
    else:
        _validate_windows(spec, path, errors, _CONTEXT_FIRST if opts.has("HostFieldsInPodSpec") else _POD_FIELDS)


def _validate_linux(spec: dict[str, Any], path: str, errors: Errors) -> None:
    if "windowsOptions" in (spec.get("securityContext") or {}):
        errors.forbidden(f"{path}.securityContext.windowsOptions", _NOT_FOR_LINUX)
    for container, where in visit_containers(spec, path):
        if "windowsOptions" in (container.get("securityContext") or {}):
            errors.forbidden(f"{where}.securityContext.windowsOptions", _NOT_FOR_LINUX)


def _validate_windows(spec: dict[str, Any], path: str, errors: Errors, fields_of_pod: tuple[tuple[str, str], ...]) -> None:
    context = spec.get("securityContext") or {}
    for holder, field in fields_of_pod:
        fields, where = (spec, path) if holder == "spec" else (context, f"{path}.securityContext")
        if field in fields and (fields[field] or field not in _PLAIN):
            errors.forbidden(f"{where}.{field}", _NOT_FOR_WINDOWS)
    for container, where in visit_containers(spec, path):
        own = container.get("securityContext") or {}
        for field in _CONTAINER_FIELDS:
            if field in own:
                errors.forbidden(f"{where}.securityContext.{field}", _NOT_FOR_WINDOWS)
