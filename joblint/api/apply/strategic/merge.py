"""Applying a strategic merge patch to an object, or to another patch; knows the fields' merge keys.

Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/util/strategicpatch/patch.go (mergeMap and what it calls).
"""

from __future__ import annotations

from joblint.api.apply.strategic.fields import MergeError
from joblint.api.apply.strategic.order import merged_order, parted
from joblint.api.apply.strategic.values import as_read, item_kind, key_of, place, same, show, without_duplicates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.strategic.fields import Type

_ORDER = "$setElementOrder"
_DELETE_VALUES = "$deleteFromPrimitiveList"
_RETAIN = "$retainKeys"


def apply_patch(current: dict[str, Any], patch: dict[str, Any], at: Type) -> dict[str, Any]:
    """The object after the patch; neither is changed. Raises MergeError with the server's text."""
    return _merge(as_read(current), as_read(patch), at, final=True)


def merge_patches(first: dict[str, Any], second: dict[str, Any], at: Type) -> dict[str, Any]:
    """One patch that does what both do, with nulls and directives kept. Both are used up."""
    return _merge(first, second, at, final=False)


def _merge(original: dict[str, Any], patch: dict[str, Any], at: Type, final: bool) -> dict[str, Any]:
    """`final`: `original` is an object, and directives are applied; otherwise it is a patch as well, and they are kept."""
    if "$patch" in patch:
        directive = patch["$patch"]
        if directive == "replace":
            return {key: value for key, value in patch.items() if key != "$patch"}
        if directive == "delete":
            return {}
        raise MergeError(f"unknown patch type: {show(directive)} in map: {show(patch)}")
    patch = dict(patch)
    _retain_keys(original, patch, final)
    for key in [key for key in patch if key.startswith(_ORDER)]:
        _merge_ordered(original, patch, key, at, final)
    for key, value in patch.items():
        deletes = key.startswith(_DELETE_VALUES)
        if deletes:
            if not final:
                original[key] = value
                continue
            key = _named(key, "invalid patch format of primitive list")
        if value is None:
            original.pop(key, None)
            if final:
                continue
        if key not in original or type(original[key]) is not type(value):
            if not deletes:
                _take(original, key, value, final)
        elif type(value) is dict:
            original[key] = _merge(original[key], value, at.find(key).inside, final)
        elif type(value) is list:
            found = at.find_list(key)
            if found.key is None and not deletes:
                original[key] = value
            else:
                original[key] = _merge_list(original[key], value, found.inside, found.key or None, final, deletes)
        else:
            original[key] = value
    return original


def _take(original: dict[str, Any], key: str, value: Any, final: bool) -> None:
    """Take over a value that the original has none of, or one of another type."""
    if final:
        _drop_nulls(value)
    if type(value) is dict and "$patch" in value:
        original.pop(key, None)
    else:
        original[key] = _without_directives(value)


def _drop_nulls(value: Any) -> None:
    if type(value) is dict:
        for key in [key for key, item in value.items() if item is None]:
            del value[key]
        for item in value.values():
            _drop_nulls(item)
    elif type(value) is list:
        for item in value:
            _drop_nulls(item)


def _without_directives(value: Any) -> Any:
    if type(value) is dict:
        kept = {key: item for key, item in value.items() if not (type(item) is dict and "$patch" in item)}
        return {key: _without_directives(item) for key, item in kept.items()}
    if type(value) is list:
        return [_without_directives(item) for item in value if not (type(item) is dict and "$patch" in item)]
    return value


def _named(directive: str, problem: str) -> str:
    """The field that a directive such as `$setElementOrder/containers` is about."""
    _, slash, field = directive.partition("/")
    if not slash:
        raise MergeError(problem)
    return field


