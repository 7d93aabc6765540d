"""Windows options of security contexts; knows names and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateWindowsSecurityContextOptions.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.names import byte_len, is_dns1123_subdomain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors

_MAX_SPEC = 64 * 1024  # bytes
_MAX_DOMAIN = 256  # bytes
_MAX_USER = 104  # bytes
_NOT_IN_NETBIOS = frozenset('\\/:*?"<>|')
_NOT_IN_USER = frozenset('"/\\:;|=,+*?<>@[]')
_ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def validate_windows_security_context_options(options: dict[str, Any], path: str, errors: Errors) -> None:
    """The windowsOptions of a Pod's or container's security context."""
    name = options.get("gmsaCredentialSpecName")
    if name is not None:
        for message in is_dns1123_subdomain(name):
            errors.invalid(f"{path}.gmsaCredentialSpecName", Typed(name), message)
    text = options.get("gmsaCredentialSpec")
    if text is not None:
        if not text:
            errors.invalid(f"{path}.gmsaCredentialSpec", Typed(text), "gmsaCredentialSpec cannot be an empty string")
        elif byte_len(text) > _MAX_SPEC:
            errors.invalid(f"{path}.gmsaCredentialSpec", Typed(text), "gmsaCredentialSpec size must be under 64 KiB")
    user = options.get("runAsUserName")
    if user is not None:
        for detail in _user_problems(user):
            errors.invalid(f"{path}.runAsUserName", Typed(user), f"runAsUserName{detail}")


def _user_problems(name: str) -> list[str]:
    if not name:
        return [" cannot be an empty string"]
    if any(ch < " " or ch == "\x7f" for ch in name):
        return [" cannot contain control characters"]
    if name.count("\\") > 1:
        return [" cannot contain more than one backslash"]
    domain, backslash, user = name.partition("\\")
    if not backslash:
        domain, user = "", domain
    found = []
    if byte_len(domain) >= _MAX_DOMAIN:
        found.append("'s Domain length must be under 256 characters")
    if backslash and not (_is_netbios_domain(domain) or _is_dns_domain(domain)):
        found.append("'s Domain doesn't match the NetBios nor the DNS format")
    if not user:
        found.append("'s User cannot be empty")
    elif byte_len(user) > _MAX_USER:
        found.append("'s User length must not be longer than 104 characters")
    if user and not user.strip(". "):
        found.append("'s User cannot contain only periods or spaces")
    if not _NOT_IN_USER.isdisjoint(user):
        found.append("'s User cannot contain the following characters: \"/\\:;|=,+*?<>@[]")
    return found


def _is_netbios_domain(domain: str) -> bool:
    return 0 < len(domain) <= 15 and domain[0] != "." and _NOT_IN_NETBIOS.isdisjoint(domain)


def _is_dns_domain(domain: str) -> bool:
    return all(
        0 < len(label) <= 63 and not label.strip(_ALNUM + "-") and label[0] != "-" and label[-1] != "-"
        for label in domain.split(".")
    )
