"""The place of a finding in a block of text: the line that contains what its message is about; knows spans and texts only."""

from __future__ import annotations

from joblint.source.places.spans import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from joblint.source.documents import Document

_NAMES = ("call", "command", "told", "path", "host", "variable", "service", "name")
"""The values of rules that are text of a script, in the order in which they are searched."""
_MOST = 2000
"""The lines of a block that are searched."""


def in_block(document: Document, block: Span, message: str, values: Mapping[str, object]) -> Span | None:
    """Return the span of the first text that a message quotes, or that a value is, in the lines of a block scalar; None if the
    block contains none of them."""
    lines = []
    for row in range(block.line + 1, min(block.end_line, block.line + _MOST) + 1):
        lines.append((row, document.source_line(row) or ""))
    for text in _texts(message, values):
        for row, line in lines:
            at = _whole(line, text)
            if at >= 0:
                return Span(row, at + 1, row, at + 1 + len(text))
    return None


def _texts(message: str, values: Mapping[str, object]) -> Iterator[str]:
    for quoted in message.split("`")[1::2]:
        text = quoted.rstrip("…").rstrip()
        if len(text) > _SHORT:
            yield text
    for name in _NAMES:
        value = values.get(name)
        if isinstance(value, str) and len(value) > _SHORT and "\n" not in value:
            yield value


_SHORT = 3


def _whole(line: str, text: str) -> int:
    """Where a text begins that is not a part of a longer word; -1: nowhere, or in a comment."""
    at = line.find(text)
    while at >= 0:
        end = at + len(text)
        before, after = line[at - 1 : at], line[end : end + 1]
        if not _in_word(before) and not _in_word(after):
            return -1 if line[:at].lstrip().startswith("#") else at
        at = line.find(text, at + 1)
    return -1


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign in ("_", "-") and sign != ""
