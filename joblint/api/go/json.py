"""The error of Go's encoding/json for a text that is not JSON; knows strings only.

Source: Go 1.26 encoding/json/scanner.go.
"""

from __future__ import annotations

_END = "unexpected end of JSON input"
_BLANK = b" \t\r\n"
_BLANK_ALLOWED = ("looking for", "after object key", "after array element", "after top-level value")
_MOST_NESTED = 10000
_LITERALS = {ord("t"): b"true", ord("f"): b"false", ord("n"): b"null"}
_DIGITS = b"0123456789"
_HEX = b"0123456789abcdefABCDEF"


class _Bad(Exception):
    pass


def syntax_error(text: str) -> str | None:
    """Go's complaint about the text as JSON, None if it is well formed."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        end = _value(data)
        end = _skip(data, end)
        if end < len(data):
            raise _wrong(data, end, "after top-level value")
    except _Bad as found:
        return str(found)
    return None


def _wrong(data: bytes, at: int, where: str) -> _Bad:
    # At its end Go's scanner takes one space more, which not every place allows.
    if at >= len(data) and where.startswith(_BLANK_ALLOWED):
        return _Bad(_END)
    from joblint.api.errors import go_quote

    char = chr(data[at]) if at < len(data) else " "
    shown = {"'": r"'\''", '"': "'\"'"}.get(char) or f"'{go_quote(char)[1:-1]}'"
    return _Bad(f"invalid character {shown} {where}")


def _skip(data: bytes, at: int) -> int:
    while at < len(data) and data[at] in _BLANK:
        at += 1
    return at


def _value(data: bytes) -> int:
    """Where the value ends; goes through nested values in a loop, so that no depth overflows a stack."""
    at, open_ones = 0, bytearray()
    while True:
        at = _skip(data, at)
        char = data[at] if at < len(data) else 0
        if char in b"[{" and at < len(data):
            open_ones.append(char)
            if len(open_ones) > _MOST_NESTED:
                raise _Bad("exceeded max depth")
            at = _skip(data, at + 1)
            if at < len(data) and data[at] == char + 2:
                open_ones.pop()
                at += 1
            elif char == ord("{"):
                at = _key(data, at)
                continue
            else:
                continue
        else:
            at = _scalar(data, at)
        while open_ones:
            at = _skip(data, at)
            char = data[at] if at < len(data) else 0
            if char == open_ones[-1] + 2:
                open_ones.pop()
                at += 1
            elif char == ord(","):
                at = _skip(data, at + 1)
                if open_ones[-1] == ord("{"):
                    at = _key(data, at)
                break
            else:
                is_object = open_ones[-1] == ord("{")
                raise _wrong(data, at, "after object key:value pair" if is_object else "after array element")
        else:
            return at


def _key(data: bytes, at: int) -> int:
    if at >= len(data) or data[at] != ord('"'):
        raise _wrong(data, at, "looking for beginning of object key string")
    at = _skip(data, _string(data, at))
    if at >= len(data) or data[at] != ord(":"):
        raise _wrong(data, at, "after object key")
    return at + 1


def _scalar(data: bytes, at: int) -> int:
    if at >= len(data):
        raise _Bad(_END)
    char = data[at]
    if char == ord('"'):
        return _string(data, at)
    if char == ord("-") or char in _DIGITS:
        return _number(data, at)
    literal = _LITERALS.get(char)
    if literal is None:
        raise _wrong(data, at, "looking for beginning of value")
    for i in range(1, len(literal)):
        if at + i >= len(data) or data[at + i] != literal[i]:
            raise _wrong(data, at + i, f"in literal {literal.decode()} (expecting '{chr(literal[i])}')")
    return at + len(literal)


def _string(data: bytes, at: int) -> int:
    at += 1
    while at < len(data):
        char = data[at]
        if char == ord('"'):
            return at + 1
        if char < 0x20:
            raise _wrong(data, at, "in string literal")
        at += 1
        if char == ord("\\"):
            if at >= len(data) or data[at] not in b'bfnrt\\/"u':
                raise _wrong(data, at, "in string escape code")
            if data[at] == ord("u"):
                for i in range(1, 5):
                    if at + i >= len(data) or data[at + i] not in _HEX:
                        raise _wrong(data, at + i, "in \\u hexadecimal character escape")
                at += 4
            at += 1
    raise _Bad(_END)


def _digits(data: bytes, at: int, where: str) -> int:
    if at >= len(data) or data[at] not in _DIGITS:
        raise _wrong(data, at, where)
    while at < len(data) and data[at] in _DIGITS:
        at += 1
    return at


def _number(data: bytes, at: int) -> int:
    if data[at] == ord("-"):
        at += 1
    if at < len(data) and data[at] == ord("0"):
        at += 1
    else:
        at = _digits(data, at, "in numeric literal")
    if at < len(data) and data[at] == ord("."):
        at = _digits(data, at + 1, "after decimal point in numeric literal")
    if at < len(data) and data[at] in b"eE":
        at += 1
        if at < len(data) and data[at] in b"+-":
            at += 1
        at = _digits(data, at, "in exponent of numeric literal")
    return at
