"""Scanning what is within lines: plain and quoted scalars, anchors, tags, directives; knows the scanner's position.

Source of the behavior: go.yaml.in/yaml/v2 2.4.3, scannerc.go.
"""

from __future__ import annotations

import re

from joblint.source.goyaml import tokens as t
from joblint.source.goyaml.lines import end_of_line, read_break

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.goyaml.scanner import Scanner
    from joblint.source.goyaml.tokens import Token

_STOPS = " \t" + t.BREAKS + t.END_OF_TEXT
_PLAIN = re.compile(f"(?:[^{_STOPS}:]|:(?![{_STOPS}]))+")
_PLAIN_IN_FLOW = re.compile(f"(?:[^{_STOPS}:,?\\[\\]{{}}]|:(?![{_STOPS}]))+")
_NAME = re.compile("[0-9A-Za-z_-]*")
_URI = re.compile("[0-9A-Za-z_;/?:@&=+$,.!~*'()\\[\\]-]*")
_OCTETS = re.compile("%([0-9A-Fa-f]{2})")
_IN_DOUBLE = re.compile(f'[^{_STOPS}"\\\\]+')
_IN_SINGLE = re.compile(f"[^{_STOPS}']+")
_HEX = re.compile("[0-9A-Fa-f]*")
_VERSION = re.compile("([0-9]{1,2})\\.([0-9]{1,2})")
_ESCAPES = dict(zip("0abt\tnvfre \"'\\N_LP", "\0\a\b\t\t\n\v\f\r\x1b \"'\\\x85\xa0\u2028\u2029", strict=True))
_CODES = {"x": 2, "u": 4, "U": 8}
_AFTER_ANCHOR = t.BLANKS_Z | frozenset("?:,]}%@`")
_QUOTED = "while scanning a quoted scalar"


def plain(scanner: Scanner) -> Token:
    """The plain scalar at the current place, over as many lines as belong to it."""
    text, start = scanner.text, scanner.pos
    indent = scanner.indent + 1
    run = _PLAIN_IN_FLOW if scanner.flow_level else _PLAIN
    value: list[str] = []
    end = start
    gap = ""
    new_line = False
    while True:
        pos = scanner.pos
        if text[pos] == "#" or pos == scanner.bol and _at_document_mark(text, pos):
            break
        match = run.match(text, pos)
        if match is not None:
            value.append(gap)
            value.append(match.group())
            end = scanner.pos = pos = match.end()
            gap, new_line = "", False
        if text[pos] not in t.BLANKS and text[pos] not in t.BREAKS:
            break
        gap, new_line = _gap(scanner, start, indent)
        if not scanner.flow_level and scanner.pos - scanner.bol < indent:
            break
    if new_line:
        scanner.key_allowed = True
    return (t.SCALAR, start, end, "".join(value), "")


def _gap(scanner: Scanner, start: int, indent: int) -> tuple[str, bool]:
    """Skip spaces and breaks within a plain scalar: the text they represent, and whether a break was among them."""
    text, begin = scanner.text, scanner.pos
    lead, breaks = "", []
    while True:
        char = text[scanner.pos]
        if char in t.BLANKS:
            if char == "\t" and lead and scanner.pos - scanner.bol < indent:
                raise scanner.error("found a tab character that violates indentation", "while scanning a plain scalar", start)
            scanner.pos += 1
        elif char not in t.BREAKS:
            break
        elif lead:
            breaks.append(read_break(scanner))
        else:
            lead = read_break(scanner)
    return (_fold(lead, breaks), True) if lead else (text[begin : scanner.pos], False)


def _fold(lead: str, breaks: list[str]) -> str:
    """The text that line breaks within a scalar represent: one is a space, of several the first is dropped."""
    if lead == "\n":
        return "".join(breaks) or " "
    return lead + "".join(breaks)


def _at_document_mark(text: str, pos: int) -> bool:
    return text[pos : pos + 3] in ("---", "...") and text[pos + 3] in t.BLANKS_Z


def single_quoted(scanner: Scanner) -> Token:
    """The scalar in single quotes at the current place."""
    return _quoted(scanner, "'", _IN_SINGLE)


