"""The outline of a manifest's text: its entries and list items line by line, whatever their indentation; knows text alone.

For texts with wrong indentation, where the reader's tree does not show what was meant.
"""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Row(Record):
    """One entry or list item: its line number from 0, its number of lines, the column (from 0) of its dash or key.

    `dash` is the width of the dash with the spaces after it, 0 if there is none. `key` is None for an item that is a scalar.
    `value` is what follows on its line, without a comment.
    """

    line: int
    lines: int
    column: int
    dash: int
    key: str | None
    value: str

    @property
    def opens(self) -> bool:
        """Return whether the value has to follow on the lines below."""
        return self.key is not None and not self.value


def outline(lines: tuple[str, ...]) -> tuple[Row, ...] | None:
    """Return the rows of a document in block style; None if a line is neither, or if the text has anchors, tags or tabs."""
    rows: list[Row] = []
    at = 0
    while at < len(lines):
        line = lines[at].rstrip()
        bare = line.lstrip(" ")
        if not bare or bare[0] == "#" or (not rows and bare == "---"):
            at += 1
            continue
        row = _row(lines, at, line, len(line) - len(bare))
        if row is None:
            return None
        rows.append(row)
        at += row.lines
    return tuple(rows)


def _row(lines: tuple[str, ...], at: int, line: str, column: int) -> Row | None:
    rest = line[column:]
    dash = 0
    if rest == "-" or rest.startswith("- "):
        dash = len(rest) - len(rest[1:].lstrip(" "))
        rest = rest[dash:]
        if not rest or rest == "-" or rest.startswith("- "):
            return None
    found = _key(rest)
    key, value = found if found is not None else (None, rest)
    if key is None and not dash or value[:1] in ("&", "*", "!", "\t"):
        return None
    if value[:1] in ("|", ">"):
        least = column + (dash if key is not None else 0)
        stop = at + 1
        while stop < len(lines) and (not lines[stop].strip() or _column(lines[stop]) > least):
            stop += 1
        while stop > at + 1 and not lines[stop - 1].strip():
            stop -= 1
        return Row(at, stop - at, column, dash, key, value)
    closed = _closed(lines, at, value)
    if closed is None:
        return None
    text, stop = closed
    while text and text[0] not in "\"'[{" and stop < len(lines) and _goes_on(lines[stop], column):
        stop += 1
    return Row(at, stop - at, column, dash, key, text)


def _key(rest: str) -> tuple[str, str] | None:
    """A key and what follows its colon; None if there is no key."""
    if rest[0] in "\"'":
        end = rest.find(rest[0], 1)
        if end < 0 or not rest[end + 1 :].lstrip(" ").startswith(":"):
            return None
        key, value = rest[1:end], rest[end + 1 :].lstrip(" ")[1:]
    elif rest[0] in "[{|>":
        return None
    else:
        end = rest.find(": ")
        if end < 0 and rest.endswith(":"):
            end = len(rest) - 1
        if end < 0 or " #" in rest[:end]:
            return None
        key, value = rest[:end].rstrip(" "), rest[end + 1 :]
    if value and value[0] != " ":
        return None
    value = value.strip(" ")
    return key, "" if value.startswith("#") else value


def _goes_on(line: str, column: int) -> bool:
    """Whether a line continues the plain scalar above it."""
    bare = line.strip()
    if not bare or bare[0] == "#" or _column(line) <= column:
        return False
    return not bare.startswith("- ") and _key(bare) is None


def _closed(lines: tuple[str, ...], at: int, value: str) -> tuple[str, int] | None:
    """The value without its comment, and the line after its last; None if quotes or brackets are not closed."""
    if not value or value[0] not in "\"'[{":
        cut = value.find(" #")
        return (value[:cut].rstrip(" ") if cut >= 0 else value), at + 1
    depth, quote = 0, ""
    text, stop = value, at + 1
    while True:
        for i, c in _outside_escapes(text):
            if quote:
                quote = "" if c == quote else quote
            elif c in "\"'" and (depth == 0 or text[max(i - 1, 0)] in " [{,:"):
                quote = c
            elif c in "[{":
                depth += 1
            elif c in "]}":
                depth -= 1
            elif c == "#" and text[max(i - 1, 0)] == " ":
                break
        if not quote and depth <= 0:
            return value, stop
        if stop >= len(lines):
            return None
        text, stop = lines[stop], stop + 1


def _outside_escapes(text: str) -> Iterator[tuple[int, str]]:
    """The characters with their positions, without those after a backslash."""
    skip = False
    for i, c in enumerate(text):
        if skip:
            skip = False
        elif c == "\\":
            skip = True
        else:
            yield i, c


def _column(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