def _retain_keys(original: dict[str, Any], patch: dict[str, Any], final: bool) -> None:
    if _RETAIN not in patch:
        return
    kept = patch.pop(_RETAIN)
    if not final:
        if not same(original.setdefault(_RETAIN, kept), kept):
            raise MergeError(
                f"{show(original[_RETAIN])} and {show(kept)} are not deep equal: "
                "this may happen when calculating the 3-way diff patch"
            )
        return
    if type(kept) is not list:
        raise MergeError("invalid patch format of retainKeys")
    for key, value in patch.items():
        if value is not None and not key.startswith((_DELETE_VALUES, _ORDER)) and key not in kept:
            raise MergeError("invalid patch format of retainKeys")
    for key in [key for key in original if key not in kept]:
        del original[key]


def _merge_ordered(original: dict[str, Any], patch: dict[str, Any], directive: str, at: Type, final: bool) -> None:
    """Apply one `$setElementOrder` together with the list that it orders, and remove both from the patch."""
    problem = "invalid patch format of setElementOrder list"
    order = patch.pop(directive)
    if not final and not same(original.setdefault(directive, order), order):
        raise MergeError(problem)
    if type(order) is not list:
        raise MergeError(f"expected a []interface {{}}, but received a {type(order).__name__}")
    field = _named(directive, problem)
    for owner in (original, patch):
        if field in owner and type(owner[field]) is not list:
            raise MergeError(f"expected a []interface {{}}, but received a {type(owner[field]).__name__}")
    live, new = original.get(field), patch.get(field)
    found = at.find_list(field)
    key = found.key or None
    _check_order(new or [], order, key)
    if live is None and new is None:
        return
    if new is None:
        merged = live or []
    elif live is None:
        merged = _without_directives(new)
    elif found.key is None:
        merged = new
    else:
        merged = _merge_list(live, new, found.inside, key, final, False)
    from_patch, from_live = parted(merged, order, key)
    item_kind(live or [], new or [])
    original[field] = merged_order(from_patch, from_live, order, live or [], key)
    patch.pop(field, None)


def _check_order(new: list[Any], order: list[Any], key: str | None) -> None:
    """The items of a patch must be in the order that it names."""
    if not new or not order:
        return
    items = [item for item in new if not (type(item) is dict and "$patch" in item)] if key else new
    i = 0
    for item in order:
        if i < len(items) and same(key_of(items[i], key) if key else items[i], key_of(item, key) if key else item):
            i += 1
    if i < len(items):
        raise MergeError(f"The order in patch list:\n{show(new)}\n doesn't match $setElementOrder list:\n{show(order)}\n")


def _merge_list(original: list[Any], patch: list[Any], at: Type, key: str | None, final: bool, deletes: bool) -> list[Any]:
    if not original and not patch:
        return original
    if item_kind(original, patch) is not dict:
        if final and deletes:
            return [item for item in original if place(patch, item, None) < 0]
        merged = without_duplicates(original + patch)
        key = None
    else:
        if key is None:
            raise MergeError("cannot merge lists without merge key for struct")
        original, patch = _carry_out(original, patch, key)
        merged = list(original)
        for item in patch:
            wanted = key_of(item, key)
            i = next((n for n, old in enumerate(merged) if key in old and same(old[key], wanted)), -1)
            if i < 0:
                merged.append(item)
            else:
                merged[i] = _merge(merged[i], item, at, final)
    from_patch, from_live = parted(merged, patch, key)
    return merged_order(from_patch, from_live, patch, original, key)


def _carry_out(original: list[Any], patch: list[Any], key: str) -> tuple[list[Any], list[Any]]:
    """The list without the items that the patch deletes, and the patch without the directives."""
    plain, replace = [], False
    for item in patch:
        if "$patch" not in item:
            plain.append(item)
        elif item["$patch"] == "delete":
            gone = key_of(item, key)
            original = [old for old in original if not (key in old and same(old[key], gone))]
        elif item["$patch"] == "replace":
            replace = True
        elif item["$patch"] == "merge":
            raise MergeError("merging lists cannot yet be specified in the patch")
        else:
            raise MergeError(f"unknown patch type: {show(item['$patch'])} in map: {show(item)}")
    return (plain, []) if replace else (original, plain)
