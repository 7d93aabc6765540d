"""The tree of a long List that was read line by line: an item is parsed when a place in it is looked up, as few of them are.

Knows that the items of such a text begin with a `-` in one column. It is the tree that `joblint.source.places.tree` builds.
"""

from __future__ import annotations

from joblint.base.record import replace
from joblint.source.places import tree
from joblint.source.reading import libyaml
from joblint.source.reading.events import Mark
from joblint.source.reading.plain import BELOW, NOTHING, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.source.places.tree import Node, Tree
    from joblint.source.reading.events import Event, NextEvent


def build(data: bytes, text: str) -> Tree | None:
    """The tree of a text that `plain.read` has read; None where it is not a List, or something follows its items."""
    rows = _rows(data)
    if not rows:
        return None
    starts = _starts(text, rows)
    skeleton = libyaml.parse(text[: starts[0]].encode())
    if skeleton is None:
        return None
    found = tree.build(skeleton, text)
    root = found.root
    assert root is not None and root.entries is not None
    entry = root.entries["items"]
    items = Items(text, starts)
    entry.node = tree.Node(text.index("-", starts[0]), items[-1].end, items=items)
    root.end = entry.node.end
    return replace(found, end=len(text), item_lines=tuple(rows))


def _rows(data: bytes) -> list[int]:
    """The lines, from 0, on which the items begin; none where it is not plain to see."""
    found: list[int] = []
    first = column = -1  # of the outermost keys, of the items' dashes
    within = False
    for row, line in enumerate(data.split(b"\n")):
        kind, dash, begin, key, _ = line_of(line) or (NOTHING, -1, 0, "", None)  # a line of a block scalar may be anything
        if kind == NOTHING:
            continue
        here = begin if dash < 0 else dash
        if first < 0:
            first = here
        if not within:
            within = dash < 0 and begin == first and key == "items" and kind == BELOW
        elif column < 0:
            if dash < first:
                return []
            column = dash
            found.append(row)
        elif dash == column:
            found.append(row)
        elif here <= column and here <= first:
            return []
    return found


def _starts(text: str, rows: list[int]) -> list[int]:
    """Where lines begin in a text, by their numbers in ascending order."""
    found = []
    row = at = 0
    for wanted in rows:
        while row < wanted:
            at = text.index("\n", at) + 1
            row += 1
        found.append(at)
    return found


class Items(list["Node"]):
    """The nodes of the items; each is built when it is first used. It is only read."""

    def __init__(self, text: str, starts: list[int]) -> None:
        super().__init__()
        self._text = text
        self._starts = starts
        self._made: dict[int, Node] = {}

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Node]:
        return map(self._node, range(len(self._starts)))

    def __getitem__(self, index: Any) -> Any:
        return self._node(range(len(self._starts))[index])

    def _node(self, index: int) -> Node:
        node = self._made.get(index)
        if node is None:
            start = self._starts[index]
            end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._text)
            get = libyaml.parse(self._text[start:end].encode())
            assert get is not None
            root = tree.build(_moved(get, start), self._text).root
            assert root is not None and root.items is not None
            node = self._made[index] = root.items[0]
        return node


def _moved(get: NextEvent, by: int) -> NextEvent:
    """The same events so many characters further on."""

    def following() -> Event:
        *event, start, end = get()
        return (*event, Mark(start.index + by), Mark(end.index + by))

    return following
