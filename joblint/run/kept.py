"""What a run keeps of many files until its end: beyond the first few thousand items, compressed in blocks."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Generic, TypeVar

    T = TypeVar("T")
else:
    T = None
    Generic = {None: object}

PLAIN = 10_000
"""So many items are kept as they are: a run with fewer spends no time on compressing."""

BLOCK = 500
"""The number of items in a block; one block at a time is read."""


class Kept(Generic[T]):
    """A growing sequence of records. It can be read as often as needed, and then yields equal records, not always the same."""

    __slots__ = ("_blocks", "_first", "_last")

    def __init__(self) -> None:
        self._first: list[T] = []
        self._blocks: list[tuple[int, bytes]] = []
        self._last: list[T] = []

    def extend(self, items: Iterable[T]) -> None:
        """Add items at the end."""
        if len(self._first) < PLAIN:
            self._first += items
            return
        self._last += items
        if len(self._last) >= BLOCK:
            from pickle import HIGHEST_PROTOCOL, dumps
            from zlib import compress

            self._blocks.append((len(self._last), compress(dumps(self._last, HIGHEST_PROTOCOL), 1)))
            self._last = []

    def insert(self, items: Iterable[T], order: Callable[[T], Any]) -> None:
        """Add items at their places in an order, in which the others are already."""
        from heapq import merge

        kept: Kept[T] = Kept()
        for item in merge(self, sorted(items, key=order), key=order):
            kept.extend((item,))
        self._first, self._blocks, self._last = kept._first, kept._blocks, kept._last

    def whole(self) -> tuple[T, ...] | Kept[T]:
        """Return a tuple if there are few items, otherwise this object: for readers that go through it."""
        return self if self._blocks else tuple(self)

    def __len__(self) -> int:
        return len(self._first) + sum([n for n, _ in self._blocks]) + len(self._last)

    def __iter__(self) -> Iterator[T]:
        yield from self._first
        if self._blocks:
            from pickle import loads
            from zlib import decompress

            for _, block in self._blocks:
                yield from loads(decompress(block))  # written by this process
        yield from self._last
