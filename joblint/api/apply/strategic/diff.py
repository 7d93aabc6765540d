"""The patch that `kubectl apply` sends: changes from the live object, deletions from the last applied one.

Knows the fields' merge keys, no rule of validation. The words original, modified and current are kubectl's.
Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/util/strategicpatch/patch.go (CreateThreeWayMergePatch and diffMaps).
"""

from __future__ import annotations

from joblint.api.apply.strategic.fields import MergeError
from joblint.api.apply.strategic.merge import merge_patches
from joblint.api.apply.strategic.order import in_order_of
from joblint.api.apply.strategic.values import as_read, item_kind, key_of, same, show, sorted_by_text, without_duplicates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.strategic.fields import Found, Type


def three_way_patch(original: dict[str, Any], modified: dict[str, Any], current: dict[str, Any], at: Type) -> dict[str, Any]:
    """The patch that turns the live object `current`, once applied as `original`, into `modified`.

    Plain JSON data, none of it changed; fields that only the live object has are left alone. {} where there is nothing
    to do. Raises MergeError with kubectl's text.
    """
    changes = _diff(as_read(current), as_read(modified), at, deletions=False)
    deletions = _diff(as_read(original), as_read(modified), at, deletions=True)
    return merge_patches(deletions, changes, at)


def _diff(original: dict[str, Any], modified: dict[str, Any], at: Type, deletions: bool, retain: bool = False) -> dict[str, Any]:
    """Either the deletions or the changes and additions; `retain`: name all fields that are to stay."""
    patch: dict[str, Any] = {}
    for key, value in modified.items():
        if key not in original:
            if not deletions:
                patch[key] = value
            continue
        before = original[key]
        if key == "$patch":
            if type(before) is not str or type(value) is not str:
                raise MergeError("invalid value for special key: $patch")
            if before != value:
                patch[key] = value
        elif type(before) is not type(value):
            if not deletions:
                patch[key] = value
        elif type(value) is dict:
            _diff_map(key, before, value, patch, at, deletions)
        elif type(value) is list:
            _diff_list(key, before, value, patch, at, deletions)
        elif not deletions and before != value:
            patch[key] = value
    if deletions:
        patch.update((key, None) for key in original if key not in modified)
    if retain:
        kept = [key for key, value in modified.items() if value is not None]
        more = any(value is not None and key not in modified for key, value in original.items())
        if kept and (patch or more):
            patch["$retainKeys"] = sorted(kept)
    return patch


def _diff_map(
    key: str, original: dict[str, Any], modified: dict[str, Any], patch: dict[str, Any], at: Type, deletions: bool
) -> None:
    try:
        found = at.find(key)
    except MergeError:
        if same(original, modified):
            return
        raise
    inside = _diff(original, modified, found.inside, deletions)
    if inside:
        patch[key] = inside


def _diff_list(key: str, original: list[Any], modified: list[Any], patch: dict[str, Any], at: Type, deletions: bool) -> None:
    try:
        found = at.find_list(key)
    except MergeError:
        if same(original, modified):
            return
        raise
    if found.key is None:
        if not deletions and not same(original, modified):
            patch[key] = modified
        return
    if not original:
        if modified and not deletions:
            patch[key] = modified
        return
    if item_kind(original, modified) is dict:
        _diff_items(key, original, modified, patch, found, deletions)
    else:
        _diff_values(key, original, modified, patch, deletions)


def _diff_items(
    field: str, original: list[Any], modified: list[Any], patch: dict[str, Any], found: Found, deletions: bool
) -> None:
    """A list of objects that is merged by a key; it is walked in the order of the keys' texts."""
    key = found.key or ""
    for item in (*original, *modified):
        key_of(item, key)
    before, after = sorted_by_text(original, key), sorted_by_text(modified, key)
    changed: list[dict[str, Any]] = []
    removed: list[dict[str, Any]] = []
    i = j = 0
    while i < len(before) or j < len(after):
        old = show(before[i][key]) if i < len(before) else None
        new = show(after[j][key]) if j < len(after) else None
        if old == new:
            inside = _diff(before[i], after[j], found.inside, deletions, found.retain_keys)
            if inside:
                changed.append({**inside, key: after[j][key]})
            i += 1
            j += 1
        elif old is None or (new is not None and old > new):
            if not deletions:
                changed.append(after[j])
            j += 1
        else:
            if deletions:
                removed.append({key: before[i][key], "$patch": "delete"})
            i += 1
    changed = in_order_of(changed, modified, key) + removed
    if changed:
        patch[field] = changed
    moved = len(original) != len(modified) or not all(map(same, (a[key] for a in original), (b[key] for b in modified)))
    if modified and (changed or (moved and not deletions)):
        patch[f"$setElementOrder/{field}"] = [{key: item[key]} for item in modified]


def _diff_values(key: str, original: list[Any], modified: list[Any], patch: dict[str, Any], deletions: bool) -> None:
    """A list of plain values that is merged as a set, such as the finalizers."""
    # The server's code sorts the list at hand before it compares the order, and so finds a change in most.
    before, after = sorted_by_text(original), sorted_by_text(modified)
    added, removed = [], []
    i = j = 0
    while i < len(before) or j < len(after):
        old = show(before[i]) if i < len(before) else None
        new = show(after[j]) if j < len(after) else None
        if old == new:
            i += 1
            j += 1
        elif old is None or (new is not None and old > new):
            added.append(after[j])
            j += 1
        else:
            removed.append(before[i])
            i += 1
    if deletions:
        removed = without_duplicates(removed)
        if removed:
            patch[f"$deleteFromPrimitiveList/{key}"] = removed
            if modified:
                patch[f"$setElementOrder/{key}"] = modified
        return
    if added:
        patch[key] = in_order_of(added, modified, None)
    if modified and not same(before, modified):
        patch[f"$setElementOrder/{key}"] = modified
