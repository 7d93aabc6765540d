"""The order of the items of a merged list: that of the patch first, then that of the live object; does not know any schema.

Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/util/strategicpatch/patch.go (normalizeElementOrder and around it).
"""

from __future__ import annotations

from joblint.api.apply.strategic.values import key_of, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def in_order_of(items: list[Any], order: list[Any], key: str | None) -> list[Any]:
    """The items sorted by another list; those that the patch deletes come last."""
    deleted: list[Any] = []
    if key is not None:
        for item in (*items, *order):
            key_of(item, key)
        deleted = [item for item in items if item.get("$patch") == "delete"]
        items = [item for item in items if item.get("$patch") != "delete"]
    return sorted(items, key=lambda item: place(order, item, key)) + deleted


def merged_order(
    from_patch: list[Any], from_live: list[Any], patch_order: list[Any], live_order: list[Any], key: str | None
) -> list[Any]:
    """Both lists in one, each in its own order; an item that only the live object has keeps its place as far as it can."""
    right = in_order_of(from_patch, patch_order, key)
    left = in_order_of(from_live, live_order, key)
    merged: list[Any] = []
    i = j = 0
    while i < len(left) and j < len(right):
        here, there = place(live_order, left[i], key), place(live_order, right[j], key)
        if 0 <= here < there:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]


def parted(items: list[Any], named: list[Any], key: str | None) -> tuple[list[Any], list[Any]]:
    """The items that another list names, and the others."""
    if key is not None:
        for item in items:
            key_of(item, key)
    inside = [place(named, item, key) >= 0 for item in items]
    return (
        [item for item, found in zip(items, inside, strict=True) if found],
        [item for item, found in zip(items, inside, strict=True) if not found],
    )