def double_quoted(scanner: Scanner) -> Token:
    """The scalar in double quotes at the current place, escapes resolved."""
    return _quoted(scanner, '"', _IN_DOUBLE)


def _quoted(scanner: Scanner, quote: str, run: re.Pattern[str]) -> Token:
    text, start = scanner.text, scanner.pos
    scanner.pos += 1
    value: list[str] = []
    while True:
        pos = scanner.pos
        if pos == scanner.bol and _at_document_mark(text, pos):
            raise scanner.error("found unexpected document indicator", _QUOTED, start)
        if text[pos] == t.END_OF_TEXT:
            raise scanner.error("found unexpected end of stream", _QUOTED, start)
        joined = False
        while text[pos] not in t.BLANKS_Z:
            match = run.match(text, pos)
            if match is not None:
                value.append(match.group())
                pos = match.end()
            elif text[pos] == "\\":
                scanner.pos = pos
                if text[pos + 1] in t.BREAKS:
                    scanner.pos += 1
                    scanner.skip_break()
                    pos = scanner.pos
                    joined = True
                    break
                value.append(_escape(scanner, start))
                pos = scanner.pos
            elif quote == "'" and text[pos + 1] == "'":
                value.append("'")
                pos += 2
            else:
                break
        scanner.pos = pos
        if text[pos] == quote:
            scanner.pos += 1
            return (t.SCALAR, start, scanner.pos, "".join(value), quote)
        value.append(_white(scanner, joined))


def _white(scanner: Scanner, joined: bool) -> str:
    """Skip spaces and breaks within quotes: the text they represent. `joined`: the previous line ended with a backslash."""
    text, begin = scanner.text, scanner.pos
    lead, breaks = "", []
    while True:
        char = text[scanner.pos]
        if char in t.BLANKS:
            scanner.pos += 1
        elif char not in t.BREAKS:
            break
        elif lead or joined:
            breaks.append(read_break(scanner))
        else:
            lead = read_break(scanner)
    if joined:
        return "".join(breaks)
    return _fold(lead, breaks) if lead else text[begin : scanner.pos]


def _escape(scanner: Scanner, start: int) -> str:
    context = "while parsing a quoted scalar"
    text = scanner.text
    char = text[scanner.pos + 1]
    if char in _ESCAPES:
        scanner.pos += 2
        return _ESCAPES[char]
    length = _CODES.get(char, 0)
    if not length:
        raise scanner.error("found unknown escape character", context, start)
    scanner.pos += 2
    digits = text[scanner.pos : scanner.pos + length]
    if _HEX.fullmatch(digits) is None:
        raise scanner.error("did not find expected hexdecimal number", context, start)
    code = int(digits, 16)
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        raise scanner.error("found invalid Unicode character escape code", context, start)
    scanner.pos += length
    return chr(code)


def anchor(scanner: Scanner) -> Token:
    """The `&anchor` or `*alias` at the current place."""
    text, start = scanner.text, scanner.pos
    kind, context = (t.ANCHOR, "while scanning an anchor") if text[start] == "&" else (t.ALIAS, "while scanning an alias")
    name = _NAME.match(text, start + 1).group()  # type: ignore[union-attr]  # the pattern also matches nothing
    scanner.pos += 1 + len(name)
    if not name or text[scanner.pos] not in _AFTER_ANCHOR:
        raise scanner.error("did not find expected alphabetic or numeric character", context, start)
    return (kind, start, scanner.pos, name, "")


def tag(scanner: Scanner) -> Token:
    """The `!tag` at the current place."""
    text, start = scanner.text, scanner.pos
    context = "while scanning a tag"
    if text[start + 1] == "<":
        scanner.pos += 2
        handle, suffix = "", _uri(scanner, start, "", "while parsing a tag")
        if text[scanner.pos] != ">":
            raise scanner.error("did not find the expected '>'", context, start)
        scanner.pos += 1
    else:
        handle = _handle(scanner)
        if len(handle) > 1 and handle[-1] == "!":
            suffix = _uri(scanner, start, "", "while parsing a tag")
        else:
            suffix = _uri(scanner, start, handle, "while parsing a tag")
            handle, suffix = ("!", suffix) if suffix else ("", "!")
    if text[scanner.pos] not in t.BLANKS_Z:
        raise scanner.error("did not find expected whitespace or line break", context, start)
    return (t.TAG, start, scanner.pos, handle, suffix)


