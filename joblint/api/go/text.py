"""The errors of Go's decoders for invalid values; loaded only if a manifest contains such a value.

Knows JSON values, not their position. Source: Go 1.26 encoding/json (decode.go) and time (format.go).
"""

from __future__ import annotations

from joblint.api.go.civil import DAY, day_of, month_length, rfc3339
from joblint.api.go.number import big_text, go_float

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ZERO = day_of(1, 1, 1) * DAY
_LAYOUT = "2006-01-02T15:04:05Z07:00"
# (what is before it, its place in the layout, is it two digits in any case, its range, its name)
_PARTS = (
    ("-", "01", True, 1, 12, "month"),
    ("-", "02", True, 0, 99, "day"),
    ("T", "15", False, 0, 23, "hour"),
    (":", "04", True, 0, 59, "minute"),
    (":", "05", True, 0, 59, "second"),
)


def kind_of(value: object) -> str:
    """What Go's decoder calls a JSON value: string, number, bool, array, object or null."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, (list, tuple)):
        return "array"
    return "null" if value is None else "object"


def number_text(value: Any) -> str:
    """The number as written in the JSON that kubectl sends."""
    return go_float(value) if isinstance(value, float) else big_text(value)


def time_value(text: str) -> tuple[str, str]:
    """Return why the text is not an RFC 3339 time (Go's time.Parse), "" if it is one, and the time as it is written again.

    That is in UTC and whole seconds; the zero time, which counts as none, is "".
    """
    numbers, problem, rest = _clock(text)
    if not problem:
        offset, problem, rest = _zone(text, rest)
    if not problem and rest:
        problem = f"parsing time {_quote(text)}: extra text: {_quote(rest)}"
    if not problem and not 1 <= numbers[2] <= month_length(numbers[0], numbers[1]):
        problem = f"parsing time {_quote(text)}: day out of range"
    if problem:
        return problem, ""
    year, month, day, hour, minute, second = numbers
    instant = day_of(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset
    return "", "" if instant == _ZERO else rfc3339(instant)


def _clock(text: str) -> tuple[list[int], str, str]:
    """Year to second, what is wrong with them, and what follows."""
    if len(text) < 4 or not _digits(text[:4]):
        return [], _cannot(text, text, "2006"), ""
    rest = text[4:]
    numbers = [int(text[:4])]
    for before, layout, fixed, low, high, name in _PARTS:
        if not rest.startswith(before):
            return [], _cannot(text, rest, before), ""
        rest = rest[1:]
        width = 2 if _digits(rest[:2]) and len(rest) > 1 else 1
        if not _digits(rest[:width]) or (fixed and width == 1):
            return [], _cannot(text, rest, layout), ""
        numbers.append(int(rest[:width]))
        rest = rest[width:]
        if not low <= numbers[-1] <= high:
            return [], f"parsing time {_quote(text)}: {name} out of range", ""
    if rest[:1] in (".", ",") and _digits(rest[1:2]):
        rest = rest[1:].lstrip("0123456789")
    return numbers, "", rest


def _zone(text: str, rest: str) -> tuple[int, str, str]:
    """Seconds east of UTC, what is wrong with the zone, and what follows."""
    if rest.startswith("Z"):
        return 0, "", rest[1:]
    if len(rest.encode("utf-8", "surrogatepass")) < 6 or rest[3:4] != ":" or not _digits(rest[1:3] + rest[4:6]):
        return 0, _cannot(text, rest, "Z07:00"), rest
    for number, most, name in ((rest[1:3], 24, "hour"), (rest[4:6], 60, "minute")):
        if int(number) > most:
            return 0, f"parsing time {_quote(text)}: time zone offset {name} out of range", rest
    offset = int(rest[1:3]) * 3600 + int(rest[4:6]) * 60
    return -offset if rest[0] == "-" else offset, "" if rest[0] in "+-" else _cannot(text, rest, "Z07:00"), rest[6:]


def _digits(text: str) -> bool:
    return text != "" and text.isascii() and text.isdigit()


def _cannot(text: str, rest: str, element: str) -> str:
    return f"parsing time {_quote(text)} as {_quote(_LAYOUT)}: cannot parse {_quote(rest)} as {_quote(element)}"


def _quote(text: str) -> str:
    """The text as the package time quotes it: all bytes that are not printable ASCII in hexadecimal."""
    out = ""
    for byte in text.encode("utf-8", "surrogatepass"):
        char = chr(byte)
        out += f"\\{char}" if char in '"\\' else char if 0x20 <= byte < 0x80 else f"\\x{byte:02x}"
    return f'"{out}"'
