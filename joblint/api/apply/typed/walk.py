"""What the walks over typed values share: which form a value has, and by what an item of a list is known.

Source: sigs.k8s.io/structured-merge-diff v6.3.3, typed/helpers.go.
"""

from __future__ import annotations

from joblint.api.apply.typed.fields import comparable, keyed, valued
from joblint.api.apply.typed.schema import Atom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.typed.fields import Element
    from joblint.api.apply.typed.schema import ListKind, Node, Types


class Missing:
    """Represents a value that is not set; a null is set."""

    __slots__ = ()


MISSING = Missing()


class NoElement(ValueError):
    """An item of a list cannot be identified by its keys; the exception's text is the server's."""


def form(types: Types, node: Node, value: Any) -> Atom:
    """Return what the value is, of all that its type may be; all of it if it is null, missing or of another form."""
    atom = types.atom(node)
    if isinstance(value, dict):
        return Atom(None, None, atom.map) if atom.map is not None else atom
    if isinstance(value, list):
        return Atom(None, atom.list, None) if atom.list is not None else atom
    if value is not None and value is not MISSING and atom.scalar is not None:
        return Atom(atom.scalar, None, None)
    return atom


def element(types: Types, kind: ListKind, item: Any) -> Element:
    """By what an item of a merged list is known. Raises NoElement."""
    if not kind.keys:
        if isinstance(item, dict):
            raise NoElement("associative list without keys has an element that's a map type")
        if isinstance(item, list):
            raise NoElement("not supported: associative list with lists as elements")
        if item is None:
            raise NoElement("associative list without keys has an element that's an explicit null")
        return valued(item)
    if item is None:
        raise NoElement("associative list with keys may not have a null element")
    if not isinstance(item, dict):
        raise NoElement("associative list with keys may not have non-map elements")
    return keyed({key: item[key] if key in item else types.key_default(key) for key in kind.keys})


def field_type(kind: Any, name: str) -> Any:
    """Return the type of a field of a map or struct; None if it has none of that name."""
    return kind.fields.get(name, kind.values)


def equal(a: Any, b: Any) -> bool:
    """Whether two values are equal, with 1 equal to 1.0 but not to true."""
    return comparable(a) == comparable(b)
