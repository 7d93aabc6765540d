"""Text over several lines, as `textwrap.wrap` breaks it without breaking words; imports nothing.

textwrap imports `re`, which takes as long as the check of a small file, and most reports have a line that is too long.
"""

from __future__ import annotations

_SPACES = str.maketrans("\t\n\x0b\x0c\r", "     ")


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Return the lines of a text, broken at spaces; a word that is longer than `width` (in characters, with the indent `first`
    of the first line or `rest` of the others) stays whole."""
    lines: list[str] = []
    line, indent = "", first
    for chunk in _chunks(text.expandtabs().translate(_SPACES)):
        if line and len(indent) + len(line) + len(chunk) > width:
            if line.strip(" "):
                lines.append(indent + line.rstrip(" "))
                indent = rest
            line = ""
        if line or chunk[0] != " " or not lines:
            line += chunk
    if line.strip(" "):
        lines.append(indent + line.rstrip(" "))
    return lines


def _chunks(text: str) -> list[str]:
    """The words of a text and the spaces between them."""
    found: list[str] = []
    for n, word in enumerate(text.split(" ")):
        if n:
            if found and found[-1][0] == " ":
                found[-1] += " "
            else:
                found.append(" ")
        if word:
            found.append(word)
    return found
