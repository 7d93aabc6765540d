"""The tree of long JSON that is a List: an item is parsed when a place in it is looked up, as few of them are.

It is the tree that `joblint.source.places.tree` builds from the whole text.
"""

from __future__ import annotations

from bisect import bisect_right

from joblint.source.places import tree
from joblint.source.places.spans import line_starts
from joblint.source.reading.json import events
from joblint.source.reading.long_json import extents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

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
            entry.node = tree.Node(start, end, items=Items(text, items), flow=True)
            lines = line_starts(text)
            rows = tuple([bisect_right(lines, at) - 1 for at in items])
    except RecursionError:
        return None
    return tree.Tree(tree.Node(0, len(text), entries=entries, flow=True), (), len(text), item_lines=rows) if rows else None


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
        return map(self._item, range(len(self._starts)))

    def __getitem__(self, index: Any) -> Any:
        return self._item(range(len(self._starts))[index])

    def _item(self, index: int) -> Node:
        node = self._made.get(index)
        if node is None:
            node = self._made[index] = _node(self._text, self._starts[index])
        return node


def _node(text: str, start: int) -> Node:
    """The node of the value at a place."""
    node = tree.build(events(text, start).__next__, text).root
    assert node is not None
    return node
