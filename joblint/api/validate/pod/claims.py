"""A Pod's resourceClaims (dynamic resource allocation); knows names.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validatePodResourceClaims.
"""

from __future__ import annotations

from joblint.api.validate.meta.names import is_dns1123_label, is_dns1123_subdomain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors

_TWO = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
_NONE = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"


def pod_claim_names(claims: list[dict[str, Any]] | None) -> set[str]:
    """The names that containers may refer to, good or bad."""
    return {name for claim in claims or () if (name := claim.get("name"))}


def validate_pod_resource_claims(claims: list[dict[str, Any]] | None, path: str, errors: Errors) -> None:
    """The claims of a Pod template."""
    seen: set[str] = set()
    for i, claim in enumerate(claims or ()):
        here = f"{path}[{i}]"
        name = claim.get("name") or ""
        if not name:
            errors.required(f"{here}.name")
        elif name in seen:
            errors.duplicate(f"{here}.name", name)
        else:
            for message in is_dns1123_label(name):
                errors.invalid(f"{here}.name", name, message)
            seen.add(name)
        existing, template = claim.get("resourceClaimName"), claim.get("resourceClaimTemplateName")
        if (existing is None) == (template is None):
            shown = {"Name": name, "ResourceClaimName": existing, "ResourceClaimTemplateName": template}
            errors.invalid(here, shown, _NONE if existing is None else _TWO)
        for field in ("resourceClaimName", "resourceClaimTemplateName"):
            value = claim.get(field)
            if value is not None:
                for message in is_dns1123_subdomain(value):
                    errors.invalid(f"{here}.{field}", value, message)
