"""The objects of a cluster that kubectl wrote as YAML, one by one as the text is read: memory is that of the largest object.

kubectl writes each item at the left edge, `- apiVersion: …`, and all that belongs to it further to the right; so a line at the
left edge ends it.
"""

from __future__ import annotations

import re

from joblint.api.exported import from_cluster
from joblint.base.wrong import WrongInput
from joblint.run.dump_text import CHUNK, MOST_ITEM, NoDump
from joblint.source.places.spans import Span
from joblint.source.reading.load import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.run.dump_text import Read

YAML_HEAD = re.compile(rb"(?:---\n)?apiVersion: v1\nitems:\n(?=- )")
"""How kubectl's List begins."""

_EDGE = re.compile(rb"\n(?=[^ \n])")


def yaml_items(start: bytes, read: Read) -> Iterator[tuple[Any, Span]]:
    """The objects of kubectl's List, each with where it begins. `start` is what was read already.

    Raises NoDump if it is not such a List, before the first object, and WrongInput if it is truncated."""
    head = YAML_HEAD.match(start)
    if head is None:
        raise NoDump(start)
    line = start.count(b"\n", 0, head.end()) + 1
    text, at, so_far = start[head.end() :], 0, [start]
    first = True
    while True:
        edge = _EDGE.search(text, at)
        if edge is None:
            # A line break at the end may be an edge once more is read.
            at = max(0, len(text) - 1)
            data = read(CHUNK) if len(text) < MOST_ITEM else b""
            if data:
                text += data
                if first:
                    so_far.append(data)
                continue
            if first:
                raise NoDump(b"".join(so_far))
            raise WrongInput(f"line {line}: the List is truncated")
        item, text, at = text[: edge.start() + 1], text[edge.start() + 1 :], 0
        loaded = load(b"  " + item[2:])
        if first and not from_cluster(loaded.value):
            raise NoDump(b"".join(so_far))
        first = False
        so_far.clear()
        if loaded.error is not None:
            raise WrongInput(f"line {line}: an item of the List is not YAML")
        lines = item.count(b"\n")
        yield loaded.value, Span(line, 3, line + lines, 1)
        line += lines
        while len(text) < 2 and (data := read(CHUNK)):
            text += data
        if not text.startswith(b"- "):
            return
