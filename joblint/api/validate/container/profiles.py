"""Seccomp and AppArmor profiles in security contexts of Pods and containers; knows paths and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateSeccompProfileField and
ValidateAppArmorProfileField.
"""

from __future__ import annotations

from joblint.api.errors import Typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_TYPES = ("Localhost", "RuntimeDefault", "Unconfined")
# What Go's unicode.IsSpace takes for white space; str.strip() takes some control characters more.
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_MAX_PATH = 4095  # bytes


def strip_space(text: str) -> str:
    """The text without white space at its ends, as Go's strings.TrimSpace leaves it."""
    return text.strip(_SPACE)


def validate_seccomp_profile_field(profile: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """A seccompProfile."""
    kind = profile.get("type", "")
    if not kind:
        errors.required(f"{path}.type", "type is required when seccompProfile is set")
    elif kind not in _TYPES:
        errors.not_supported(f"{path}.type", Typed(kind), _TYPES)
    if "oci" in profile:
        # Not dropped where its feature is off. What is wrong inside it is not looked at further.
        if kind != "OCI":
            errors.invalid(f"{path}.oci", "", 'may only be specified when `type` is "OCI"')
        if not profile["oci"].get("ref"):
            errors.required(f"{path}.oci.ref")
    local = profile.get("localhostProfile")
    if kind == "Localhost":
        if local is None:
            errors.required(f"{path}.localhostProfile", "must be set when seccomp type is Localhost")
        else:
            from joblint.api.validate.volume.paths import validate_local_descending_path

            validate_local_descending_path(local, f"{path}.localhostProfile", errors)
    elif local is not None:
        from joblint.api.go.internal import go_value

        shown = go_value(profile, "SeccompProfile", opts.minor)
        errors.invalid(f"{path}.localhostProfile", shown, "can only be set when seccomp type is Localhost")


def validate_app_armor_profile_field(profile: dict[str, Any], path: str, errors: Errors) -> None:
    """An appArmorProfile."""
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    where = f"{path}.localhostProfile"
    if kind == "Localhost":
        stripped = local and strip_space(local)
        if local is None:
            errors.required(where, "must be set when AppArmor type is Localhost")
            return
        if stripped != local:
            errors.invalid(where, local, "must not be padded with whitespace")
        elif not local:
            errors.required(where, "must be set when AppArmor type is Localhost")
        if len(local.encode("utf-8", "surrogatepass")) > _MAX_PATH:
            errors.too_long(where, _MAX_PATH)
    elif not kind:
        errors.required(f"{path}.type", "type is required when appArmorProfile is set")
    elif kind not in _TYPES:
        errors.not_supported(f"{path}.type", Typed(kind), _TYPES)
    elif local is not None:
        errors.invalid(where, Typed(local), "can only be set when AppArmor type is Localhost")
