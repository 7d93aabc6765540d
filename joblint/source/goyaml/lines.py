"""Scanning what reaches over whole lines: block scalars (`|`, `>`) and comments; knows the scanner's place and indentation.

Source of the behavior: go.yaml.in/yaml/v2 2.4.3, scannerc.go.
"""

from __future__ import annotations

import re

from joblint.source.goyaml import tokens as t

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.goyaml.scanner import Scanner
    from joblint.source.goyaml.tokens import Token

_CONTEXT = "while scanning a block scalar"
_LINE_END = re.compile(f"[{t.BREAKS}{t.END_OF_TEXT}]")


def end_of_line(text: str, pos: int) -> int:
    """Where the line ends that `pos` is in: at its break, or at the end of the text."""
    return _LINE_END.search(text, pos).start()  # type: ignore[union-attr]  # the text ends with END_OF_TEXT


def read_break(scanner: Scanner) -> str:
    """Move past a line break and give it as it counts in a scalar."""
    char = scanner.text[scanner.pos]
    scanner.skip_break()
    return char if char in "\u2028\u2029" else "\n"


def block_scalar(scanner: Scanner, literal: bool) -> Token:
    """The scalar that the `|` or `>` at the current place begins."""
    text, start = scanner.text, scanner.pos
    scanner.pos += 1
    chomping, indent = _header(scanner, start)
    if indent:
        indent += max(scanner.indent, 0)
    end = scanner.pos
    value: list[str] = []
    lead = ""
    indent, breaks, end = _indentation(scanner, indent, start, end)
    leading_blank = False
    while scanner.pos - scanner.bol == indent and text[scanner.pos] != t.END_OF_TEXT:
        trailing_blank = text[scanner.pos] in t.BLANKS
        if not literal and lead == "\n" and not leading_blank and not trailing_blank:
            if not breaks:
                value.append(" ")
        else:
            value.append(lead)
        value.append(breaks)
        leading_blank = trailing_blank
        stop = end_of_line(text, scanner.pos)
        value.append(text[scanner.pos : stop])
        scanner.pos = stop
        lead = read_break(scanner) if text[stop] != t.END_OF_TEXT else ""
        indent, breaks, end = _indentation(scanner, indent, start, scanner.pos)
    if chomping != "-":
        value.append(lead)
    if chomping == "+":
        value.append(breaks)
    return (t.SCALAR, start, end, "".join(value), "|" if literal else ">")


def _header(scanner: Scanner, start: int) -> tuple[str, int]:
    """What is after the indicator: how to treat the last breaks, and the indentation if it is given."""
    text = scanner.text
    chomping, increment = "", 0
    for _ in range(2):
        char = text[scanner.pos]
        if char in "+-" and not chomping:
            chomping = char
        elif "0" <= char <= "9" and not increment:
            if char == "0":
                raise scanner.error("found an indentation indicator equal to 0", _CONTEXT, start)
            increment = int(char)
        else:
            break
        scanner.pos += 1
    while text[scanner.pos] in t.BLANKS:
        scanner.pos += 1
    if text[scanner.pos] == "#":
        scanner.pos = end_of_line(text, scanner.pos)
    if text[scanner.pos] not in t.BREAKS_Z:
        raise scanner.error("did not find expected comment or line break", _CONTEXT, start)
    if text[scanner.pos] != t.END_OF_TEXT:
        scanner.skip_break()
    return chomping, increment


def _indentation(scanner: Scanner, indent: int, start: int, end: int) -> tuple[int, str, int]:
    """Skip empty lines and indentation: the block's indentation, the breaks skipped, and where the last one ended."""
    text = scanner.text
    deepest = 0
    breaks: list[str] = []
    while True:
        pos = scanner.pos
        limit = scanner.bol + indent if indent else len(text)
        while pos < limit and text[pos] == " ":
            pos += 1
        scanner.pos = pos
        deepest = max(deepest, pos - scanner.bol)
        if pos < limit and text[pos] == "\t":
            raise scanner.error("found a tab character where an indentation space is expected", _CONTEXT, start)
        if text[pos] not in t.BREAKS:
            break
        breaks.append(read_break(scanner))
        end = scanner.pos
    return indent or max(deepest, scanner.indent + 1, 1), "".join(breaks), end
