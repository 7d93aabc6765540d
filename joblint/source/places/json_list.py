"""The tree of long JSON that is a List: an item is parsed when a place in it is looked up, as few of them are.

It is the tree that `joblint.source.places.tree` builds from the whole text.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial

from joblint.source.places import tree
from joblint.source.places.lazy_items import Items
from joblint.source.places.spans import line_starts
from joblint.source.reading.json import events
from joblint.source.reading.long_json import extents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.places.tree import Entry, Node, Tree


def build(text: str) -> Tree | None:
    """The tree of a text that is one JSON value in which no key is there twice; None where it is not a List."""
    if not text.startswith("{"):
        return None
    entries: dict[str, Entry] = {}
    rows: tuple[int, ...] = ()
    try:
        for key_start, start, end in extents(text, 0):
            key = _node(text, key_start)
            entry = entries[key.value] = tree.Entry(key.start, key.end, key.style, key.value, key)
            if key.value != "items" or text[start] != "[":
                entry.node = _node(text, start)
                continue
            items = [at for _, at, _ in extents(text, start)]
            entry.node = tree.Node(start, end, items=Items(len(items), partial(_item, text, items)), flow=True)
            lines = line_starts(text)
            rows = tuple([bisect_right(lines, at) - 1 for at in items])
    except RecursionError:
        return None
    return tree.Tree(tree.Node(0, len(text), entries=entries, flow=True), (), len(text), item_lines=rows) if rows else None


def _item(text: str, starts: list[int], index: int) -> Node:
    return _node(text, starts[index])


def _node(text: str, start: int) -> Node:
    """The node of the value at a place."""
    node = tree.build(events(text, start).__next__, text).root
    assert node is not None
    return node
