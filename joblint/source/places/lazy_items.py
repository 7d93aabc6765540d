"""The items of a long List in its tree: each is parsed when it is first used. Knows nothing of the text's format."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from joblint.source.places.tree import Node


class Items(list["Node"]):
    """The nodes of the items; it is only read. `make` builds the node of the item with a number, from 0."""

    def __init__(self, count: int, make: Callable[[int], Node]) -> None:
        super().__init__()
        self._count = count
        self._make = make
        self._made: dict[int, Node] = {}

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Node]:
        return map(self._item, range(self._count))

    def __getitem__(self, index: Any) -> Any:
        return self._item(range(self._count)[index])

    def _item(self, index: int) -> Node:
        node = self._made.get(index)
        if node is None:
            node = self._made[index] = self._make(index)
        return node
