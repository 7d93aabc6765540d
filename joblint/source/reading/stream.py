"""From the bytes of a file to its documents' bytes, parted as kubectl parts them; knows lines, no YAML.

Source: k8s.io/apimachinery 0.36.3, pkg/util/yaml/decoder.go (YAMLOrJSONDecoder, YAMLReader), as kubectl 1.36 uses it.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.reading.events import YamlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

LONG = 1 << 14
"""Characters of JSON from which on Python's scanner reads it: for less of it, loading that takes longer."""

_LOOK_AHEAD = 4096  # bytes in which kubectl looks for the `{` of JSON
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


class Part(Record):
    """One document's bytes as kubectl reads them: line ends are `\\n`, including the last one.

    `line` and `column` are where it begins in the file, both from 0 (a JSON document may begin within a line). `composed` is
    the content of a JSON document: splitting it off means reading it. `error` is set if kubectl stops before it reads the
    document; its index counts from the part's beginning.
    """

    data: bytes
    line: int
    column: int = 0
    json: bool = False
    composed: tuple[Any, int] | None = None
    error: YamlError | None = None


def split(data: bytes) -> Iterator[Part]:
    """The documents of a file, empty ones included; none for an empty file.

    Where kubectl would stop at an error the parts after it are given anyway.
    """
    if data.startswith(b"{") or data[:1].isspace() or data[:1] in (b"\xc2", b"\xe1", b"\xe2", b"\xe3"):
        if data[:_LOOK_AHEAD].decode("utf-8", "replace").lstrip(_SPACE).startswith("{"):
            yield from _split_json(data)
            return
    if data.find(b"\n---") < 0 and not data.startswith(b"---"):
        if data:
            yield Part(_lines(data), 0)
        return
    yield from _split_yaml(data, 0, 0)


def _lines(data: bytes) -> bytes:
    """The bytes with the line ends that kubectl gives them."""
    if data.find(b"\r") >= 0:
        data = data.replace(b"\r\n", b"\n")
    return data if data.endswith(b"\n") else data + b"\n"


def _split_yaml(data: bytes, begin: int, line: int) -> Iterator[Part]:
    """The parts between lines `---`, from the byte `begin` on, which is the beginning of the given line."""
    at = begin if data.startswith(b"---", begin) else data.find(b"\n---", begin) + 1
    while at >= begin and data.startswith(b"---", at):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        rest = data[at + 3 : end].decode("utf-8", "replace").strip(_SPACE)
        wrong = rest and rest[0] != "#"
        if wrong or at > begin:
            error = YamlError(f"invalid Yaml document separator: {rest}", data.count(b"\n", begin, at)) if wrong else None
            yield Part(_lines(data[begin:at] if not error else data[begin:end]), line, error=error)
            line += data.count(b"\n", begin, end) + 1
            begin = end + 1
        at = data.find(b"\n---", end) + 1
        if at == 0:
            break
    if begin < len(data):
        yield Part(_lines(data[begin:]), line)


def _split_json(data: bytes) -> Iterator[Part]:
    """The values of a JSON stream; from the first or second one on that is not JSON, the rest as YAML."""
    from joblint.source.reading.json import decode, encode, read_value, skip_space

    # In JSON a line end is white space wherever it may be, so that none of a value's text changes.
    text = decode(data.replace(b"\r\n", b"\n") if b"\r\n" in data else data)
    quick = None
    if len(text) >= LONG:
        from joblint.source.reading.long_json import reader

        quick = reader(text)
    count = 0
    pos = line = column = 0
    while True:
        start = skip_space(text, pos)
        if start == len(text):
            return
        line, column = _place(text, start, pos, line, column)
        try:
            value, notes, end = (quick(text, start) if quick is not None else None) or read_value(text, start)
        except YamlError as error:
            failed = YamlError(error.problem, error.index - start)
            break
        yield Part(encode(text[start:end]), line, column, json=True, composed=(value, notes))
        count += 1
        line, column = _place(text, end, start, line, column)
        pos = end
    rest = None if count > 1 else _yaml_begin(text, pos)
    if rest is None:  # certainly JSON, or too short for anything else: the error is one of JSON
        yield Part(encode(text[start:]), line, column, json=True, error=failed)
        return
    line, column = _place(text, rest, 0, 0, 0)
    for part in _split_yaml(encode(text[rest:]), 0, line):
        yield Part(part.data, part.line, column, error=part.error) if column else part
        column = 0


def _place(text: str, pos: int, known: int, line: int, column: int) -> tuple[int, int]:
    """Line and column of a place in the text, from those of a known place before it; all from 0."""
    breaks = text.count("\n", known, pos)
    if not breaks:
        return line, column + pos - known
    return line + breaks, pos - text.rfind("\n", known, pos) - 1


def _yaml_begin(text: str, pos: int) -> int | None:
    """Where kubectl begins to read YAML after it has given up on JSON at `pos`: after white space, no further than the next
    line. None if it gives up completely, within the last four bytes or at a byte that is not UTF-8."""
    while True:
        if (
            0xDC80 <= ord(text[pos : pos + 1] or "\0") <= 0xDCFF
            or len(text[pos : pos + 4].encode("utf-8", "surrogateescape")) < 4
        ):
            return None
        if text[pos] not in _SPACE:
            return pos
        pos += 1
        if text[pos - 1] == "\n":
            return pos
