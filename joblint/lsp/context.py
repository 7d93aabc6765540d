"""The field at a position in a manifest: from the document's tree if it can be read, from indentation while it is written.

It knows text and documents, not the protocol.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.places.paths import child

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.documents import Document
    from joblint.source.places.tree import Node


class Place(Record):
    """The field at a position: its path in the document (with the prefix of a List's item), and whether it is the key."""

    field: str
    key: bool


def field_at(document: Document, line: int, column: int) -> Place | None:
    """Return the innermost field whose key or value is at a line and column of the file (from 1); None if there is none."""
    places = document.source.places
    tree = places.tree
    if tree is None or tree.root is None:
        return None
    lines = places.lines
    row = line - 1 - lines.line
    if not 0 <= row < len(lines.starts):
        return None
    offset = lines.starts[row] + column - 1 - (lines.column if row == 0 else 0)
    return _inside(tree.root, "", offset)


def _inside(node: Node, path: str, offset: int) -> Place | None:
    if node.alias:
        return None
    found: Place | None = None
    while True:
        if node.entries is not None:
            entry = next((e for e in node.entries.values() if not e.merged and e.start <= offset <= max(e.end, e.node.end)), None)
            if entry is None:
                return found
            path = child(path, entry.key)
            found = Place(path, offset <= entry.end)
            if found.key:
                return found
            node = entry.node
        elif node.items is not None:
            index = next((i for i, n in enumerate(node.items) if n.start <= offset <= n.end), None)
            if index is None:
                return found
            path = f"{path}[{index}]"
            node = node.items[index]
            found = Place(path, False)
        else:
            return found or Place(path, False)
        if node.alias:
            return found


class Cursor(Record):
    """The cursor in a text that is being written: the path of the mapping that contains it (list items without a number, as
    `containers[]`), the key whose value it is in ("" while a key is typed), the text typed so far, the keys next to it, and the
    number of spaces before them."""

    parents: tuple[str, ...]
    key: str
    typed: str
    siblings: frozenset[str]
    indent: int


def cursor(lines: list[str], line: int, column: int) -> Cursor:
    """Return what the cursor is in, by indentation alone; `line` and `column` count from 1."""
    text = lines[line - 1][: column - 1]
    indent, key, value = _split(text)
    parents: list[str] = []
    siblings = set()
    level = indent
    for number in range(line - 2, -1, -1):
        raw = lines[number].removesuffix("\r")
        if raw.startswith("---"):
            break
        bare = raw.strip()
        if not bare or bare.startswith("#"):
            continue
        at, name, _ = _split(raw)
        if name is None:
            continue
        if at == level and not parents:
            siblings.add(name)
        if at < level:
            item = _dashed(lines, number, line - 1, at, level) if not parents else _is_item(lines, number, level)
            parents.append(name + ("[]" if item else ""))
            level = at
        if raw.lstrip().startswith("- ") and len(raw) - len(raw.lstrip()) < level <= at:
            level = min(level, len(raw) - len(raw.lstrip()) + 1)
    # Siblings below the cursor, up to the end of the mapping.
    for number in range(line, len(lines)):
        raw = lines[number].removesuffix("\r")
        if raw.startswith("---"):
            break
        if not raw.strip():
            continue
        at, name, _ = _split(raw)
        if at < indent or raw.lstrip().startswith("- "):
            break
        if at == indent and name is not None:
            siblings.add(name)
    typed = value if key is not None else text[indent:].strip()
    return Cursor(tuple(reversed(parents)), key or "", typed.strip(), frozenset(siblings), indent)


def _split(raw: str) -> tuple[int, str | None, str]:
    """The column of the key (after the dashes of list items), the key if the line has one, and what follows its colon."""
    at = len(raw) - len(raw.lstrip(" "))
    rest = raw[at:]
    while rest.startswith("- ") or rest == "-":
        step = len(rest) - len(rest[1:].lstrip(" ")) if rest != "-" else 1
        at += step
        rest = rest[step:]
    name, colon, value = rest.partition(":")
    if not colon or (value and value[0] != " ") or not name or name[0] in "{[\"'#":
        return at, None, rest
    return at, name.strip(), value


def _is_item(lines: list[str], number: int, level: int) -> bool:
    """Whether what belongs to the key on this line, at this column, is a list."""
    for raw in lines[number + 1 :]:
        bare = raw.strip()
        if bare and not bare.startswith("#"):
            return raw.lstrip().startswith("-")
    return False


def _dashed(lines: list[str], number: int, stop: int, at: int, level: int) -> bool:
    for raw in lines[number + 1 : stop + 1]:
        bare = raw.strip()
        if bare and not bare.startswith("#"):
            return bare.startswith("-")
    return False
