"""Owner references that occur twice in an object: the server keeps the first and warns; knows metadata only.

Source: Kubernetes 1.37.2, k8s.io/apiserver pkg/endpoints/handlers/rest.go dedupOwnerReferencesAndAddWarning.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WARNING = (
    ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, "
    "and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: "
)


def drop_repeated_owners(metadata: dict[str, Any]) -> tuple[str, ...]:
    """Remove repeated owner references from decoded metadata, in place; return the server's warnings."""
    references = metadata.get("ownerReferences") or ()
    kept: dict[str, list[dict[str, Any]]] = {}  # by uid: only references with the same uid are compared
    order, repeated = [], []
    for reference in references:
        same = kept.setdefault(reference["uid"], [])
        if reference in same:
            repeated.append(reference["uid"])
        else:
            same.append(reference)
            order.append(reference)
    if not repeated:
        return ()
    metadata["ownerReferences"] = order
    return (_WARNING + ", ".join(repeated),)
