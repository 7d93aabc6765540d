"""Changes of a manifest's text as spans: rename a key, replace a value, remove or add an entry.

Knows documents and their positions, no rules. Each function returns the edits, or None if they would be a guess: if the text is
elsewhere (an alias, a merge key), if it is shared, or if a comment would lose its place. Everything else is unchanged, to the
byte.
"""

from __future__ import annotations

from joblint.rules.fixes.lines import (
    column_of,
    comment_above,
    cut_of,
    edit,
    end_of,
    end_of_last_line,
    line_start,
    own_entries,
    place_of,
    shares_anchors,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Edit
    from joblint.rules.fixes.lines import Place
    from joblint.source.documents import Document
    from joblint.source.places.tree import Entry

    Edits = tuple[Edit, ...]

# A plain scalar that begins with one of these, or contains one, is not the string that it looks like.
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"


def rename_key(document: Document, field: str, name: str) -> Edits | None:
    """Rename the key of a field to `name`; its quotes are kept."""
    place = place_of(document, field)
    if place is None or place.entry is None or place.sibling(name):
        return None
    entry = place.entry
    old = place.text[entry.start : entry.end]
    quote = old[:1] if old[:1] in ("'", '"') else ""
    if quote == "" and old != entry.key:
        return None
    return (edit(document, entry.start, entry.end, f"{quote}{name}{quote}"),)


def rename_raw_key(document: Document, field: str, raw: str) -> Edits | None:
    """Replace the text of a field's key with `raw`, including quotes."""
    place = place_of(document, field)
    if place is None or place.entry is None or place.text[place.entry.start] in "&!":
        return None
    return (edit(document, place.entry.start, place.entry.end, raw),)


def chomp(document: Document, field: str) -> Edits | None:
    """Remove the last line break of a block scalar: `|` becomes `|-`."""
    place = place_of(document, field)
    if place is None or place.node.style not in ("|", ">"):
        return None
    start = place.node.start
    mark = place.text[start : start + 2]
    return (edit(document, start + 1, start + 1, "-"),) if mark[:1] == place.node.style and mark[1:] in "\n \t" else None


def replace_raw(document: Document, field: str, raw: str) -> Edits | None:
    """Replace the text of a field's scalar with `raw`, including quotes; an empty value is written after its colon."""
    place = place_of(document, field)
    if place is None or place.node.entries is not None or place.node.items is not None:
        return None
    node, text = place.node, place.text
    if node.empty:
        if place.entry is None:
            return None
        colon = place.entry.end
        while text[colon : colon + 1] == " ":
            colon += 1
        return (edit(document, colon + 1, colon + 1, " " + raw),) if text[colon : colon + 1] == ":" else None
    if node.style in ("|", ">") or text[node.start] in "&!":
        return None
    return (edit(document, node.start, node.end, raw),)


def replace_value(document: Document, field: str, value: str) -> Edits | None:
    """Replace a field's scalar with the string `value`, in the existing quotes; plain text gets quotes if it needs them."""
    place = place_of(document, field)
    if place is None or "\n" in value or any(not c.isprintable() for c in value):
        return None
    style = place.node.style
    if style == "'":
        raw = "'" + value.replace("'", "''") + "'"
    elif style == '"' or place.json or not is_plain_string(value, place.flow):
        raw = quoted(value)
    else:
        raw = value
    return replace_raw(document, field, raw)


def is_plain_string(value: str, flow: bool = True) -> bool:
    """Whether a string can be written without quotes (`flow`: also in braces and brackets) and is still that string."""
    from joblint.source.reading.scalars import resolve

    if not value or value != value.strip() or value[0] in _INDICATORS or value[-1] == ":":
        return False
    if any(mark in value for mark in (": ", " #", "\n", "\t", *(",[]{}" if flow else ""))):
        return False
    return isinstance(resolve(value), str)


def quoted(value: str) -> str:
    """Return a string in double quotes, valid in YAML and JSON."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def remove_entry(document: Document, field: str) -> Edits | None:
    """Remove a field, key and value: whole lines in block style, with its comma in braces. The last field leaves `{}`.

    A comment on the field's own lines is removed with it, those above and below are kept.
    """
    place = place_of(document, field)
    if place is None or place.entry is None or place.parent is None or shares_anchors(place, place.slice):
        return None
    cut = cut_of(place)
    return None if cut is None else (edit(document, cut[0], cut[1], cut[2]),)


def insert_key(document: Document, parent: str, key: str, raw: str, after: str = "") -> Edits | None:
    """Insert the entry `key: raw` into the mapping at `parent`: after its entry `after`, otherwise before its first.

    If there is a comment above the first entry, it is inserted at the end instead, so that the comment keeps its place. `raw`
    may have several lines, the later ones indented as they are below the key.
    """
    place = place_of(document, parent)
    if place is None or place.node.entries is None or place.node.alias or key in place.node.entries:
        return None
    node, text = place.node, place.text
    own = own_entries(node)
    if node.flow:
        if "\n" in raw:
            return None
        name = quoted(key) if place.json or (own and own[0].style == '"') else key
        if not own:
            inner = text[node.start + 1 : node.end - 1]
            return None if inner.strip() or place.anchored else (edit(document, node.start + 1, node.end - 1, f"{name}: {raw}"),)
        last = next((e for e in own if e.key == after), None)
        if last is not None:
            end = end_of(text, last)
            return (edit(document, end, end, f"{_flow_gap(place, own)}{name}: {raw}"),)
        return (edit(document, own[0].start, own[0].start, f"{name}: {raw}{_flow_gap(place, own)}"),)
    if not own:
        return None
    indent = " " * column_of(text, own[0].start)
    value = raw.replace("\n", "\n" + indent)
    gap = "" if value.startswith("\n") else " "
    last = next((e for e in own if e.key == after), None)
    if last is None:
        first = own[0]
        line = line_start(text, first.start)
        if text[line : first.start].strip() or not comment_above(text, line):
            return (edit(document, first.start, first.start, f"{key}:{gap}{value}\n{indent}"),)
        last = own[-1]
    stop = end_of_last_line(text, last)
    return None if stop is None else (edit(document, stop, stop, f"\n{indent}{key}:{gap}{value}"),)


def _flow_gap(place: Place, own: list[Entry]) -> str:
    """What separates two entries in braces: a comma and a space, or a new line if each entry has its own."""
    first = own[0].start
    line = line_start(place.text, first)
    return ",\n" + place.text[line:first] if not place.text[line:first].strip() else ", "
