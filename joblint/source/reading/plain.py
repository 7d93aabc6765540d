"""Block YAML as most manifests are written, read line by line: what an earlier document said in the same line is known.

Knows lines, scalars and indentation. Whatever else there is (anchors, tags, escapes, text over several lines, anything that may
be an error) is left to libyaml, for the whole document. So what is read here is the data that `compose` would give.
"""

from __future__ import annotations

from joblint.base.memo import memo
from joblint.source.reading import libyaml
from joblint.source.reading.compose import compose
from joblint.source.reading.scalars import HINTS, NUMERIC, WORDS, resolve, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Line: TypeAlias = tuple[int, int, int, str, Any]
    """What is on it (see below), the column of its `-` (-1 for none) and of what follows, the key ("" for an item without
    one), and the value."""

NOTHING, VALUE, BELOW, BLOCK, FLOW = range(5)
"""A comment or an empty line; a scalar; a value on the lines below; a block scalar; braces or brackets."""

_LONGEST = 500
"""Bytes of a line that is read here. A key may be no longer than 1024."""

_IN_KEYS = str.maketrans("", "", "-_./")
_IN_A_WORD = "-_./="
_DEEPEST = 20
"""Braces and brackets in each other that are read here."""

_ENDS = {"|": "\n", "|-": "", ">": "\n", ">-": ""}
"""What follows the last line of a block, by its header; those that keep empty lines are read by libyaml, each by itself."""
_TAB = 9
_NO_PLAIN = frozenset("-?:,[]{}#&*!|>'\"%@`")
"""What a plain scalar does not begin with, unless something follows that makes it one."""


def read(data: bytes) -> Any:
    """The data of a document; None where it is not plain enough (or empty)."""
    if not data.endswith(b"\n"):
        return None
    lines = data.split(b"\n")
    count = len(lines)
    known = line_of
    at = 1 if lines[0] == b"---" else 0
    above: list[tuple[Any, int]] = []  # the open collections, each with its column
    node: Any = None
    column = -1
    below = False  # whether the value of the key `last` may stand on the lines below
    last = ""
    while at < count:
        found = known(lines[at])
        at += 1
        if found is None:
            return None
        kind, dash, begin, key, value = found
        if kind == NOTHING:
            continue
        if dash < 0:
            if begin > column:
                if not below and column >= 0:
                    return None
                above.append((node, column))
                made: Any = {}
                if below:
                    node[last] = made
                node, column = made, begin
            else:
                while begin < column:
                    node, column = above.pop()
                if node.__class__ is list and begin == column:  # a list may begin in the column of its key
                    node, column = above.pop()
                if begin != column or node.__class__ is not dict:
                    return None
            inner = begin
        else:
            if below and dash >= column or dash > column:
                if not below and column >= 0:
                    return None
                above.append((node, column))
                made = []
                if below:
                    node[last] = made
                node, column = made, dash
            else:
                while dash < column:
                    node, column = above.pop()
                if dash != column or node.__class__ is not list:
                    return None
            inner = dash
            if key:
                made = {}
                node.append(made)
                above.append((node, column))
                node, column = made, begin
                inner = begin
        below = False
        if kind == BELOW:
            below, last = True, key
        elif kind == BLOCK:
            value, at = _block(lines, at, inner, value)
            if value is None:
                return None
        elif kind == FLOW:
            value = _copy(value)
        if not key:
            node.append(value)
        elif key in node:
            return None
        else:
            node[key] = value
    return above[1][0] if len(above) > 1 else node


def _block(lines: list[bytes], at: int, above: int, header: str) -> tuple[str | None, int]:
    """The text of a block scalar that begins with a line below a key or item in the column `above`, and the line that follows
    it; None where it is not plain."""
    first = lines[at]
    indent = len(first) - len(first.lstrip(b" "))
    if indent <= above or indent == len(first) or first[indent] == _TAB:
        return None, at
    blanks = first[:indent]
    text = []
    begin, count = at, len(lines)
    while at < count:
        line = lines[at]
        if line.startswith(blanks):
            text.append(line[indent:])
        else:
            rest = line.lstrip(b" ")
            if rest:
                if rest[0] == _TAB:
                    return None, at
                break
            text.append(b"")
        at += 1
    # A folded block with an empty line in it, or one that is indented further, is no single paragraph.
    if header not in _ENDS or header[0] == ">" and not all(line and line[0] not in b" \t" for line in _without_end(text)):
        found = _composed(b"\n".join([header.encode(), *lines[begin:at], b""]))
        return found if found.__class__ is str else None, at
    text = _without_end(text)
    try:
        found = (b" " if header[0] == ">" else b"\n").join(text).decode()
    except UnicodeDecodeError:
        return None, at
    if not found.replace("\n", "").replace("\t", "").isprintable():
        return None, at
    return found + _ENDS[header], at


def _without_end(lines: list[bytes]) -> list[bytes]:
    """The lines without the empty ones at the end."""
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    return lines[:end]


def _composed(data: bytes) -> Any:
    """What `compose` makes of a text by itself; None where there is anything to note of it."""
    get = libyaml.parse(data)
    try:
        value, notes = compose(get) if get is not None else (None, 0)
    except Exception:  # whatever is wrong is said by whoever reads the whole
        return None
    return None if notes else value


def _copy(value: Any) -> Any:
    """A collection with nothing in common with the given one but scalars."""
    if value.__class__ is dict:
        return {key: _copy(item) for key, item in value.items()} if value else {}
    return [_copy(item) for item in value] if value.__class__ is list else value


