"""The place of an entry in a text that is to be changed, and the extent of its lines; knows documents, no rules."""

from __future__ import annotations

from joblint.rules.finding import Edit
from joblint.source.places.paths import next_step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.source.documents import Document
    from joblint.source.places.tree import Entry, Node


class Place:
    """A field: its entry and node, the mapping or list that contains it, the document's text."""

    __slots__ = ("text", "entry", "node", "parent", "anchored", "aliases", "json", "flow")

    def __init__(self, text: str, entry: Entry | None, node: Node, parent: Node | None, json: bool) -> None:
        self.text = text
        self.entry = entry
        self.node = node
        self.parent = parent
        self.anchored = False
        self.aliases = False
        self.json = json
        self.flow = False

    @property
    def slice(self) -> str:
        """The text from the key to the value's end."""
        start = self.node.start if self.entry is None else self.entry.start
        return self.text[start : self.node.end]

    def sibling(self, name: str) -> bool:
        """Return whether the enclosing mapping has a field of that name."""
        return self.parent is not None and self.parent.entries is not None and name in self.parent.entries


def place_of(document: Document, field: str) -> Place | None:
    """Return the place of a field; None if it does not exist, is defined elsewhere, or is part of something that is shared."""
    places = document.source.places
    tree = places.tree
    text = places.lines.text
    if tree is None or tree.root is None or places.lines.returns:
        return None
    node, entry, parent = tree.root, None, None
    flow, rest = False, places.written_at(field)
    if rest is None:
        return None
    anchored = text[tree.root.start : tree.root.start + 1] == "&"
    while rest:
        parent, flow = node, flow or node.flow
        if node.entries is not None:
            step = next_step(rest, node.entries)
            if step is None:
                return None
            entry = node.entries[step[0]]
            if entry.merged:
                return None
            node, rest = entry.node, step[1]
        elif node.items is not None and rest[0] == "[":
            number, _, rest = rest[1:].partition("]")
            if not (number.isascii() and number.isdecimal() and len(number) < 10) or int(number) >= len(node.items):
                return None
            node, entry, rest = node.items[int(number)], None, rest.removeprefix(".")
        else:
            return None
        if node.alias and rest:
            return None
        anchored = anchored or text[node.start : node.start + 1] == "&"
    found = Place(text, entry, node, parent, document.source.part.json)
    found.anchored, found.flow = anchored, flow
    found.aliases = tree.shares and any(True for _ in aliases(tree.root))
    return None if anchored and found.aliases else found


def aliases(root: Node) -> Iterator[Node]:
    """Return the aliases and merged entries of a tree."""
    left = [root]
    while left:
        node = left.pop()
        if node.alias:
            yield node
            continue
        for entry in (node.entries or {}).values():
            if entry.merged:
                yield entry.node
            else:
                left.append(entry.node)
        left.extend(node.items or ())


def shares_anchors(place: Place, text: str) -> bool:
    """Return whether text that is to be moved or removed may contain what an alias elsewhere refers to."""
    return place.aliases and ("&" in text or "*" in text)


def own_entries(node: Node) -> list[Entry]:
    """Return the entries in the mapping's own text, in order."""
    return sorted([e for e in (node.entries or {}).values() if not e.merged], key=lambda e: e.start)


def cut_of(place: Place) -> tuple[int, int, str] | None:
    """Return the start and end of an entry's text to remove, and what remains."""
    text, entry, parent = place.text, place.entry, place.parent
    assert entry is not None and parent is not None
    own = own_entries(parent)
    at = next((i for i, e in enumerate(own) if e is entry), None)
    if at is None:
        return None
    end = end_of(text, entry)
    if parent.flow:
        if len(own) == 1:
            inner = text[parent.start + 1 : parent.end - 1]
            return None if "#" in inner or text[parent.start] != "{" else (parent.start + 1, parent.end - 1, "")
        start, stop = (entry.start, own[at + 1].start) if at + 1 < len(own) else (end_of(text, own[at - 1]), end)
        return None if "#" in text[start : entry.start] + text[end:stop] else (start, stop, "")
    line = line_start(text, entry.start)
    stop = end_of_lines(text, place)
    if len(own) == 1:
        if parent.entries is None or len(parent.entries) > 1 or "#" in text[end:stop]:
            return None
        return (entry.start, end, "{}")
    if text[line : entry.start].strip():  # after a dash: the next entry takes its place
        if at + 1 == len(own) or "#" in text[end : own[at + 1].start]:
            return None
        return (entry.start, own[at + 1].start, "")
    if text[end:stop].strip() and not text[end:stop].lstrip(" \t:").startswith("#"):
        return None
    return (line, min(stop + 1, len(text)), "")


def end_of_lines(text: str, place: Place) -> int:
    """Return the end of the last line of an entry, including its comment."""
    assert place.entry is not None
    return line_end(text, end_of(text, place.entry))


def end_of_last_line(text: str, entry: Entry) -> int | None:
    """Return the end of the last line of an entry; None if blank lines after it belong to it."""
    node = entry.node
    if node.style in ("|", ">") and "+" in text[node.start : node.start + 3]:
        return None
    return line_end(text, end_of(text, entry))


def comments_above(text: str, line: int, column: int) -> int:
    """Return where the comment lines directly above a line begin, at the same column."""
    while line > 0:
        before = line_start(text, line - 1)
        above = text[before : line - 1]
        if not above.lstrip(" ").startswith("#") or len(above) - len(above.lstrip(" ")) != column:
            break
        line = before
    return line


def comment_above(text: str, line: int) -> bool:
    """Return whether the line above the one that begins at `line` is a comment."""
    return line > 0 and text[line_start(text, line - 1) : line - 1].lstrip(" ").startswith("#")


def line_start(text: str, at: int) -> int:
    """Return where the line of a position begins."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Return where the line of a position ends, before its line break."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def column_of(text: str, at: int) -> int:
    """Return the number of characters before a position in its line."""
    return at - line_start(text, at)


def edit(document: Document, start: int, end: int, text: str) -> Edit:
    """Return the edit that replaces the characters from `start` to `end` of the document with `text`."""
    span = document.source.places.lines.span(start, end)
    return Edit(span.line, span.column, span.end_line, span.end_column, text)


def end_of(text: str, entry: Entry) -> int:
    """Return the end of an entry's value; for an empty one, the end of its colon."""
    if not entry.node.empty:
        return entry.node.end
    colon = entry.end
    while text[colon : colon + 1] == " ":
        colon += 1
    return colon + 1 if text[colon : colon + 1] == ":" else entry.end
