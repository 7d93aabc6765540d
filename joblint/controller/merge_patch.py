"""A JSON merge patch applied to plain data; knows nothing of Kubernetes. Source: RFC 7386."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def merge(target: Any, patch: Any) -> Any:
    """The target with a merge patch applied; nothing given is changed."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result
