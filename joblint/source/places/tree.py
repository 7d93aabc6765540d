"""The keys and values of a document with their positions in its text, in characters; knows nothing about lines or field
paths.

Built from the same events as the data, and by the same rules (merge keys, the last of two equal keys), the first time that a
position is needed.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.places.paths import child
from joblint.source.reading.events import ALIAS, DOCUMENT_END, END, MAPPING, SCALAR, STREAM_END, TAG_PREFIX
from joblint.source.reading.scalars import HINTS, WrongTag, key_text, resolve, resolve_tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.reading.events import Mark, NextEvent

MAX_REPEATS = 20
"""The position is reported for at most this many repeated keys in one document; a text with more has another problem."""

_MERGE_TAG = TAG_PREFIX + "merge"


class Node:
    """A value in the text: where its first character is, and the one after its last.

    A mapping has `entries` by key, a list `items`; a scalar has `style` ("" plain, "'" '"' quoted, "|" ">" block) and `value`,
    its text. `alias` is set if the text has a `*alias`: what is below it is elsewhere. `flow`: in braces or brackets.
    """

    __slots__ = ("start", "end", "style", "value", "entries", "items", "alias", "flow")

    def __init__(
        self,
        start: int,
        end: int,
        style: str = "",
        value: str = "",
        entries: dict[str, Entry] | None = None,
        items: list[Node] | None = None,
        flow: bool = False,
    ) -> None:
        self.start = start
        self.end = end
        self.style = style
        self.value = value
        self.entries = entries
        self.items = items
        self.alias = False
        self.flow = flow

    @property
    def empty(self) -> bool:
        """Whether nothing is in the text for this value, which is null."""
        return self.start == self.end


class Entry:
    """A key and its value. The key has a position and `style` like a scalar, `key` is its name; `merged` is set if a merge key
    (`<<`) brought it here from elsewhere."""

    __slots__ = ("start", "end", "style", "key", "node", "merged")

    def __init__(self, start: int, end: int, style: str, key: str, node: Node, merged: bool = False) -> None:
        self.start = start
        self.end = end
        self.style = style
        self.key = key
        self.node = node
        self.merged = merged


class Repeat(Record):
    """A key that is defined twice in one mapping, or that a merge (`<<`) replaces: its path and name, and the two positions of
    the key (the second is the merge's). The second definition counts."""

    field: str
    key: str
    first: tuple[int, int]
    second: tuple[int, int]
    merged: bool


class Tree(Record):
    """A document's root (None if it is empty), its repeated keys, and where the part of the text ends that is read;
    `shares` is whether it has aliases or merge keys; `item_lines` are the lines, from 0, on which the items of a long List
    begin, if they are known (see `joblint.source.places.long_list`)."""

    root: Node | None
    repeats: tuple[Repeat, ...]
    end: int
    shares: bool = False
    item_lines: tuple[int, ...] = ()


def build(get: NextEvent, text: str) -> Tree:
    """The tree of a text that `compose` has read, from its events."""
    get()
    if get()[0] == STREAM_END:
        return Tree(None, (), len(text))
    builder = _Builder(text)
    end = builder.fill(get)
    return Tree(builder.root, tuple(builder.repeats), end, builder.shares)


class _Builder:
    """Combines events into nodes.

    `_stack` contains the open collections, each with the entry of the enclosing mapping (None in a list) whose value it is.
    """

    def __init__(self, text: str) -> None:
        self.root: Node | None = None
        self.repeats: list[Repeat] = []
        self.shares = False
        self._text = text
        self._stack: list[tuple[Node, Entry | None]] = []
        self._anchors: dict[str, Node] = {}

    def fill(self, get: NextEvent) -> int:
        """Read all events of the document; return where it ends in the text."""
        node: Node | None
        entry: Entry | None = None  # in a mapping, the one whose value comes next
        entries: dict[str, Entry] | None = None  # of the mapping being filled, None in a list
        items: list[Node] | None = None
        stack, anchors = self._stack, self._anchors
        while True:
            kind, value, style, tag, anchor, implicit, start, end = get()
            if kind == SCALAR:
                node = Node(start.index, end.index, style, value)
                if style == "|" or style == ">":
                    node.end = _trimmed(self._text, node)
                if anchor is not None:
                    anchors[anchor] = node
            elif kind == END:
                node, entry = stack.pop()
                if not node.flow:
                    node.end = _end_of_last(node)
                else:
                    node.end = end.index
                entries, items = (stack[-1][0].entries, stack[-1][0].items) if stack else (None, None)
            elif kind == ALIAS:
                node = _alias(start, end, anchors[anchor])
                self.shares = True
            elif kind == DOCUMENT_END:
                return end.index  # type: ignore[no-any-return]
            else:
                if kind == MAPPING:
                    node = Node(start.index, end.index, entries={}, flow=style)
                else:
                    node = Node(start.index, end.index, items=[], flow=style)
                if anchor is not None:
                    anchors[anchor] = node
                stack.append((node, entry))
                entry, entries, items = None, node.entries, node.items
                continue
            if entries is not None:
                if entry is None:
                    name = node.value
                    if tag is not None or node.style == "" and name[:1] in HINTS:
                        name = _key_name(node, tag)
                    entry = Entry(node.start, node.end, node.style, name, node)
                    if name == "<<" and (implicit or tag == _MERGE_TAG) and kind == SCALAR:
                        entry.merged = True  # until its value is there: this is not a key but a merge
                    continue
                if entry.merged:
                    self._merge(stack[-1][0], entry, node)
                else:
                    entry.node = node
                    if entry.key in entries and not entries[entry.key].merged:
                        self._repeat(entry.key, entries[entry.key], entry, False)
                    entries[entry.key] = entry
                entry = None
            elif items is not None:
                items.append(node)
            else:
                self.root = node

    def _merge(self, parent: Node, merge: Entry, node: Node) -> None:
        self.shares = True
        parent.end = max(parent.end, node.end)
        entries = parent.entries
        assert entries is not None
        sources = [node] if node.entries is not None else node.items or []
        for source in reversed(sources):
            for key, entry in (source.entries or {}).items():
                before = entries.get(key)
                if before is not None and not before.merged:
                    self._repeat(key, before, merge, True)
                entries[key] = Entry(entry.start, entry.end, entry.style, key, entry.node, merged=True)

    def _repeat(self, key: str, first: Entry, second: Entry, merged: bool) -> None:
        if len(self.repeats) >= MAX_REPEATS:
            return
        field = ""
        above: Node | None = None
        for node, entry in self._stack:
            if entry is not None:
                field = child(field, entry.key)
            elif above is not None and above.items is not None:
                field += f"[{len(above.items)}]"
            above = node
        self.repeats.append(Repeat(child(field, key), key, (first.start, first.end), (second.start, second.end), merged))


def _alias(start: Mark, end: Mark, target: Node) -> Node:
    node = Node(start.index, end.index, target.style, target.value, target.entries, target.items)
    node.alias = True
    return node


def _key_name(node: Node, tag: str | None) -> str:
    try:
        value = resolve_tagged(tag, node.value) if tag else resolve(node.value) if node.style == "" else node.value
    except WrongTag:
        value = node.value
    name = key_text(value)
    return node.value if name is None else name


def _trimmed(text: str, node: Node) -> int:
    """Where a block scalar's last line ends that is not empty."""
    end = min(node.end, len(text))
    while end > node.start + 1 and text[end - 1] in " \t\r\n\x85\u2028\u2029":
        end -= 1
    return end


def _end_of_last(node: Node) -> int:
    """Where a block mapping or list ends: after its last value, not where the next token is."""
    if node.items:
        last = node.items[-1]
        return last.end
    if node.entries:
        own = [e for e in node.entries.values() if not e.merged]
        return max([node.end, *[e.end + 1 if e.node.empty else max(e.end, e.node.end) for e in own]])
    return node.end
