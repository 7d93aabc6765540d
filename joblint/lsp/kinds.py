"""Which object a line belongs to, while a text is written or is a template: by `kind:` lines; does not know documents."""

from __future__ import annotations

KINDS = ("Job", "CronJob")


def object_at(lines: list[str], line: int, parents: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return the parents of a place within its object (an item of a List is an object), and the object's kind, "" if the text
    has none. `parents` are those of the whole document; `line` counts from 1."""
    kind = _kind(lines, line)
    if parents[:1] == ("items[]",) and kind.endswith("List"):
        return parents[1:], _kind_of_item(lines, line) or kind.removesuffix("List")
    return parents, kind


def field_of_line(lines: list[str], line: int) -> tuple[str, str] | None:
    """Return the kind of a Job or CronJob and, in it, the path of the field whose key is on a line (from 1); None if there is
    none."""
    from joblint.lsp.context import cursor

    if not 0 < line <= len(lines):
        return None
    here = cursor(lines, line, len(lines[line - 1]) + 1)
    parents, kind = object_at(lines, line, here.parents)
    if kind not in KINDS or not here.key:
        return None
    return kind, ".".join([*[p.replace("[]", "[0]") for p in parents], here.key])


def _kind(lines: list[str], line: int) -> str:
    """The kind of the document that contains a line (from 1), from its `kind:` line."""
    first = line - 1
    while first > 0 and not lines[first].startswith("---"):
        first -= 1
    for raw in lines[first + 1 if lines[first].startswith("---") else first :]:
        if raw.startswith("---"):
            break
        if raw.startswith("kind:"):
            return _value(raw)
    return ""


def _kind_of_item(lines: list[str], line: int) -> str:
    """The kind of the List's item that contains a line (from 1); the item begins at the dash that is nearest to the margin."""
    first, dash = -1, -1
    for number in range(line - 1, -1, -1):
        raw = lines[number]
        bare = raw.lstrip(" ")
        if raw.startswith(("---", "items:")):
            break
        at = len(raw) - len(bare)
        if bare.startswith("- ") and (dash < 0 or at < dash):
            first, dash = number, at
    if first < 0:
        return ""
    column = len(lines[first]) - len(lines[first][dash + 1 :].lstrip(" "))
    for number in range(first, len(lines)):
        raw = lines[number]
        if number > first and (raw.startswith("---") or raw.strip() and len(raw) - len(raw.lstrip(" ")) <= dash):
            break
        if raw[column:].startswith("kind:") and (number == first or not raw[:column].strip()):
            return _value(raw[column:])
    return ""


def _value(line: str) -> str:
    return line.partition(":")[2].strip().strip("\"'")