def _handle(scanner: Scanner) -> str:
    text, start = scanner.text, scanner.pos
    end = _NAME.match(text, start + 1).end()  # type: ignore[union-attr]
    if text[end] == "!":
        end += 1
    scanner.pos = end
    return text[start:end]


def _uri(scanner: Scanner, start: int, head: str, context: str) -> str:
    text, begin = scanner.text, scanner.pos
    parts = [head[1:]]
    while True:
        match = _URI.match(text, scanner.pos)
        parts.append(match.group())  # type: ignore[union-attr]
        scanner.pos = match.end()  # type: ignore[union-attr]
        if text[scanner.pos] != "%":
            break
        parts.append(_octets(scanner, start, context))
    if not head and scanner.pos == begin:
        raise scanner.error("did not find expected tag URI", context, start)
    return "".join(parts)


def _octets(scanner: Scanner, start: int, context: str) -> str:
    data = bytearray()
    width = 1
    while len(data) < width:
        match = _OCTETS.match(scanner.text, scanner.pos)
        if match is None:
            raise scanner.error("did not find URI escaped octet", context, start)
        octet = int(match.group(1), 16)
        if not data:
            width = 1 if octet < 0x80 else 2 if octet & 0xE0 == 0xC0 else 3 if octet & 0xF0 == 0xE0 else 4
            if width == 4 and octet & 0xF8 != 0xF0:
                raise scanner.error("found an incorrect leading UTF-8 octet", context, start)
        elif octet & 0xC0 != 0x80:
            raise scanner.error("found an incorrect trailing UTF-8 octet", context, start)
        data.append(octet)
        scanner.pos = match.end()
    return data.decode("utf-8", "replace")


def directive(scanner: Scanner) -> Token:
    """The `%YAML` or `%TAG` line at the current place."""
    text, start = scanner.text, scanner.pos
    context = "while scanning a directive"
    scanner.pos += 1
    name = _NAME.match(text, scanner.pos).group()  # type: ignore[union-attr]
    scanner.pos += len(name)
    if not name:
        raise scanner.error("could not find expected directive name", context, start)
    if text[scanner.pos] not in t.BLANKS_Z:
        raise scanner.error("found unexpected non-alphabetical character", context, start)
    if name == "YAML":
        _skip_blanks(scanner)
        match = _VERSION.match(text, scanner.pos)
        if match is None:
            raise scanner.error("did not find expected version number", "while scanning a %YAML directive", start)
        scanner.pos = match.end()
        value = f"{int(match[1])}.{int(match[2])}"
    elif name == "TAG":
        value = _tag_directive(scanner, start)
    else:
        raise scanner.error("found unknown directive name", context, start)
    end = scanner.pos
    _skip_blanks(scanner)
    if text[scanner.pos] == "#":
        scanner.pos = end_of_line(text, scanner.pos)
    if text[scanner.pos] not in t.BREAKS_Z:
        raise scanner.error("did not find expected comment or line break", context, start)
    if text[scanner.pos] != t.END_OF_TEXT:
        scanner.skip_break()
    return (t.DIRECTIVE, start, end, name, value)


def _tag_directive(scanner: Scanner, start: int) -> str:
    text = scanner.text
    context = "while scanning a %TAG directive"
    _skip_blanks(scanner)
    if text[scanner.pos] != "!":
        raise scanner.error("did not find expected '!'", context, start)
    handle = _handle(scanner)
    if handle != "!" and handle[-1] != "!":
        raise scanner.error("did not find expected '!'", context, start)
    if text[scanner.pos] not in t.BLANKS:
        raise scanner.error("did not find expected whitespace", context, start)
    _skip_blanks(scanner)
    prefix = _uri(scanner, start, "", "while parsing a %TAG directive")
    if text[scanner.pos] not in t.BLANKS_Z:
        raise scanner.error("did not find expected whitespace or line break", context, start)
    return f"{handle} {prefix}"


def _skip_blanks(scanner: Scanner) -> None:
    while scanner.text[scanner.pos] in t.BLANKS:
        scanner.pos += 1
