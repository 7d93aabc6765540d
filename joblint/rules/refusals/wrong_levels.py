"""A manifest whose lines, or a whole block of them, lost their indentation: one cause with one fix; knows nothing about output.

Two mistakes look the same to the server, a list of unknown fields: lines at the wrong level, and a missing line such as `spec:`
between two levels. The fix is derived from the fields of the version (joblint.rules.fixes.levels) and counts only if the server
then knows every field.
"""

from __future__ import annotations

from joblint.api.create.request import KINDS
from joblint.api.ours import meant_kind
from joblint.base.record import Record
from joblint.rules.finding import Fix, Hit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError, Verdict
    from joblint.rules.finding import Edit
    from joblint.rules.fixes.levels import Levels
    from joblint.rules.fixes.outline import Row
    from joblint.source.documents import Document

_MANY = 3  # fields that the server does not know: fewer are reported one by one, each with its own place
_SHOWN = 40  # lines of the fix that are shown


def wrong_levels(document: Document, prefix: str, value: dict[str, Any], verdict: Verdict, version: str) -> Hit | None:
    """Return the only cause of the server's errors, if it is the indentation; None if it is anything else.

    The server's errors in the text with corrected levels are listed with it.
    """
    unknown = [e for e in verdict.errors if e.type == "Strict" and e.field]
    if prefix or document.source.part.json or verdict.stage not in ("strict", "decode", "validate"):
        return None
    elsewhere = bool(unknown) or any(e.type == "Decode" and e.field for e in verdict.errors)
    if not elsewhere and "items" not in value:  # in a List that lost its indentation
        return None
    from joblint.rules.fixes.list_levels import is_flat_list, meant_levels
    from joblint.rules.fixes.outline import outline

    if len(unknown) < _MANY and any(not _is_anywhere(e.field, version) for e in unknown):
        return None  # no level has a misspelled field, except mappings with arbitrary keys
    lines = document.lines
    rows = outline(lines)
    if rows is None or not elsewhere and not is_flat_list(rows):
        return None
    kind = str(value.get("kind")) if value.get("kind") in KINDS else meant_kind(value) or "Job"
    best: tuple[Levels, str, tuple[ApiError, ...]] | None = None
    for found in meant_levels(rows, version, kind):
        if not found.moved or not (found.filled or found.added or len(unknown) >= _MANY or _is_block(unknown)):
            return None
        text = _text(lines, rows, found)
        after = _judged(text, document, version)
        if after is None or after.stage == "decode" != verdict.stage:
            continue
        if best is None or len(after.errors) < len(best[2]):
            best = found, text, after.errors
    return _hit(document, rows, best[0], best[1], kind, unknown, best[2]) if best is not None else None


def _is_anywhere(field: str, version: str) -> bool:
    """Whether any object of the version has a field of that name."""
    from joblint.api.version.schema import load

    name = field.rpartition(".")[2].partition("[")[0]
    return any(name in struct[1] for struct in load(version)["structs"])


def readable(document: Document, version: str) -> tuple[str, Fix] | None:
    """Return the lines at their levels, and the fix, for a document that is invalid YAML only because of its indentation; None
    for any other."""
    from joblint.api.ours import kind_seen
    from joblint.rules.fixes.list_levels import meant_levels
    from joblint.rules.fixes.outline import outline

    kind = kind_seen(document.source.part.data)
    rows = outline(document.lines) if kind in KINDS or kind.endswith("List") else None
    for found in meant_levels(rows, version, kind) if rows is not None else ():
        text = _text(document.lines, rows or (), found)
        if found.moved and _judged(text, document, version) is not None:
            return _shown(rows or (), found, text), Fix(_title(found), _edits(document, rows or (), found))
    return None


def _is_block(unknown: list[ApiError]) -> bool:
    """Whether a whole level is in a place where the server does not know it, not only one of its fields."""
    return any(e.field.rpartition(".")[2] in ("spec", "template", "jobTemplate", "metadata") for e in unknown)


class _After(Record):
    """How the server validates the new text: the stage, and its errors (placeholders do not count)."""

    stage: str | None
    errors: tuple[ApiError, ...]


def _judged(text: str, document: Document, version: str) -> _After | None:
    """The verdict on a text; None if it cannot be read, or contains fields that the server does not know."""
    from joblint.api.judge import judge
    from joblint.rules.manifests import read_manifests

    read = [d for d in read_manifests(text.encode("utf-8", "surrogateescape"), document.file) if d.value is not None]
    if len(read) != 1 or read[0].problems or not isinstance(read[0].value, dict):
        return None
    from joblint.rules.refusals.unknown import unknown

    stages: list[str | None] = []
    errors: tuple[ApiError, ...] = ()
    for prefix, value in read[0].objects():
        verdict = judge(value, version)
        if verdict is None or any(e.type in ("Strict", "YAML") for e in verdict.errors):
            return None
        stages.append(verdict.stage)
        errors += unknown(read[0], prefix, value, verdict, version).errors
    return _After(next((stage for stage in stages if stage), None), errors)


