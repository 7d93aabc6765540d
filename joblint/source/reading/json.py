"""JSON as Go reads it, given as the same events as YAML; does not know any values.

Source: encoding/json of Go 1.26 (scanner.go, decode.go), with which kubectl reads a file that begins with `{`.
"""

from __future__ import annotations

import re

from joblint.source.reading.compose import MAX_DEPTH, compose
from joblint.source.reading.events import (
    DOCUMENT,
    DOCUMENT_END,
    END,
    MAPPING,
    SCALAR,
    SEQUENCE,
    STREAM,
    STREAM_END,
    Mark,
    YamlError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.source.reading.events import Event

_SPACE = re.compile("[ \t\r\n]*")
_STRING = re.compile(r'"([^"\\\x00-\x1f]*)((?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*)"')
_LITERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_ESCAPE = re.compile(r'\\(?:u([dD][89abAB][0-9A-Fa-f]{2})\\u([dD][c-fC-F][0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(["\\/bfnrt]))')
_BROKEN = re.compile(f"[{chr(0xD800)}-{chr(0xDFFF)}]")
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def decode(data: bytes) -> str:
    """The text of the bytes; a byte that is not UTF-8 becomes one lone surrogate, so that `encode` gives the bytes again."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes of a text that `decode` gave."""
    return text.encode("utf-8", "surrogateescape")


def read_value(text: str, start: int) -> tuple[Any, int, int]:
    """Return the JSON value that begins at `start`: its data and notes as `compose` returns them, and where it ends in the
    text.

    Raises YamlError if there is none.
    """
    end = start
    source = events(text, start)

    def get() -> Event:
        nonlocal end
        event = next(source)
        end = event[7].index
        return event

    value, notes = compose(get)
    return value, notes, end


def events(text: str, start: int = 0) -> Iterator[Event]:
    """Return the events of one JSON value, as in a stream with one document. Raises YamlError if the text is not JSON."""
    mark = Mark(start)
    yield (STREAM, None, None, None, None, None, mark, mark)
    yield (DOCUMENT, None, None, None, None, None, mark, mark)
    pos = start
    open_brackets: list[str] = []
    while True:
        # Here a value begins.
        pos = skip_space(text, pos)
        char = text[pos : pos + 1]
        if char == "{" or char == "[":
            if len(open_brackets) >= MAX_DEPTH:
                raise YamlError(f"exceeded max depth of {MAX_DEPTH}", pos)
            yield (MAPPING if char == "{" else SEQUENCE, None, True, None, None, True, Mark(pos), Mark(pos + 1))
            open_brackets.append(char)
            pos = skip_space(text, pos + 1)
            if not text.startswith("}" if char == "{" else "]", pos):
                if char == "{":
                    event, pos = _key(text, pos)
                    yield event
                continue
        else:
            event = _string(text, pos) if char == '"' else _literal(text, pos)
            yield event
            pos = event[7].index
        # Here a value has ended, or an empty collection is about to.
        while open_brackets:
            pos = skip_space(text, pos)
            char = text[pos : pos + 1]
            closing = "}" if open_brackets[-1] == "{" else "]"
            if char == closing:
                pos += 1
                open_brackets.pop()
                yield (END, None, None, None, None, None, Mark(pos - 1), Mark(pos))
                continue
            if char != ",":
                raise _unexpected(text, pos, f"',' or '{closing}'")
            pos = skip_space(text, pos + 1)
            if closing == "}":
                event, pos = _key(text, pos)
                yield event
            break
        else:
            break
    mark = Mark(pos)
    yield (DOCUMENT_END, None, None, None, None, None, mark, mark)
    yield (STREAM_END, None, None, None, None, None, mark, mark)


def skip_space(text: str, pos: int) -> int:
    """Where the white space ends that is at `pos`."""
    return _SPACE.match(text, pos).end()  # type: ignore[union-attr]  # the pattern also matches nothing


def _key(text: str, pos: int) -> tuple[Event, int]:
    """The key at `pos`, and where its value may begin."""
    if text[pos : pos + 1] != '"':
        raise _unexpected(text, pos, "a key in double quotes")
    event = _string(text, pos)
    pos = skip_space(text, event[7].index)
    if text[pos : pos + 1] != ":":
        raise _unexpected(text, pos, "':' after a key")
    return event, pos + 1


def _string(text: str, pos: int) -> Event:
    match = _STRING.match(text, pos)
    if match is None:
        raise _broken_string(text, pos)
    value, escaped = match.groups()
    if escaped:
        value += _ESCAPE.sub(_unescape, escaped)
    if _BROKEN.search(value):
        value = _BROKEN.sub("\ufffd", value)
    return (SCALAR, value, '"', None, None, False, Mark(pos), Mark(match.end()))


def _unescape(match: re.Match[str]) -> str:
    high, low, code, char = match.groups()
    if char:
        return _ESCAPED.get(char, char)
    if code:
        return chr(int(code, 16))
    return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))


def _broken_string(text: str, pos: int) -> YamlError:
    match = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*').match(text, pos)
    at = match.end()  # type: ignore[union-attr]  # it is at a quote
    if at >= len(text) or text[at] == "\n":
        return YamlError("JSON: the string is not closed", pos)
    if text[at] == "\\":
        return YamlError("JSON: unknown escape", at)
    return YamlError("JSON: control characters are not allowed", at)


def _literal(text: str, pos: int) -> Event:
    match = _LITERAL.match(text, pos)
    if match is None:
        raise _unexpected(text, pos, "a value")
    value = match.group()
    if value[0] in "-0123456789":
        if text[match.end() : match.end() + 1] in (".", "e", "E"):
            raise _unexpected(text, match.end() + 1, "a digit")
        if float(value) in (float("inf"), float("-inf")):
            raise YamlError("JSON: the number is too large", pos)
    return (SCALAR, value, "", None, None, True, Mark(pos), Mark(match.end()))


def _unexpected(text: str, pos: int, wanted: str) -> YamlError:
    found = repr(text[pos]) if pos < len(text) else "the end of the text"
    return YamlError(f"JSON: {wanted} is expected, not {found}", pos)
