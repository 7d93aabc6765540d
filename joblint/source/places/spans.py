"""Spans: where a field path's key or value is in a file, in lines and columns; the only module that knows.

Field paths are those that the API server writes (`spec.template.spec.containers[0].image`, `metadata.labels[a/b]`).
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.places.paths import child, next_step, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from joblint.source.places.paths import Way
    from joblint.source.places.tree import Entry, Node, Tree

    Trail = list[tuple[Entry | None, Node]]

STYLES = {"": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}


class Span(Record):
    """A stretch of a file: line and column of its first character, and of the one after its last. All count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int


class Scalar(Record):
    """A scalar of the text: its field path, its text as YAML reads it, how it is written (plain, single, double, literal,
    folded), and whether it is a key (`field` is then that of its entry)."""

    field: str
    text: str
    style: str
    is_key: bool


class Lines:
    """The lines of one document's text, and their position in its file.

    `text` is what the events' marks count in; `line` and `column` are where it begins in the file, both from 0.
    """

    __slots__ = ("text", "line", "column", "_starts", "_long", "_returns")

    def __init__(self, text: str, line: int, column: int) -> None:
        self.text = text
        self.line = line
        self.column = column
        self._starts: list[int] | None = None
        self._returns: bool | None = None
        self._long: dict[int, str] = {}  # lines that are too long to be held once a finding

    @property
    def returns(self) -> bool:
        """Whether the text has carriage returns."""
        if self._returns is None:
            self._returns = "\r" in self.text
        return self._returns

    @property
    def starts(self) -> list[int]:
        """Where each line begins in the text."""
        if self._starts is None:
            self._starts = line_starts(self.text)
        return self._starts

    def place(self, index: int) -> tuple[int, int]:
        """Line and column in the file, from 1, of a character of the text."""
        from bisect import bisect_right

        index = max(0, min(index, len(self.text)))
        row = bisect_right(self.starts, index) - 1
        column = index - self.starts[row] + (self.column if row == 0 else 0)
        return self.line + row + 1, column + 1

    def span(self, start: int, end: int) -> Span:
        """The span of the characters from `start` up to `end`."""
        return Span(*self.place(start), *self.place(max(start, end)))

    def source_line(self, number: int) -> str | None:
        """Return the text of a line of the file, by its number from 1; None if it is not a line of this document."""
        row = number - 1 - self.line
        starts = self.starts
        if not 0 <= row < len(starts):
            return None
        if row in self._long:
            return self._long[row]
        line = self.text[starts[row] : starts[row + 1]] if row + 1 < len(starts) else self.text[starts[row] :]
        line = line.removesuffix("\n").removesuffix("\r")
        if row == 0:
            line = " " * self.column + line
        if len(line) > 1000:
            self._long[row] = line
        return None if row == len(starts) - 1 and not line else line


def line_starts(text: str) -> list[int]:
    """Where each line of a text begins; `\\n`, `\\r\\n` and a lone `\\r` end one."""
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


