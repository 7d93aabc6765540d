"""What a server-side apply makes of a live object and a manifest: the manifest's fields over the live ones.

Nothing is removed here. Source: sigs.k8s.io/structured-merge-diff v6.3.3, typed/merge.go.
"""

from __future__ import annotations

from joblint.api.apply.typed.walk import MISSING, NoElement, element, field_type, form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.typed.fields import Element
    from joblint.api.apply.typed.schema import ListKind, Node, Types


def merge(types: Types, node: Node, live: Any, new: Any) -> Any:
    """Return the merged value, MISSING if nothing is left; neither is changed. Both have the types of their fields."""
    atom = form(types, node, live if new is MISSING else new)
    if atom.map is not None:
        return _merge_maps(types, atom.map, live, new)
    if atom.list is not None and atom.scalar is None:
        return _merge_lists(types, atom.list, live, new)
    return live if new is MISSING else new


def _merge_maps(types: Types, kind: Any, live: Any, new: Any) -> Any:
    old = live if isinstance(live, dict) else {}
    changed = new if isinstance(new, dict) else {}
    if kind.atomic or not (old or changed):
        return live if new is MISSING else new
    made = {}
    for name in (*old, *(name for name in changed if name not in old)):
        inside = field_type(kind, name)
        merged = merge(types, inside, old.get(name, MISSING), changed.get(name, MISSING)) if inside is not None else old[name]
        if merged is not MISSING:
            made[name] = merged
    return made or MISSING


def _merge_lists(types: Types, kind: ListKind, live: Any, new: Any) -> Any:
    old = live if isinstance(live, list) else []
    changed = new if isinstance(new, list) else []
    if kind.atomic or not (old or changed):
        return live if new is MISSING else new
    try:
        left = [(element(types, kind, item), item) for item in old]
        right = [(element(types, kind, item), item) for item in changed]
    except NoElement:
        return MISSING
    return _in_order(types, kind, left, right) or MISSING


def _in_order(types: Types, kind: ListKind, left: list[tuple[Element, Any]], right: list[tuple[Element, Any]]) -> list[Any]:
    """Both lists in one: shared items in the order of the new list, the others as near to their place as can be."""
    live: dict[Element, Any] = {}
    for known, item in left:
        live[known] = None if known in live else item  # duplicates are not merged with what is new
    new = dict(right)
    shared = [known for known, _ in right if known in live]
    wanted = shared.pop(0) if shared else None
    made: list[Any] = []
    done: set[Element] = set()

    def take(known: Element, old: Any, item: Any) -> None:
        merged = merge(types, kind.items, old, item)
        if merged is not MISSING:
            made.append(merged)

    i = j = 0
    while i < len(left) or j < len(right):
        if i < len(left) and j < len(right):
            known = left[i][0]
            if known == right[j][0]:
                done.add(known)
                take(known, live[known], new[known])
                i += 1
                j += 1
                wanted = shared.pop(0) if shared else None
                continue
            if known in new and wanted is not None and wanted != known:
                i += 1
                continue
        if i < len(left):
            known, item = left[i]
            if known not in new:
                take(known, item, MISSING)
                i += 1
                continue
            if known in done:
                i += 1
        if j < len(right):
            known = right[j][0]
            done.add(known)
            take(known, live.get(known, MISSING), new[known])
            j += 1
            if wanted == known:
                wanted = shared.pop(0) if shared else None
    return made
