"""An object without some of its fields, and the fields above those that a set contains; knows the types of fields.

Source: sigs.k8s.io/structured-merge-diff v6.3.3, typed/remove.go, fieldpath/set.go (EnsureNamedFieldsAreMembers).
"""

from __future__ import annotations

from joblint.api.apply.typed.fields import FIELD, KEY, FieldSet, field
from joblint.api.apply.typed.walk import MISSING, NoElement, element, field_type, form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.typed.schema import Node, Types


def remove(types: Types, node: Node, value: Any, gone: FieldSet) -> Any:
    """Return the value without the fields and items of a set; null if nothing is left of a map or list. It is not changed."""
    atom = form(types, node, value)
    if atom.map is not None:
        return _remove_from_map(types, atom.map, value, gone)
    if atom.scalar is not None or atom.list is None:
        return value
    return _remove_from_list(types, atom.list, value, gone)


def _remove_from_map(types: Types, kind: Any, value: Any, gone: FieldSet) -> Any:
    if not isinstance(value, dict) or kind.atomic:
        return None
    made = {}
    for name, item in value.items():
        known = field(name)
        if known in gone.members:
            continue
        below, inside = gone.under(known), field_type(kind, name)
        made[name] = remove(types, inside, item, below) if below and inside is not None else item
    return made or None


def _remove_from_list(types: Types, kind: Any, value: Any, gone: FieldSet) -> Any:
    if not isinstance(value, list) or kind.atomic:
        return None
    made = []
    for item in value:
        try:
            known = element(types, kind, item)
        except NoElement:
            made.append(item)
            continue
        if known not in gone.members:
            below = gone.under(known)
            made.append(remove(types, kind.items, item, below) if below else item)
    return made or None


def with_fields_above(types: Types, node: Node | None, owned: FieldSet) -> FieldSet:
    """Return the set with each field of the object that has something below it in the set."""
    made = FieldSet()
    made.members = set(owned.members)
    atom = form(types, node, MISSING) if node is not None else None
    for known, inside in owned.children.items():
        below = None
        if atom is not None and known[0] == FIELD and atom.map is not None:
            below = field_type(atom.map, known[1])
            if known[1] in atom.map.fields:
                made.members.add(known)
        elif atom is not None and known[0] == KEY and atom.list is not None:
            below = atom.list.items
        made.children[known] = with_fields_above(types, below, inside)
    return made
