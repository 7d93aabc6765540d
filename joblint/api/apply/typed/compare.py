"""Which fields differ between two objects, and which fields an object names at all; knows the types of fields.

Source: sigs.k8s.io/structured-merge-diff v6.3.3, typed/{compare,tofieldset}.go.
"""

from __future__ import annotations

from joblint.api.apply.typed.fields import FieldSet, field
from joblint.api.apply.typed.walk import MISSING, NoElement, element, equal, field_type, form
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.typed.fields import Element, Path
    from joblint.api.apply.typed.schema import ListKind, Node, Types


class Comparison(Record):
    """The fields that the second of two objects lacks, has otherwise, or has alone."""

    removed: FieldSet
    modified: FieldSet
    added: FieldSet

    def ignoring(self, element: Element) -> Comparison:
        """The same without a field at the root."""
        return Comparison(self.removed.without(element), self.modified.without(element), self.added.without(element))


def compare(types: Types, node: Node, old: Any, new: Any) -> Comparison:
    """How two objects differ; MISSING for one that is not there. Neither is changed."""
    found = Comparison(FieldSet(), FieldSet(), FieldSet())
    _compare(types, node, old, new, (), found)
    return found


def _compare(types: Types, node: Node, old: Any, new: Any, path: Path, found: Comparison) -> None:
    atom = form(types, node, old if new is MISSING else new)
    inside = False
    if atom.map is not None:
        inside = _compare_maps(types, atom.map, old, new, path, found)
    elif atom.list is not None and atom.scalar is None:
        inside = _compare_lists(types, atom.list, old, new, path, found)
    if old is MISSING:
        found.added.insert(path)
    elif new is MISSING:
        found.removed.insert(path)
    elif not inside and not equal(old, new):
        found.modified.insert(path)


def _compare_maps(types: Types, kind: Any, old: Any, new: Any, path: Path, found: Comparison) -> bool:
    """Compare field by field; return False if the maps are compared as a whole."""
    before = old if isinstance(old, dict) else {}
    after = new if isinstance(new, dict) else {}
    if kind.atomic or not (before or after):
        return False
    for name in {**before, **after}:
        inside = field_type(kind, name)
        if inside is not None:
            _compare(types, inside, before.get(name, MISSING), after.get(name, MISSING), (*path, field(name)), found)
    return True


def _compare_lists(types: Types, kind: ListKind, old: Any, new: Any, path: Path, found: Comparison) -> bool:
    before = old if isinstance(old, list) else []
    after = new if isinstance(new, list) else []
    if kind.atomic or not (before or after):
        return False
    left, right = _by_element(types, kind, before), _by_element(types, kind, after)
    for known in {**left, **right}:
        mine, theirs = left.get(known, []), right.get(known, [])
        at = (*path, known)
        if len(mine) <= 1 and len(theirs) <= 1:
            _compare(types, kind.items, mine[0] if mine else MISSING, theirs[0] if theirs else MISSING, at, found)
        elif len(mine) > 1 and len(theirs) > 1:
            if not equal(mine, theirs):
                found.modified.insert(at)
        elif len(mine) > 1:
            if theirs:
                _compare(types, kind.items, MISSING, theirs[0], at, found)
            found.removed.insert(at)
        else:
            if mine:
                _compare(types, kind.items, mine[0], MISSING, at, found)
            found.added.insert(at)
    return True


def _by_element(types: Types, kind: ListKind, items: list[Any]) -> dict[Element, list[Any]]:
    found: dict[Element, list[Any]] = {}
    for item in items:
        try:
            found.setdefault(element(types, kind, item), []).append(item)
        except NoElement:
            continue
    return found


def named_fields(types: Types, node: Node, value: Any) -> FieldSet:
    """Return the fields of an object: its leaves, the items of its merged lists, and its empty values."""
    found = FieldSet()
    _name(types, node, value, (), found)
    return found


def _name(types: Types, node: Node, value: Any, path: Path, found: FieldSet) -> None:
    atom = form(types, node, value)
    if atom.map is not None:
        if atom.map.atomic:
            found.insert(path)
        else:
            _name_in_map(types, atom.map, value, path, found)
    elif atom.scalar is not None:
        found.insert(path)
    elif atom.list is not None:
        if atom.list.atomic:
            found.insert(path)
        else:
            _name_in_list(types, atom.list, value, path, found)


def _name_in_map(types: Types, kind: Any, value: Any, path: Path, found: FieldSet) -> None:
    for name, item in value.items() if isinstance(value, dict) else ():
        inside = field_type(kind, name)
        if inside is None:
            continue
        at = (*path, field(name))
        _name(types, inside, item, at, found)
        if item is None or item == {} or name not in kind.fields:
            found.insert(at)


def _name_in_list(types: Types, kind: ListKind, value: Any, path: Path, found: FieldSet) -> None:
    for known, items in _by_element(types, kind, value if isinstance(value, list) else []).items():
        at = (*path, known)
        found.insert(at)
        if len(items) == 1:
            _name(types, kind.items, items[0], at, found)
