"""What JSON and YAML as the output for a cluster have in common: how their text is read, and what says that it is none."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Read: TypeAlias = Callable[[int], bytes]
    """Returns so many bytes of what follows, or fewer at its end."""

CHUNK = 1 << 20
"""Bytes that are read at a time."""

MOST_ITEM = 64 << 20
"""The most bytes of one object; what is larger is not an object of a cluster (etcd accepts 1.5 MiB)."""


class NoDump(Exception):
    """The text is not the output for a cluster, or cannot be read object by object; `data` is what was read of it so far."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data