@memo(1 << 13)
def line_of(line: bytes) -> Line | None:
    """What a line means by itself; None if that is not plain."""
    if len(line) > _LONGEST:
        return None
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    rest = text.lstrip(" ")
    if not rest:
        return NOTHING, -1, 0, "", None
    if not text.isprintable():  # a tab, a no-break space, a sign that YAML forbids
        return None
    if rest[0] == "#":
        return NOTHING, -1, 0, "", None
    begin = len(text) - len(rest)
    dash = -1
    if rest.startswith("- "):
        dash = begin
        rest = rest[2:].lstrip(" ")
        begin = len(text) - len(rest)
    key, follows = _key(rest)
    if not key:
        if dash < 0:
            return None
        follows = rest
    found = _value(follows)
    if found is None or not key and found[0] == BELOW:
        return None
    return found[0], dash, begin, key, found[1]


def _key(rest: str) -> tuple[str, str]:
    """The key with which a line begins, and what follows its colon; "" for one that is not plain."""
    quote = rest[:1]
    if quote == '"' or quote == "'":
        end = rest.find(quote, 1)
        key, behind = rest[1:end], rest[end + 1 :]
        if end < 0 or behind[:1] != ":" or "\\" in key and quote == '"':
            return "", ""
        behind = behind[1:]
    else:
        key, colon, behind = rest.partition(":")
        bare = key.translate(_IN_KEYS)
        if not (colon and bare.isalnum() and bare.isascii() and (key[0].isalpha() or key[0] == "_")) or key in WORDS:
            return "", ""
    return (key, behind) if not behind or behind[0] == " " else ("", "")


def _value(text: str) -> tuple[int, Any] | None:
    """The kind of what follows a key or a `-`, and its value; None where it is not plain."""
    text = text.strip(" ")
    first = text[:1]
    if not first or first == "#":
        return BELOW, None
    if first == '"' or first == "'":
        end = text.find(first, 1)
        inner, behind = text[1:end], text[end + 1 :]
        if end < 0 or behind and not (behind[0] == " " and behind.lstrip(" ")[0] == "#") or "\\" in inner and first == '"':
            return None
        return VALUE, inner
    if first == "{" or first == "[":
        value = _short(text)
        if value is None:
            value = _composed(text.encode())
        return (FLOW, value) if value.__class__ is dict or value.__class__ is list else None
    if first == "|" or first == ">":
        return (BLOCK, text) if text[1:] in ("", "-", "+") else None
    if first in _NO_PLAIN and (first != "-" or text[1:2] in ("", " ")):
        return None
    comment = text.find(" #")
    if comment >= 0:
        text = text[:comment].rstrip(" ")
    if ": " in text or text[-1] == ":":
        return None
    return _resolved(text)


def _resolved(text: str) -> tuple[int, Any] | None:
    """The value of a plain scalar; None for infinity and what is not a number."""
    value: Any = text
    first = text[:1]
    if first in HINTS:
        if text in WORDS:
            value = WORDS[text]
        elif first in NUMERIC:
            value = resolve(text)
        if value.__class__ is float or value.__class__ is int:
            value = to_json(value)
            if value - value != 0:
                return None
    return VALUE, value


def _short(text: str) -> Any:
    """The content of braces or brackets, if it consists of words only: a check of such a file needs no libyaml. Else None."""
    found = _collection(text, 0, 0)
    if found is None:
        return None
    value, end = found
    behind = text[end:].lstrip(" ")
    return None if behind and (behind[0] != "#" or text[end] != " ") else value


def _collection(text: str, at: int, depth: int) -> tuple[Any, int] | None:
    """The braces or brackets that begin at a place, and where they end; None if there is more in them than words."""
    if depth > _DEEPEST:
        return None
    close = "}" if text[at] == "{" else "]"
    items: list[Any] = []
    entries: dict[str, Any] = {}
    at = _past_spaces(text, at + 1)
    if text[at : at + 1] == close:
        return entries if close == "}" else items, at + 1
    while True:
        key = ""
        if close == "}":
            key, behind = _key(text[at:])
            if not key or key in entries:
                return None
            at = _past_spaces(text, len(text) - len(behind))
        first = text[at : at + 1]
        found = _collection(text, at, depth + 1) if first == "{" or first == "[" else _word(text, at)
        if found is None:
            return None
        value, at = found
        if key:
            entries[key] = value
        else:
            items.append(value)
        at = _past_spaces(text, at)
        follows = text[at : at + 1]
        if follows == close:
            return entries if close == "}" else items, at + 1
        if follows != ",":
            return None
        at = _past_spaces(text, at + 1)


def _past_spaces(text: str, at: int) -> int:
    while text[at : at + 1] == " ":
        at += 1
    return at


def _word(text: str, at: int) -> tuple[Any, int] | None:
    """The word that begins at a place in braces or brackets, and where it ends; None for anything else."""
    first = text[at : at + 1]
    if first == '"' or first == "'":
        end = text.find(first, at + 1)
        inner = text[at + 1 : end]
        return None if end < 0 or "\\" in inner and first == '"' else (inner, end + 1)
    end = at
    while (sign := text[end : end + 1]) and (sign in _IN_A_WORD or sign.isalnum() and sign.isascii()):
        end += 1
    if end == at or not (first.isalnum() or first == "/" or first == "-" and text[at + 1 : end][:1].isalnum()):
        return None
    found = _resolved(text[at:end])
    return None if found is None else (found[1], end)
