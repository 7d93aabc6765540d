"""The security context of a Pod; knows profiles, Windows options, sysctls and errors.

Source: Kubernetes 1.36.3, 1.37.2 pkg/apis/core/validation/validation.go validatePodSpecSecurityContext, validateSysctls,
k8s.io/component-helpers v0.36.3 node/util/sysctl.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.container.security import validate_ids
from joblint.api.validate.meta.names import byte_len, is_valid_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_FS_GROUP_POLICIES = ("Always", "OnRootMismatch")
_GROUPS_POLICIES = ("Merge", "Strict")
_SELINUX_POLICIES = ("MountOption", "Recursive")

_SYSCTL_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SYSCTL = rf"^({_SYSCTL_SEGMENT}[\./])*{_SYSCTL_SEGMENT}$"
_SYSCTL_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"
_IPC = frozenset(
    ("sem", "shmall", "shmmax", "shmmni", "shm_rmid_forced", "shm", "msgmax", "msgmnb", "msgmni", "msg"),
)


def validate_pod_spec_security_context(spec: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """The Pod's securityContext, and up to 1.36 what the server keeps with it; `path` is the context's."""
    context: dict[str, Any] = spec.get("securityContext") or {}
    get = context.get
    validate_ids(context, ("fsGroup", "runAsUser", "runAsGroup"), path, errors)
    for i, group in enumerate(get("supplementalGroups") or ()):
        for message in is_valid_id(group):
            errors.invalid(f"{path}.supplementalGroups[{i}]", group, message)
    if not opts.has("HostFieldsInPodSpec"):
        validate_share_process_namespace(spec, path, errors)
    if sysctls := get("sysctls"):
        _validate_sysctls(sysctls, spec, f"{path}.sysctls", errors)
    _one_of(context, "fsGroupChangePolicy", _FS_GROUP_POLICIES, path, errors)
    if "seccompProfile" in context:
        from joblint.api.validate.container.profiles import validate_seccomp_profile_field

        validate_seccomp_profile_field(context["seccompProfile"], f"{path}.seccompProfile", errors, opts)
    if "windowsOptions" in context:
        from joblint.api.validate.container.windows import validate_windows_security_context_options

        validate_windows_security_context_options(context["windowsOptions"], f"{path}.windowsOptions", errors)
    if "appArmorProfile" in context:
        from joblint.api.validate.container.profiles import validate_app_armor_profile_field

        validate_app_armor_profile_field(context["appArmorProfile"], f"{path}.appArmorProfile", errors)
    _one_of(context, "supplementalGroupsPolicy", _GROUPS_POLICIES, path, errors)
    policies = _SELINUX_POLICIES if opts.on("SELinuxMount") else ("Recursive",)
    _one_of(context, "seLinuxChangePolicy", policies, path, errors)


def validate_share_process_namespace(spec: dict[str, Any], path: str, errors: Errors) -> None:
    """A Pod that shares the host's processes has none of its own to share; `path` is where the server reports it."""
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        detail = "ShareProcessNamespace and HostPID cannot both be enabled"
        errors.invalid(f"{path}.shareProcessNamespace", True, detail)


def _one_of(context: dict[str, Any], field: str, values: tuple[str, ...], path: str, errors: Errors) -> None:
    value = context.get(field)
    if value is not None and value not in values:
        errors.not_supported(f"{path}.{field}", Typed(value), values)


def _validate_sysctls(sysctls: list[dict[str, Any]], spec: dict[str, Any], path: str, errors: Errors) -> None:
    seen = set()
    for i, sysctl in enumerate(sysctls):
        name = sysctl.get("name", "")
        where = f"{path}[{i}].name"
        if not name:
            errors.required(where)
        elif not _is_sysctl(name):
            errors.invalid(where, name, f"must have at most 253 characters and match regex {_SYSCTL}")
        elif name in seen:
            errors.duplicate(where, name)
        seen.add(name)
        namespace = _sysctl_namespace(name)
        for shared in ("hostNetwork", "hostIPC"):
            if namespace == shared and spec.get(shared):
                errors.invalid(where, name, f"may not be specified when '{shared}' is true")


def _is_sysctl(name: str) -> bool:
    return byte_len(name) <= 253 and all(
        segment and not segment.strip(_SYSCTL_CHARACTERS) and segment[0] not in "-_" and segment[-1] not in "-_"
        for segment in name.replace("/", ".").split(".")
    )


def _sysctl_namespace(name: str) -> str:
    """The field of the Pod spec that shares the sysctl's namespace with the host, "" if none does."""
    dot, slash = name.find("."), name.find("/")
    if slash >= 0 and (dot < 0 or slash < dot):
        # Written with slashes: dots and slashes change places.
        name = name.translate({0x2E: "/", 0x2F: "."})
    name = name.partition("*")[0]
    if name.startswith("net."):
        return "hostNetwork"
    if name.startswith("fs.mqueue.") or (name.startswith("kernel.") and name[7:] in _IPC):
        return "hostIPC"
    return ""
