"""From one document's bytes to its JSON data, by libyaml where that reads as go-yaml does; does not know any positions in files.

libyaml (the version in ruamel.yaml's C part) is the fast reader, `goyaml` the exact one. They differ in little: libyaml
rejects `a:b` in braces and `\\\\'` in double quotes, takes `\\\\/`, guesses the type behind a lone `!`, and skips a byte order
mark within the text. What libyaml rejects, and what contains one of those, is read again by `goyaml`.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.reading import libyaml, plain
from joblint.source.reading.compose import ALIASES, REST, compose
from joblint.source.reading.events import SCALAR, STREAM_END, YamlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.source.reading.events import NextEvent

_LARGE = 1 << 20  # bytes: in a larger text libyaml's rejection is final if goyaml cannot differ
_DEEP = 1000  # levels
_NO_BRACKETS = bytes([n for n in range(256) if n not in b"{}[]"])
_DIFFERING = frozenset(("found unexpected ':'", "found unknown escape character"))


class Loaded(Record):
    """The result for a text: its JSON data, its notes (see `compose`), which reader was used ("goyaml", "libyaml", "plain"
    or "json"), and the error if there is no data."""

    value: Any
    notes: int
    reader: str
    error: YamlError | None


def load(data: bytes) -> Loaded:
    """Read a document of YAML. Raises only on an error in joblint, never on bad input."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and not _differs(data) and not is_deep(data):
        value = plain.read(data)
        if value is not None:
            return Loaded(value, 0, "plain", None)
        loaded = _load(data, "libyaml")
        error = loaded.error
        if error is None:
            if not loaded.notes & REST:
                return loaded  # otherwise go-yaml may fail on what it reads after the document's end
        elif error.index >= 0 and len(data) > _LARGE and error.problem not in _DIFFERING:
            return loaded
    return _load(data, "goyaml")


def events(data: bytes, reader: str) -> NextEvent:
    """Return the events of a document from the reader that `load` reported, or "json". Raises YamlError if it is not text."""
    if reader == "libyaml" or reader == "plain":
        get = libyaml.parse(data)
        if get is not None:
            return get
    elif reader == "json":
        from joblint.source.reading import json as jsontext

        return jsontext.events(jsontext.decode(data)).__next__
    from joblint.source.goyaml.parser import Parser

    return Parser(text_of(data)).next_event


def text_of(data: bytes) -> str:
    """Return the characters of a document, without a byte order mark. Raises YamlError if the bytes are not text."""
    encoding, skip = "utf-8", 0
    if data.startswith(b"\xff\xfe"):
        encoding, skip = "utf-16-le", 2
    elif data.startswith(b"\xfe\xff"):
        encoding, skip = "utf-16-be", 2
    elif data.startswith(b"\xef\xbb\xbf"):
        skip = 3
    try:
        return data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        good = data[skip : skip + error.start].decode(encoding)
        raise YamlError(f"invalid {encoding[:6].upper()} byte 0x{data[skip + error.start]:02x}", len(good)) from None


def _load(data: bytes, reader: str) -> Loaded:
    try:
        value, notes = compose(events(data, reader))
        if notes & ALIASES:
            from joblint.source.reading import aliases

            aliases.check(events(data, reader))
    except YamlError as error:
        return Loaded(None, 0, reader, error.with_traceback(None))  # whose frames would keep all of it in memory
    except Exception as error:  # what the C part raises
        if reader != "libyaml":
            raise
        return Loaded(None, 0, reader, libyaml.as_yaml_error(error))
    return Loaded(value, notes, reader, None)


def is_deep(data: bytes) -> bool:
    """Whether braces and brackets are nested so deeply that libyaml, which checks all open ones for each character, takes
    longer than `goyaml`; those in strings are counted as well."""
    if data.count(b"{") + data.count(b"[") < _DEEP:
        return False
    depth = 0
    for sign in data.translate(None, _NO_BRACKETS):
        depth += 1 if sign in b"{[" else -1
        if depth >= _DEEP:
            return True
    return False


def _differs(data: bytes) -> bool:
    """Whether the text contains something that libyaml would read differently from go-yaml, without an error."""
    if data.find(b"\xef\xbb\xbf", 1) > 0:
        return True
    if data.find(b"\\/") < 0 and (data.find(b"!") < 0 or all(data.find(b"!" + blank) < 0 for blank in (b" ", b"\n", b"\t"))):
        return False  # `in` would raise and catch an error for each
    import re

    slash = re.compile(r"(?:[^\\]|\\[^/])*\\/", re.DOTALL)
    lone = re.compile(r"(?:&\S+\s+)?!\s")
    try:
        text = text_of(data)
        get = events(data, "libyaml")
        while True:
            kind, _, style, tag, _, _, start, end = get()
            if kind == STREAM_END:
                return False
            if kind == SCALAR and (
                style == '"' and slash.match(text, start.index, end.index) or tag is None and lone.match(text, start.index)
            ):
                return True
    except Exception:  # whatever is wrong is reported by the reading itself
        return False