def _shifts(lines: tuple[str, ...], rows: tuple[Row, ...], found: Levels) -> list[int]:
    """How far each line moves to the right; a comment moves with the row below it."""
    by = [0] * len(lines)
    above = 0
    for row, column in zip(rows, found.columns, strict=True):
        shift = column - row.column
        for at in range(above, row.line + row.lines):
            if at >= row.line or lines[at].lstrip(" ").startswith("#"):
                by[at] = shift
        above = row.line + row.lines
    return by


def _moved(line: str, by: int) -> str:
    if by >= 0:
        return " " * by + line if line.strip() else line
    room = len(line) - len(line.lstrip(" "))
    return line[min(-by, room) :]


def _text(lines: tuple[str, ...], rows: tuple[Row, ...], found: Levels) -> str:
    """The text with every line at its level."""
    before: dict[int, list[str]] = {}
    for number, column, key in found.added:
        before.setdefault(rows[number].line, []).append(" " * column + key + ":")
    made: list[str] = []
    for at, (line, by) in enumerate(zip(lines, _shifts(lines, rows, found), strict=True)):
        made += [*before.get(at, ()), _moved(line, by)]
    return "\n".join(made) + "\n"


def _edits(document: Document, rows: tuple[Row, ...], found: Levels) -> tuple[Edit, ...]:
    from joblint.rules.fixes.lines import edit

    lines = document.lines
    before: dict[int, str] = {}
    for number, column, key in found.added:
        before[rows[number].line] = before.get(rows[number].line, "") + f"{' ' * column}{key}:\n"
    made = []
    start = 0
    for at, (line, by) in enumerate(zip(lines, _shifts(lines, rows, found), strict=True)):
        room = len(line) - len(line.lstrip(" "))
        more = before.get(at, "")
        if more or by and line.strip():
            made.append(edit(document, start, start + room, more + " " * max(room + by, 0)))
        start += len(line) + 1
    return tuple(made)


def _hit(
    document: Document,
    rows: tuple[Row, ...],
    found: Levels,
    text: str,
    kind: str,
    unknown: list[ApiError],
    behind: tuple[ApiError, ...],
) -> Hit:
    edits = _edits(document, rows, found)
    moved = _moving(rows, found)
    first = _first(rows, found)
    row = next(r for r in rows if r.line == first)
    start = sum(len(line) + 1 for line in document.lines[:first]) + row.column + row.dash
    span = document.source.places.lines.span(start, start + len(row.key or "-"))
    field = min(unknown, key=lambda e: document.span(e.field, "key").line).field if unknown else ""
    also = tuple([f"{e.field}: {e.message}" if e.field else e.message for e in behind])
    hint, label = _said(rows, found, moved, kind)
    return Hit(
        field,
        {"hint": hint, "advice": _shown(rows, found, text)},
        label=label,
        part="key",
        fix=Fix(_title(found), edits),
        also=also,
        span=span,
    )


def _moving(rows: tuple[Row, ...], found: Levels) -> list[Row]:
    return [row for row, column in zip(rows, found.columns, strict=True) if row.column != column]


def _first(rows: tuple[Row, ...], found: Levels) -> int:
    """The first line that moves, or above which something is missing."""
    return min([*[row.line for row in _moving(rows, found)], *[rows[n].line for n, _, _ in found.added]])


def _shown(rows: tuple[Row, ...], found: Levels, text: str) -> str:
    """The new text from the first to the last line that moves."""
    last = max(row.line + row.lines for row in _moving(rows, found) or rows) + len(found.added)
    shown = text.split("\n")[_first(rows, found) : last]
    return "\n".join(shown[:_SHOWN]) + (f"\n… ({len(shown) - _SHOWN} more lines)" if len(shown) > _SHOWN else "")


def _title(found: Levels) -> str:
    names = " and ".join(dict.fromkeys(f"{key}:" for _, _, key in found.added))
    return f"add {names} and indent what belongs under it" if names else "correct the indentation"


def _said(rows: tuple[Row, ...], found: Levels, moved: list[Row], kind: str) -> tuple[str, str]:
    if found.added:
        number, _, key = found.added[0]
        keys = " and ".join(dict.fromkeys(f'"{key}:"' for _, _, key in found.added))
        verb = "is" if keys.count('"') == 2 else "are"
        return (
            f"{keys} {verb} missing above {rows[number].key}, so what follows is at the wrong level.",
            f"{key}: is missing above",
        )
    if len({row.column for row in rows}) == 1:
        return "the indentation is missing: every line starts at the same column.", "nothing is indented"
    first, more = moved[0].key or "a list item", len(moved) - 1
    if not more:
        return f"{first} is at the wrong level.", "wrong level"
    return f"{first} and {more} more line{'s' if more > 1 else ''} are at the wrong level.", "wrong level"
