"""Sets of fields: the paths that a manager owns, as in metadata.managedFields; knows nothing about schemas or manifests.

Source: sigs.k8s.io/structured-merge-diff v6.3.3, fieldpath/{element,set,serialize,serialize-pe}.go.
"""

from __future__ import annotations

from json import loads

from joblint.api.apply.strategic.values import show
from joblint.api.errors import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    # (kind, content): a field's name, the keys of an item, an item's value, or its place. They sort as the server's do.
    Element: TypeAlias = tuple[int, Any]
    Path: TypeAlias = tuple[Element, ...]

FIELD, KEY, VALUE, INDEX = range(4)


def field(name: str) -> Element:
    """Return the element for a field of a map or struct."""
    return (FIELD, name)


def keyed(keys: dict[str, Any]) -> Element:
    """Return the element for an item of a list that is merged by keys."""
    return (KEY, tuple((name, comparable(keys[name])) for name in sorted(keys)))


def valued(value: Any) -> Element:
    """Return the element for a value in a list that is merged as a set."""
    return (VALUE, comparable(value))


def comparable(value: Any) -> tuple[int, Any]:
    """A value in a form that compares, sorts and hashes as the server's do: 1 is not true, and numbers come before texts."""
    if value is None:
        return (5, 0)
    if isinstance(value, bool):
        return (2, value)
    if isinstance(value, (int, float)):
        return (0, value)
    if isinstance(value, str):
        return (1, value)
    if isinstance(value, list):
        return (3, tuple(map(comparable, value)))
    return (4, tuple((str(key), comparable(value[key])) for key in sorted(value, key=str)))


def text(path: Path) -> str:
    """The path as the server writes it: `.spec.template.spec.containers[name="main"].image`."""
    return "".join(map(element_text, path))


def element_text(element: Element) -> str:
    """One element of a path as the server writes it."""
    kind, content = element
    if kind == FIELD:
        return f".{content}"
    if kind == KEY:
        return f"[{','.join(f'{name}={_shown(value)}' for name, value in content)}]"
    return f"[={_shown(content)}]" if kind == VALUE else f"[{content}]"


def _shown(value: tuple[int, Any]) -> str:
    rank, plain = value
    if rank == 1:
        return go_quote(plain)
    if rank == 2:
        return "true" if plain else "false"
    if rank == 0:
        return show(plain)
    if rank == 3:
        return f"[{','.join(map(_shown, plain))}]"
    return "null" if rank == 5 else "".join(f"{key}={_shown(item)}" for key, item in plain)


class FieldSet:
    """A set of paths, as a tree. A path may be in it without those above it. Sets are not changed once they are shared."""

    __slots__ = ("members", "children")

    def __init__(self) -> None:
        self.members: set[Element] = set()
        self.children: dict[Element, FieldSet] = {}

    def insert(self, path: Path) -> None:
        """Add a path; the empty path, which is the whole object, has no owner."""
        if path:
            at = self
            for element in path[:-1]:
                at = at.children.setdefault(element, FieldSet())
            at.members.add(path[-1])

    def __bool__(self) -> bool:
        return bool(self.members) or any(self.children.values())

    def has(self, path: Path) -> bool:
        """Whether this very path is in the set."""
        at: FieldSet | None = self
        for element in path[:-1]:
            at = at.children.get(element) if at is not None else None
        return bool(path) and at is not None and path[-1] in at.members

    def under(self, element: Element) -> FieldSet:
        """The paths that begin with an element, without it."""
        return self.children.get(element) or FieldSet()

    def union(self, other: FieldSet) -> FieldSet:
        """What is in either."""
        made = FieldSet()
        made.members = self.members | other.members
        made.children = dict(self.children)
        for element, inside in other.children.items():
            mine = made.children.get(element)
            made.children[element] = inside if mine is None else mine.union(inside)
        return made

    def intersection(self, other: FieldSet) -> FieldSet:
        """What is in both."""
        made = FieldSet()
        made.members = self.members & other.members
        for element, inside in self.children.items():
            if element in other.children:
                both = inside.intersection(other.children[element])
                if both:
                    made.children[element] = both
        return made

    def difference(self, other: FieldSet) -> FieldSet:
        """What is in this one alone; a path below one of the other's stays."""
        made = FieldSet()
        made.members = self.members - other.members
        for element, inside in self.children.items():
            left = inside.difference(other.children[element]) if element in other.children else inside
            if left:
                made.children[element] = left
        return made

    def without(self, element: Element) -> FieldSet:
        """The set without a field at its root and all below it."""
        made = FieldSet()
        made.members = self.members - {element}
        made.children = {key: inside for key, inside in self.children.items() if key != element}
        return made

    def paths(self, before: Path = ()) -> Iterator[Path]:
        """All paths in the server's order: those that end here, then what is below."""
        for element in sorted(self.members):
            yield (*before, element)
        for element in sorted(self.children):
            yield from self.children[element].paths((*before, element))


def read(data: Any) -> FieldSet:
    """Return the set in a `fieldsV1`; what is not a path is skipped, as the server does."""
    return _read(data)[0] or FieldSet()


def _read(data: Any) -> tuple[FieldSet | None, bool]:
    children: FieldSet | None = None
    member = False
    for key, inside in data.items() if isinstance(data, dict) else ():
        if key == ".":
            member = True
            continue
        element = _element(str(key))
        if element is None:
            continue
        below, is_member = _read(inside)
        if children is None:
            children = FieldSet()
        if is_member:
            children.members.add(element)
        if below is not None:
            children.children[element] = below
    return children, member or children is None


def _element(key: str) -> Element | None:
    kind, rest = key[:2], key[2:]
    try:
        if kind == "f:":
            return field(rest)
        if kind == "k:":
            keys = loads(rest)
            return keyed(keys) if isinstance(keys, dict) else None
        if kind == "v:":
            return valued(loads(rest))
        return (INDEX, int(rest)) if kind == "i:" else None
    except (ValueError, RecursionError):
        return None
