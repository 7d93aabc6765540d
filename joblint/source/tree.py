"""The keys and values of a document with their places in its text, in characters; knows no lines, no field paths to look up.

Built from the same events as the data, and by the same rules (merge keys, the last of two equal keys), the first time that a
position is asked for.
"""

from __future__ import annotations

from joblint.record import record
from joblint.source.events import ALIAS, DOCUMENT_END, END, MAPPING, SCALAR, SEQUENCE, STREAM_END, TAG_PREFIX
from joblint.source.paths import child
from joblint.source.scalars import WrongTag, key_text, resolve, resolve_tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.events import Event, NextEvent

MAX_REPEATS = 20
"""Of so many repeated keys in one document the place is told; a text with more has another trouble."""

_MERGE_TAG = TAG_PREFIX + "merge"


class Node:
    """A value in the text: where its first character stands, and the one after its last.

    A mapping has `entries` by key, a list `items`; a scalar has `style` ("" plain, "'" '"' quoted, "|" ">" block) and `value`,
    its text. `alias` is set where the text has a `*alias`: what lies below it stands elsewhere. `flow`: in braces or brackets.
    """

    __slots__ = ("start", "end", "entries", "items", "style", "value", "alias", "flow")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.entries: dict[str, Entry] | None = None
        self.items: list[Node] | None = None
        self.style = ""
        self.value = ""
        self.alias = False
        self.flow = False

    @property
    def empty(self) -> bool:
        """Whether nothing stands in the text for this value, which is null."""
        return self.start == self.end


class Entry:
    """A key and its value. The key has its place and `style` as a scalar has, `key` is its name; `merged` is set where a
    merge key (`<<`) brought it here from elsewhere."""

    __slots__ = ("start", "end", "style", "key", "node", "merged")

    def __init__(self, start: int, end: int, style: str, key: str, node: Node, merged: bool = False) -> None:
        self.start = start
        self.end = end
        self.style = style
        self.key = key
        self.node = node
        self.merged = merged


@record
class Repeat:
    """A key that stands twice in one mapping, or that a merge (`<<`) replaces: its path and name, and the two places of the
    key (the second of the merge). What the second says counts."""

    field: str
    key: str
    first: tuple[int, int]
    second: tuple[int, int]
    merged: bool


@record
class Tree:
    """A document's root (None where it is empty), its repeated keys, and where the part of the text ends that is read."""

    root: Node | None
    repeats: tuple[Repeat, ...]
    end: int


def build(get: NextEvent, text: str) -> Tree:
    """The tree of a text that `compose` has read, from its events."""
    get()
    if get()[0] == STREAM_END:
        return Tree(None, (), len(text))
    builder = _Builder(text)
    while True:
        event = get()
        if event[0] == DOCUMENT_END:
            return Tree(builder.root, tuple(builder.repeats), event[7].index)
        builder.add(event)


class _Builder:
    """Puts events together to nodes."""

    def __init__(self, text: str) -> None:
        self.root: Node | None = None
        self.repeats: list[Repeat] = []
        self._text = text
        self._node: Node | None = None  # the collection being filled
        self._entry: Entry | None = None  # in a mapping, the entry whose value comes next
        self._merging = False  # that value is one of a merge key
        self._stack: list[tuple[Node | None, Entry | None, bool]] = []
        self._anchors: dict[str, Node] = {}

    def add(self, event: Event) -> None:
        """Take the next event."""
        kind, anchor = event[0], event[4]
        if kind == END:
            node = self._node
            assert node is not None
            node.end = event[7].index if node.flow else _end_of_last(node)
            self._node, self._entry, self._merging = self._stack.pop()
        elif kind == ALIAS:
            node = _alias(event, self._anchors[anchor])
        else:
            node = self._new(event)
            if anchor is not None:
                self._anchors[anchor] = node
        if self._node is not None and self._node.entries is not None and self._entry is None:
            self._key(event, node)
        elif kind in (MAPPING, SEQUENCE):
            self._stack.append((self._node, self._entry, self._merging))
            self._node, self._entry, self._merging = node, None, False
        else:
            self._place(node)

    def _new(self, event: Event) -> Node:
        kind, value, style, _, _, _, start, end = event
        node = Node(start.index, end.index)
        if kind == SCALAR:
            node.style, node.value = style, value
            if style == "|" or style == ">":
                node.end = _trimmed(self._text, node)
        else:
            node.flow = bool(style)
            if kind == MAPPING:
                node.entries = {}
            else:
                node.items = []
        return node

    def _key(self, event: Event, node: Node) -> None:
        self._merging = event[0] == SCALAR and event[1] == "<<" and (event[5] or event[3] == _MERGE_TAG)
        name = node.value if self._merging else _key_name(node, event[3])
        self._entry = Entry(node.start, node.end, node.style, name, node)

    def _place(self, node: Node) -> None:
        parent, entry = self._node, self._entry
        if parent is None:
            self.root = node
        elif parent.items is not None:
            parent.items.append(node)
        elif parent.entries is not None and entry is not None:
            self._entry = None
            if self._merging:
                parent.end = max(parent.end, node.end)
                self._merge(parent.entries, entry, node)
            else:
                entry.node = node
                before = parent.entries.get(entry.key)
                if before is not None and not before.merged:
                    self._repeat(entry.key, before, entry, False)
                parent.entries[entry.key] = entry

    def _merge(self, entries: dict[str, Entry], merge: Entry, node: Node) -> None:
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
        for node, entry, _ in [*self._stack[1:], (self._node, None, False)]:
            if node is self._node:
                break
            if node is not None and node.items is not None:
                field += f"[{len(node.items)}]"
            elif entry is not None:
                field = child(field, entry.key)
        self.repeats.append(Repeat(child(field, key), key, (first.start, first.end), (second.start, second.end), merged))


def _alias(event: Event, target: Node) -> Node:
    node = Node(event[6].index, event[7].index)
    node.entries, node.items, node.style, node.value = target.entries, target.items, target.style, target.value
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
    """Where a block mapping or list ends: behind its last value, not where the next token stands."""
    if node.items:
        last = node.items[-1]
        return last.end
    if node.entries:
        own = [e for e in node.entries.values() if not e.merged]
        return max([node.end, *[e.end + 1 if e.node.empty else max(e.end, e.node.end) for e in own]])
    return node.end
