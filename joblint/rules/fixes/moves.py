"""Moving a field or a list item to another place of its document, with its comments; knows documents and edits, no rules."""

from __future__ import annotations

from joblint.rules.fixes.edits import insert_key
from joblint.rules.fixes.lines import (
    column_of,
    comments_above,
    cut_of,
    edit,
    end_of,
    end_of_last_line,
    end_of_lines,
    line_end,
    line_start,
    own_entries,
    place_of,
    shares_anchors,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.fixes.edits import Edits
    from joblint.source.documents import Document


def move_entry(document: Document, field: str, parent: str, name: str = "") -> Edits | None:
    """Move a field with its comments into the mapping at `parent` (a path of the same document), as `name` if given.

    The comment lines directly above the field and the comment after it move with it.
    """
    from_, to = place_of(document, field), place_of(document, parent)
    if from_ is None or to is None or from_.entry is None or from_.parent is None:
        return None
    if to.node.entries is None or to.node.alias or (parent + ".").startswith(field + "."):
        return None
    key, text = name or from_.entry.key, from_.text
    if key in to.node.entries or shares_anchors(from_, from_.slice):
        return None
    cut = cut_of(from_)
    if cut is None:
        return None
    start, end, left = cut
    if from_.parent.flow or to.node.flow:
        raw = text[from_.node.start : from_.node.end]
        if (
            "\n" in raw
            or from_.node.empty
            or "#" in text[start:end]
            or (not from_.parent.flow and not from_.node.flow and " " in raw)
        ):
            return None
        put = insert_key(document, parent, key, raw)
        return None if put is None else (edit(document, start, end, left), *put)
    line = line_start(text, from_.entry.start)
    if text[line : from_.entry.start].strip() or left:
        return None  # after a dash, or the only entry: it is not clear what remains
    above = comments_above(text, line, from_.entry.start - line)
    own = own_entries(to.node)
    if not own:
        return None
    block = text[above : end_of_lines(text, from_)]
    if from_.node.style in ("|", ">") and "+" in text[from_.node.start : from_.node.start + 3]:
        return None
    if name:
        at = from_.entry.start - above
        block = block[:at] + name + block[at + from_.entry.end - from_.entry.start :]
    column = column_of(text, own[0].start)
    moved = _shifted(block, column - (from_.entry.start - line))
    if moved is None:
        return None
    target = line_start(text, own[0].start)
    if text[target : own[0].start].strip():  # the first entry is after a dash: the new one is inserted after it
        stop = end_of_last_line(text, own[0])
        if stop is None:
            return None
        target = min(stop + 1, len(text))
        moved = moved if stop < len(text) else "\n" + moved
    else:
        target = comments_above(text, target, column)
    if above <= target < end:
        return None
    return (edit(document, above, end, ""), edit(document, target, target, moved + "\n"))


def move_item(document: Document, item: str, target: str, extra: tuple[tuple[str, str], ...] = ()) -> Edits | None:
    """Move an item of a block list, a mapping, to the end of the list at `target`, with the entries `extra` as its first ones.

    If the list does not exist, it is created before the list that the item comes from; that one keeps at least one item. Both
    lists are fields of the same mapping.
    """
    place = place_of(document, item)
    if place is None or place.parent is None or place.parent.items is None or place.parent.flow or place.node.flow:
        return None
    text, node = place.text, place.node
    if len(place.parent.items) < 2 or not node.entries or shares_anchors(place, text[node.start : node.end]):
        return None
    dash = text.rfind("-", 0, node.start)
    line = line_start(text, node.start)
    if (
        dash < line
        or text[line:dash].strip()
        or text[dash + 1 : node.start].strip()
        or any(key in node.entries for key, _ in extra)
    ):
        return None
    column = dash - line
    above = comments_above(text, line, column)
    end = line_end(text, node.end)
    inner = " " * (node.start - line)
    head = "".join([f"{key}: {raw}\n{inner}" for key, raw in extra])
    block = text[above : node.start] + head + text[node.start : end]
    cut = edit(document, above, min(end + 1, len(text)), "")
    there = place_of(document, target)
    if there is not None and there.node.items is not None:
        if there.node.flow or not there.node.items or there.node.alias or there.anchored:
            return None
        last = there.node.items[-1]
        line = line_start(text, there.node.items[0].start)
        to = text.find("-", line) - line
        moved = _shifted(block, to - column)
        at = line_end(text, last.end)
        if moved is None or text[line : line + to].strip():
            return None
        return (cut, edit(document, at, at, "\n" + moved))
    owner, _, name = target.rpartition(".")
    list_field = item[: item.rindex("[")]
    lists = place_of(document, list_field)
    if there is not None or lists is None or lists.entry is None or list_field.rpartition(".")[0] != owner:
        return None
    start = lists.entry.start
    line = line_start(text, start)
    if text[line:start].strip():
        return None
    line = comments_above(text, line, start - line)
    return (edit(document, line, line, f"{' ' * (start - line_start(text, start))}{name}:\n{block}\n"), cut)


def as_item(document: Document, field: str) -> Edits | None:
    """Turn a mapping into the only item of a list: a dash before its first key, the other lines indented accordingly."""
    place = place_of(document, field)
    if place is None or not place.node.entries or place.node.alias or shares_anchors(place, place.slice):
        return None
    text, node = place.text, place.node
    if node.flow:
        return edit(document, node.start, node.start, "["), edit(document, node.end, node.end, "]")
    own = own_entries(node)
    if not own or text[line_start(text, own[0].start) : own[0].start].strip():
        return None
    made = [edit(document, own[0].start, own[0].start, "- ")]
    at, end = line_end(text, own[0].start) + 1, end_of(text, own[-1])
    while at < end:
        stop = line_end(text, at)
        if text[at:stop].strip():
            made.append(edit(document, at, at, "  "))
        at = stop + 1
    return tuple(made)


def as_named_items(document: Document, field: str) -> Edits | None:
    """Turn a block mapping of scalars into a list of items with `name` and `value`, like the variables of a container."""
    place = place_of(document, field)
    if place is None or not place.node.entries or place.node.alias or place.node.flow or shares_anchors(place, place.slice):
        return None
    text, made = place.text, []
    for entry in own_entries(place.node):
        begin, column = entry.start, column_of(text, entry.start)
        gap = text[entry.end : entry.node.start]
        if text[begin - column : begin].strip() or entry.node.entries or entry.node.items or entry.node.style in ("|", ">"):
            return None
        if entry.node.empty or gap.strip() != ":" or "\n" in gap:
            return None
        made.append(edit(document, begin, begin, "- name: "))
        made.append(edit(document, entry.end, entry.node.start, "\n" + " " * column + "  value: "))
    return tuple(made)


def remove_repeat(document: Document, field: str) -> Edits | None:
    """Remove one of two definitions of a key with the same value: the first, or the second if only the first has a comment.
    None if the values differ, or both have comments."""
    place = place_of(document, field)
    tree = document.source.places.tree
    if place is None or place.entry is None or place.parent is None or tree is None or place.parent.flow:
        return None
    there = document.source.places.written_at(field)
    repeats = [r for r in tree.repeats if r.field == there and not r.merged]
    if len(repeats) != 1 or repeats[0].second != (place.entry.start, place.entry.end):
        return None
    text, second = place.text, place.entry
    first = repeats[0].first[0]
    starts = [e.start for e in own_entries(place.parent)] + [r.first[0] for r in tree.repeats]
    following = min([s for s in starts if s > first], default=second.start)
    line, next_line = line_start(text, first), line_start(text, following)
    if text[line:first].strip() or text[next_line:following].strip():
        return None
    said = text[second.start : end_of(text, second)]
    rest = text[first + len(said) : next_line]
    if not text.startswith(said, first) or any(ln.strip() and not ln.strip().startswith("#") for ln in rest.split("\n")):
        return None
    end = line_end(text, first + len(said))
    if "#" not in text[first + len(said) : end]:
        return (edit(document, line, min(end + 1, len(text)), ""),)
    cut = cut_of(place)
    if cut is None or "#" in text[end_of(text, second) : cut[1]]:
        return None
    return (edit(document, *cut),)


def _shifted(block: str, by: int) -> str | None:
    """Lines moved to the right, or to the left if all of them have room for it."""
    lines = block.split("\n")
    if by >= 0:
        return "\n".join([" " * by + ln if ln.strip() else ln for ln in lines])
    if any(ln.strip() and ln[:-by].strip() and not ln.lstrip().startswith("#") for ln in lines):
        return None
    return "\n".join([ln[min(-by, len(ln) - len(ln.lstrip(" "))) :] for ln in lines])