class Places:
    """Looks up spans and styles by field path in a document's tree, which is built on first use. `bugs` are errors in joblint
    while it was built, described; without a tree everything is at the beginning."""

    __slots__ = ("lines", "bugs", "_build", "_built", "_tree", "_last")

    def __init__(self, lines: Lines, build: Callable[[], Tree | None], bugs: Sequence[str] = ()) -> None:
        self.lines = lines
        self.bugs = bugs
        self._build = build
        self._built = False
        self._tree: Tree | None = None
        self._last: tuple[str, Trail, bool] | None = None  # of a script, thousands of places may be asked for

    def moved(self, line: int, column: int) -> Places:
        """Return the positions of the same text if it begins elsewhere in its file (both from 0)."""
        lines = Lines(self.lines.text, line, column)
        lines._starts, lines._returns = self.lines._starts, self.lines._returns
        made = Places(lines, self._build, self.bugs)
        made._tree, made._built = self._tree, self._built
        return made

    @property
    def tree(self) -> Tree | None:
        """The document's tree; None if it cannot be read."""
        if not self._built:
            self._tree = self._build()
            self._built = True
        return self._tree

    def span(self, field: str, part: str = "value") -> Span:
        """The span of a field's value, or of its key (`part` "key"; a list item has none: the item itself).

        Of a field that is not there: the nearest key above it that is. Of "": the document's first key.
        """
        trail, found = self._walk(field)
        if not trail or not field:
            return self._first()
        entry, node = trail[-1]
        if found and part == "value" and not node.empty:
            return self._of(node.start, node.end)
        if entry is not None:
            return self._of(entry.start, entry.end)
        if not found and node.entries:
            first = _first_entry(node)
            if first is not None:
                return self._of(first.start, first.end)
        if node.empty and len(trail) > 1 and trail[-2][0] is not None:
            entry = trail[-2][0]
            return self._of(entry.start, entry.end)
        return self._of(node.start, node.end)

    def line(self, field: str) -> int:
        """The line on which a field's value begins; of an item of a long List it is known without parsing the item."""
        tree = self.tree
        if tree is not None and tree.item_lines and field.startswith("items[") and field.endswith("]"):
            number = field[6:-1]
            if number.isascii() and number.isdecimal() and len(number) < 10 and int(number) < len(tree.item_lines):
                return self.lines.line + tree.item_lines[int(number)] + 1
        return self.span(field).line

    def entry_span(self, field: str) -> Span | None:
        """Return the span from the beginning of a field's key to the end of its value (of a list item, the item); None if it
        does not exist."""
        trail, found = self._walk(field)
        if not found or not trail:
            return None
        entry, node = trail[-1]
        start = node.start if entry is None else entry.start
        end = node.end if entry is None or not node.empty else entry.end + 1
        return self._of(start, max(end, node.start if entry is None else entry.end))

    def written_at(self, field: str) -> str | None:
        """The path of a field in the tree; None if its value is computed from something else in the text."""
        return field

    def node(self, field: str) -> Node | None:
        """Return the node of a field's value; None if it does not exist."""
        trail, found = self._walk(field)
        return trail[-1][1] if found and trail else None

    def style(self, field: str) -> str | None:
        """Return how a field's scalar is written: plain, single, double, literal or folded; None if it is not a scalar."""
        node = self.node(field)
        return None if node is None or node.entries is not None or node.items is not None else STYLES[node.style]

    def raw(self, field: str) -> str | None:
        """Return the text of a field's scalar as written in the file, including quotes; None if it is not a scalar."""
        if self.style(field) is None:
            return None
        node = self.node(field)
        return None if node is None else self.lines.text[node.start : node.end]

    def written(self) -> Iterator[Scalar]:
        """Yield all scalars of the document, including keys, in the order of the text; what an alias refers to comes once."""
        tree = self.tree
        left = [("", tree.root)] if tree is not None and tree.root is not None else []
        while left:
            field, node = left.pop()
            if node.alias:
                continue
            if node.entries is not None:
                own = [e for e in node.entries.values() if not e.merged]
                left.extend([(child(field, e.key), e.node) for e in reversed(own)])
                for entry in own:
                    yield Scalar(child(field, entry.key), self.lines.text[entry.start : entry.end], STYLES[entry.style], True)
            elif node.items is not None:
                left.extend([(f"{field}[{i}]", node.items[i]) for i in range(len(node.items) - 1, -1, -1)])
            else:
                yield Scalar(field, node.value, STYLES[node.style], False)

    def plain_values(self, odd: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
        """Yield the field and the text of those scalars of `written` that are values, written plainly, with an odd text: the
        paths of all others are not needed."""
        tree = self.tree
        left: list[tuple[Way, Node]] = [(None, tree.root)] if tree is not None and tree.root is not None else []
        while left:
            way, node = left.pop()
            if node.alias:
                continue
            if node.entries is not None:
                left.extend([((way, e.key), e.node) for e in reversed(node.entries.values()) if not e.merged])
            elif node.items is not None:
                left.extend([((way, i), node.items[i]) for i in range(len(node.items) - 1, -1, -1)])
            elif not node.style and odd(node.value):
                yield path_of(way), node.value

    def _of(self, start: int, end: int) -> Span:
        return self.lines.span(start, end)

    def _first(self) -> Span:
        """The document's first key, else its value, else its first line."""
        root = self.tree.root if self.tree is not None else None
        if root is None:
            return self._of(0, 0)
        first = _first_entry(root)
        return self._of(root.start, root.end) if first is None else self._of(first.start, first.end)

    def _walk(self, field: str) -> tuple[Trail, bool]:
        """The entries and nodes on the way to a field, as far as they are there, and whether that is all the way."""
        if self._last is None or self._last[0] != field:
            self._last = field, *self._walked(field)
        return self._last[1:]

    def _walked(self, field: str) -> tuple[Trail, bool]:
        tree = self.tree
        if tree is None or tree.root is None:
            return [], False
        node = tree.root
        trail: Trail = [(None, node)]
        rest = field
        while rest:
            if node.entries is not None:
                step = next_step(rest, node.entries)
                if step is None:
                    return trail, False
                entry = node.entries[step[0]]
                node, rest = entry.node, step[1]
                trail.append((entry, node))
            elif node.items is not None and rest[0] == "[":
                number, _, rest = rest[1:].partition("]")
                if not (number.isascii() and number.isdecimal() and len(number) < 10) or int(number) >= len(node.items):
                    return trail, False
                node, rest = node.items[int(number)], rest.removeprefix(".")
                trail.append((None, node))
            else:
                return trail, False
        return trail, True


def _first_entry(node: Node) -> Entry | None:
    own = [e for e in (node.entries or {}).values() if not e.merged]
    return min(own, key=lambda e: e.start) if own else None
