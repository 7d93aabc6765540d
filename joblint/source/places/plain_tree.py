"""The tree of a text that was read line by line (`joblint.source.reading.plain`), from the same lines: a node finds what is in it
when it is first needed, and a finding needs one path in a hundred.

It is the tree that `joblint.source.places.tree` builds from libyaml's events; braces and folded blocks are left to that.
"""

from __future__ import annotations

from joblint.source.places import tree
from joblint.source.places.tree import Entry, Node, Tree
from joblint.source.reading.events import Mark
from joblint.source.reading.load import events
from joblint.source.reading.plain import BELOW, BLOCK, FLOW, NOTHING, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.reading.events import Event, NextEvent
    from joblint.source.reading.plain import Line


def build(data: bytes, text: str) -> Tree | None:
    """The tree of a text that `plain.read` has read; None where it turns out to be another one."""
    rows = _Rows(data, text)
    if not rows.lines or len(rows.starts) != len(rows.lines):
        return None
    return Tree(rows.collection(0, len(rows.lines)), (), len(text))


class _Rows:
    """The lines of a text that say something, without those of block scalars: what each says, and where it begins."""

    __slots__ = ("lines", "starts", "text")

    def __init__(self, data: bytes, text: str) -> None:
        self.text = text
        self.lines: list[Line] = []
        self.starts: list[int] = []
        found, begin = self.lines, self.starts
        at = 0
        above = -1  # the column of the key or item whose block scalar continues
        blanks = b""
        for row, (line, written) in enumerate(zip(data.split(b"\n"), text.split("\n"), strict=True)):
            start, at = at, at + len(written) + 1
            if above >= 0:
                if not blanks:
                    blanks = line[: len(line) - len(line.lstrip(b" "))]
                if line.startswith(blanks) or not line.lstrip(b" "):
                    continue
                above = -1
            one = line_of(line)
            if one is None or one[0] == NOTHING or row == 0 and line == b"---":
                continue
            if one[0] == BLOCK:
                above, blanks = one[2], b""
            found.append(one)
            begin.append(start)

    def collection(self, first: int, end: int) -> Node:
        """The mapping or list that begins with a line and ends before another one."""
        _, dash, column, _, _ = self.lines[first]
        return _List(self, first, end, dash) if dash >= 0 else _Mapping(self, first, end, column)

    def begins(self, first: int, end: int, column: int, dashes: bool) -> list[int]:
        """The lines on which the entries of a mapping, or the items of a list, begin, and the end of the last one."""
        lines = self.lines
        if dashes:
            return [*[n for n in range(first, end) if lines[n][1] == column], end]
        return [first, *[n for n in range(first + 1, end) if lines[n][2] == column and lines[n][1] < 0], end]

    def value(self, row: int, at: int, end: int) -> Node:
        """The value after a key or a dash: `at` is where to look for it, `end` the first line that does not belong to it."""
        kind, _, _, _, value = self.lines[row]
        text = self.text
        if kind == BELOW:
            return self.collection(row + 1, end) if row + 1 < end else Node(at, at)
        while text[at] == " ":
            at += 1
        line_end = text.index("\n", at)
        if kind == FLOW:
            return _parsed(text, at, line_end)
        if kind == BLOCK:
            return _parsed(text, at, self.starts[row + 1] if row + 1 < len(self.starts) else len(text))
        quote = text[at]
        if quote == '"' or quote == "'":
            return Node(at, text.index(quote, at + 1) + 1, quote, value)
        comment = text.find(" #", at, line_end)
        written = text[at : line_end if comment < 0 else comment].rstrip(" ")
        return Node(at, at + len(written), "", written)


class _Collection(Node):
    """A mapping or list that is read when its content is first used. It is only read."""

    __slots__ = ("_column", "_end", "_entries", "_first", "_items", "_last", "_rows")

    def __init__(self, rows: _Rows, first: int, last: int, column: int) -> None:
        self._rows = rows
        self._first, self._last, self._column = first, last, column
        self._entries: dict[str, Entry] | None = None
        self._items: list[Node] | None = None
        self._end = -1
        self.start = rows.starts[first] + column
        self.style = self.value = ""
        self.alias = self.flow = False


class _Mapping(_Collection):
    """A block mapping; its first key may be behind a dash."""

    __slots__ = ()
    items = None

    @property
    def entries(self) -> dict[str, Entry]:  # type: ignore[override]
        """Its entries by key."""
        if self._entries is None:
            rows = self._rows
            text, found = rows.text, {}
            begins = rows.begins(self._first, self._last, self._column, False)
            for row, end in zip(begins, begins[1:], strict=False):
                key = rows.lines[row][3]
                start = rows.starts[row] + self._column
                style = text[start] if text[start] in "\"'" else ""
                after = start + len(key) + 2 * len(style)
                found[key] = Entry(start, after, style, key, rows.value(row, after + 1, end))
            self._entries = found
        return self._entries

    @property
    def end(self) -> int:  # type: ignore[override]
        """Where its last value ends."""
        if self._end < 0:
            last = next(reversed(self.entries.values()))
            self._end = last.end + 1 if last.node.empty else last.node.end
        return self._end


class _List(_Collection):
    """A block list."""

    __slots__ = ()
    entries = None

    @property
    def items(self) -> list[Node]:  # type: ignore[override]
        """Its items."""
        if self._items is None:
            rows = self._rows
            begins = rows.begins(self._first, self._last, self._column, True)
            self._items = [self._item(row, end) for row, end in zip(begins, begins[1:], strict=False)]
        return self._items

    def _item(self, row: int, end: int) -> Node:
        rows = self._rows
        _, _, begin, key, _ = rows.lines[row]
        if key:
            return _Mapping(rows, row, end, begin)
        return rows.value(row, rows.starts[row] + begin, end)

    @property
    def end(self) -> int:  # type: ignore[override]
        """Where its last item ends."""
        if self._end < 0:
            self._end = self.items[-1].end
        return self._end


def _parsed(text: str, start: int, end: int) -> Node:
    """A part of the text that is braces, or a block scalar."""
    node = tree.build(_moved(events(text[start:end].encode(), "plain"), start), text).root
    assert node is not None
    return node


def _moved(get: NextEvent, by: int) -> NextEvent:
    """The same events so many characters further on."""

    def following() -> Event:
        *event, start, end = get()
        return (*event, Mark(start.index + by), Mark(end.index + by))

    return following
