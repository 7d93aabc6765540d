"""Lines of a script that were meant to continue the command of the previous line; knows quotes and here-documents alone."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN = ("\\", "|", "&&", "(", "{", " in", ";;", ";&")
"""Ends of a line after which the command continues, or a pattern of `case` may follow."""


def option_lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the lines that begin with an option and begin a command: start, end, and the previous line, which is not empty.

    Lines inside quotes, here-documents and parentheses are skipped: there, a dash may begin anything.
    """
    lines = text.split("\n")
    if not any(_is_option(line.strip()) and not before.endswith("\\") for before, line in zip(lines, lines[1:], strict=False)):
        return  # nearly every script; the rest of this looks at each character
    quote, depth, ends, at, before = "", 0, list[str](), 0, ""
    for line in lines:
        start, at = at, at + len(line) + 1
        if ends:
            if line.strip() == ends[0]:
                ends.pop(0)
            continue
        bare = line.strip()
        if not quote and depth == 0 and _is_option(bare) and before.strip() and not before.endswith(_OPEN):
            first = start + line.index(bare[0])
            yield first, first + len(bare), before
        if not quote and "<<" in line and "<<<" not in line:
            words = [part.lstrip("- ").split() for part in line.split("<<")[1:]]
            ends = [word[0].strip("'\"\\;)") for word in words if word]
        quote, depth = _after(line, quote, depth)
        # A backslash with a space after it escapes the space, so the end as it is written counts.
        before = "" if bare.startswith("#") else line


def _is_option(bare: str) -> bool:
    return bare[:1] == "-" and bare.lstrip("-")[:1].isalpha() and len(bare) - len(bare.lstrip("-")) < 3


def _after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """The open quote and the depth of parentheses after a line."""
    skip = False
    for n, sign in enumerate(line):
        if skip:
            skip = False
        elif sign == "\\" and quote != "'":
            skip = True
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "#" and (n == 0 or line[n - 1] in " \t;"):
            break
        elif sign in "({":
            depth += 1
        elif sign in ")}":
            depth = max(depth - 1, 0)
    return quote, depth
