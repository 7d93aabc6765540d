"""Whether an object has the types of its fields: what a server-side apply reports before it merges anything.

Source: sigs.k8s.io/structured-merge-diff v6.3.3, typed/validate.go.
"""

from __future__ import annotations

from joblint.api.apply.strategic.values import show
from joblint.api.apply.typed.fields import INDEX, element_text, field
from joblint.api.apply.typed.schema import BOOLEAN, NUMERIC, STRING
from joblint.api.apply.typed.show import go_syntax, go_type
from joblint.api.apply.typed.walk import NoElement, element, field_type, form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.typed.schema import Node, Types


def problems(types: Types, node: Node, value: Any) -> list[tuple[str, str]]:
    """What is wrong, as (path, message), in alphabetical order of fields; the server goes through them at random."""
    found: list[tuple[str, str]] = []
    _check(types, node, value, "", found)
    return found


def _check(types: Types, node: Node, value: Any, path: str, found: list[tuple[str, str]]) -> None:
    atom = form(types, node, value)
    if atom.map is not None:
        _check_map(types, atom.map, value, path, found)
    elif atom.scalar is not None:
        message = _scalar_problem(atom.scalar, value)
        if message:
            found.append((path, message))
    elif atom.list is not None:
        _check_list(types, atom.list, value, path, found)


def _scalar_problem(kind: str, value: Any) -> str | None:
    if value is None:
        return None
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == NUMERIC:
        return None if number else f"expected numeric (int or float), got {go_type(value)}"
    if kind == STRING:
        return None if isinstance(value, str) else f"expected string, got &value.valueUnstructured{{Value:{go_syntax(value)}}}"
    if kind == BOOLEAN:
        return None if isinstance(value, bool) else f"expected boolean, got &{{{show(value)}}}"
    return None if not isinstance(value, (dict, list)) else f"expected any scalar, got &{{{show(value)}}}"


def _check_map(types: Types, kind: Any, value: Any, path: str, found: list[tuple[str, str]]) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        found.append((path, f"expected map, got &{{{show(value)}}}"))
        return
    for name in sorted(value):
        inside = field_type(kind, name)
        at = path + element_text(field(name))
        if inside is None:
            found.append((at, "field not declared in schema"))
        else:
            _check(types, inside, value[name], at, found)


def _check_list(types: Types, kind: Any, value: Any, path: str, found: list[tuple[str, str]]) -> None:
    if value is None:
        return
    if not isinstance(value, list):
        found.append((path, f"expected list, got &{{{show(value)}}}"))
        return
    seen = set()
    for i, item in enumerate(value):
        known = (INDEX, i)
        if not kind.atomic:
            try:
                known = element(types, kind, item)
            except NoElement as error:
                found.append((path, f"element {i}: {error}"))
                return
            if known in seen:
                found.append((path, f"duplicate entries for key {element_text(known)}"))
            seen.add(known)
        _check(types, kind.items, item, path + element_text(known), found)
