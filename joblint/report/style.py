"""Color and box characters on a terminal, plain text elsewhere; imports nothing that takes time."""

from __future__ import annotations

import os

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


class Style(Record):
    """How to draw: `colour` allows escape codes, `boxes` characters beyond ASCII; `width` is in columns."""

    colour: bool
    boxes: bool
    width: int

    def paint(self, text: str, *codes: str) -> str:
        """Return the text in these colours, or unchanged if there is no colour."""
        if not self.colour or not text:
            return text
        return "".join([_CODES[c] for c in codes]) + text + _PLAIN


_CODES = {
    "red": "\x1b[31m",
    "green": "\x1b[32m",
    "yellow": "\x1b[33m",
    "blue": "\x1b[34m",
    "cyan": "\x1b[36m",
    "dim": "\x1b[2m",
    "bold": "\x1b[1m",
}
_PLAIN = "\x1b[0m"
CODES = (*_CODES.values(), _PLAIN)
"""All escape codes that joblint writes."""
SEVERITY = {"error": "red", "warning": "yellow", "info": "blue"}
CONFIDENCE = {"certain": "certain", "likely": "likely", "hint": "possible"}
"""The confidence of a finding, in words for a person; `hint` is the value in rule files and JSON."""


def style_for(stream: TextIO, color: str = "auto") -> Style:
    """Return the style for an output stream. NO_COLOR turns colour off, FORCE_COLOR (as CI systems set it) on; `color`
    ("always", "never") is the user's choice."""
    terminal = stream.isatty()
    colour = (
        (terminal or bool(os.environ.get("FORCE_COLOR"))) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    if color != "auto":
        colour = color == "always"
    width = 120
    if terminal:
        width = _terminal_width(stream)
    encoding = (stream.encoding or "").lower().replace("-", "")
    return Style(colour, terminal and encoding == "utf8", width)


def _terminal_width(stream: TextIO) -> int:
    try:
        return max(60, min(os.get_terminal_size(stream.fileno()).columns, 140))
    except OSError:
        return 100
