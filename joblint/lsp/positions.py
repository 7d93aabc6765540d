"""Positions of the protocol (lines from 0, UTF-16 units) and joblint's (from 1, in characters); knows text only."""

from __future__ import annotations

from lsprotocol.types import Position, Range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Edit
    from joblint.source.places.spans import Span


class Text:
    """The text of an open file, with its lines."""

    __slots__ = ("text", "lines")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")

    def line(self, number: int) -> str:
        """Return a line by its number from 1, without its line end; "" if there is none."""
        return self.lines[number - 1].removesuffix("\r") if 0 < number <= len(self.lines) else ""

    def position(self, line: int, column: int) -> Position:
        """Return the protocol's position of a line and column; the nearest position in the text if it is outside."""
        line = min(max(line, 1), len(self.lines))
        before = self.line(line)[: max(column - 1, 0)]
        return Position(line - 1, len(before) if before.isascii() else len(before.encode("utf-16-le", "surrogatepass")) // 2)

    def range(self, span: Span | Edit) -> Range:
        """Return the protocol's range of a span or an edit."""
        return Range(self.position(span.line, span.column), self.position(span.end_line, span.end_column))

    def place(self, position: Position) -> tuple[int, int]:
        """Return line and column, from 1, of a position of the protocol."""
        text = self.line(position.line + 1)
        if text.isascii():
            return position.line + 1, min(position.character, len(text)) + 1
        left, column = position.character, 1
        for char in text:
            left -= 2 if ord(char) > 0xFFFF else 1
            if left < 0:
                break
            column += 1
        return position.line + 1, column

    @property
    def whole(self) -> Range:
        """Return the range of the whole text."""
        return Range(Position(0, 0), self.position(len(self.lines), len(self.lines[-1]) + 1))
