"""The security context of a container; knows profiles, Windows options and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go ValidateSecurityContext. Privileged containers are
allowed, as they are in every cluster that does not start its API server otherwise.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.names import is_valid_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_PROC_MOUNTS = ("Default", "Unmasked")


def validate_security_context(context: dict[str, Any], path: str, errors: Errors, opts: Gates, host_users: bool) -> None:
    """Validate a container's securityContext; `host_users` is False only if the Pod sets hostUsers: false."""
    get = context.get
    validate_ids(context, ("runAsUser", "runAsGroup"), path, errors)
    proc_mount = get("procMount")
    if proc_mount is not None:
        if proc_mount not in _PROC_MOUNTS:
            errors.not_supported(f"{path}.procMount", Typed(proc_mount), _PROC_MOUNTS)
        if host_users and proc_mount == "Unmasked":
            errors.invalid(f"{path}.procMount", Typed(proc_mount), "`hostUsers` must be false to use `Unmasked`")
    if "seccompProfile" in context:
        from joblint.api.validate.container.profiles import validate_seccomp_profile_field

        validate_seccomp_profile_field(context["seccompProfile"], f"{path}.seccompProfile", errors, opts)
    if get("allowPrivilegeEscalation") is False:
        _validate_no_escalation(context, path, errors, opts)
    if "windowsOptions" in context:
        from joblint.api.validate.container.windows import validate_windows_security_context_options

        validate_windows_security_context_options(context["windowsOptions"], f"{path}.windowsOptions", errors)
    if "appArmorProfile" in context:
        from joblint.api.validate.container.profiles import validate_app_armor_profile_field

        validate_app_armor_profile_field(context["appArmorProfile"], f"{path}.appArmorProfile", errors)


def validate_ids(context: dict[str, Any], fields: tuple[str, ...], path: str, errors: Errors) -> None:
    """Ids of users and groups in a security context, of a container or a Pod."""
    for field in fields:
        if (number := context.get(field)) is not None:
            for message in is_valid_id(number):
                errors.invalid(f"{path}.{field}", number, message)


def _validate_no_escalation(context: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    details = []
    if context.get("privileged"):
        details.append("cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
    for capability in (context.get("capabilities") or {}).get("add") or ():
        if capability == "CAP_SYS_ADMIN":
            details.append("cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
    if details:
        from joblint.api.go.internal import go_value

        shown = go_value(context, "SecurityContext", opts.minor)
        for detail in details:
            errors.invalid(path, shown, detail)
