"""The tree of a long List that was read line by line: an item is parsed when a place in it is looked up, as few of them are.

Knows that the items of such a text begin with a `-` in one column. It is the tree that `joblint.source.places.tree` builds.
"""

from __future__ import annotations

from functools import partial

from joblint.base.record import replace
from joblint.source.places import tree
from joblint.source.places.lazy_items import Items
from joblint.source.reading import libyaml
from joblint.source.reading.events import Mark
from joblint.source.reading.plain import BELOW, NOTHING, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    items = Items(len(starts), partial(_item, text, starts))
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


def _item(text: str, starts: list[int], index: int) -> Node:
    """The node of an item, at its place in the whole text."""
    start = starts[index]
    end = starts[index + 1] if index + 1 < len(starts) else len(text)
    get = libyaml.parse(text[start:end].encode())
    assert get is not None
    root = tree.build(_moved(get, start), text).root
    assert root is not None and root.items is not None
    return root.items[0]


def _moved(get: NextEvent, by: int) -> NextEvent:
    """The same events so many characters further on."""

    def following() -> Event:
        *event, start, end = get()
        return (*event, Mark(start.index + by), Mark(end.index + by))

    return following
