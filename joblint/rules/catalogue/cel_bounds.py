"""How much work and memory an expression may need for an object: an estimate that is never too low.

The library that evaluates CEL limits the steps of `all`, `map` and others (10,000) but not how long a text becomes or how long a
step takes: `a.replace('x', a)` needs the square of the length of `a`, and `list.map(i, a + a)` keeps each result.
"""

from __future__ import annotations

import re

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STEPS = 10_000
"""The library's own limit of the steps of loops."""

MOST_COMPARED, MOST_MATCHED, MOST_CREATED = 1 << 32, 1 << 29, 1 << 27
"""Characters that an expression may compare, search by patterns, and create: some seconds, some hundred megabytes."""

_LOOPS = ("all", "exists", "exists_one", "map", "filter")
_COPIES = (
    *("lowerAscii", "upperAscii", "trim", "substring", "split", "reverse", "quote", "string", "bytes"),
    *("map", "filter", "join", "format", "replace"),
)
_TEXT = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_TOKEN = re.compile(rf"{_TEXT}|[A-Za-z_]\w*|[-+()]", re.S)
_LITERAL = re.compile(rf"\.(?:replace\(\s*{_TEXT}\s*,\s*({_TEXT})\s*(?:,\s*\d+\s*)?\)|join\(\s*({_TEXT})?\s*\))", re.S)
"""Calls whose arguments are texts in quotes: they cannot repeat a text of the object."""


class Shape(Record):
    """What makes an expression expensive: how many loops it has and how deeply nested, how many texts it creates, how many of
    them by joining, how often one text of the object may be repeated for each character of another; by how much texts in quotes
    make others longer; whether it splits texts into lists or searches them by patterns; its longest list; its length."""

    loops: int
    depth: int
    copies: int
    joins: int
    repeats: int
    longer: int
    splits: bool
    matches: bool
    listed: int
    length: int


def shape_of(text: str) -> Shape:
    """Return the shape of an expression that compiles."""
    calls: list[str] = []
    names: list[str] = []
    before = ""
    depth = 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "(":
            calls.append(before)
            names.append(before)
            depth = max(depth, sum([c in _LOOPS for c in calls]))
        elif token == ")" and calls:
            calls.pop()
        before = token
    plain = list(_LITERAL.finditer(text))
    longer = 1 + text.count("%")
    for match in plain:
        longer *= len(match[1] or "  ") - 1
    return Shape(
        loops=sum([n in _LOOPS for n in names]),
        depth=depth,
        copies=text.count("+") + sum([n in _COPIES for n in names]),
        joins=names.count("join"),
        repeats=names.count("join") + names.count("replace") - len(plain),
        longer=longer,
        splits="split" in names,
        matches="matches" in names,
        listed=text.count(",") + 1,
        length=len(text),
    )


def too_much(shape: Shape, data: Any) -> bool:
    """Whether an expression may need more than the limits for this data."""
    if not (shape.loops or shape.joins or shape.repeats or shape.longer > 1):
        return False
    characters, longest = _measured(data)
    size = characters + shape.length
    if shape.splits:
        longest = STEPS if shape.copies > 1 else max(longest, size)
    longest = max(longest, shape.listed)
    steps = min(STEPS, shape.loops * longest**shape.depth) if shape.loops else 1
    read = steps * size
    created = read * shape.copies * shape.longer * steps ** max(0, shape.joins - 1) * size**shape.repeats
    return read > (MOST_MATCHED if shape.matches else MOST_COMPARED) or created > MOST_CREATED


def _measured(data: Any) -> tuple[int, int]:
    """The characters of all texts in some data, with something for every value; the length of its longest list or mapping."""
    characters = longest = 0
    left = [data]
    while left:
        value = left.pop()
        characters += 8
        if isinstance(value, str):
            characters += len(value)
        elif isinstance(value, dict):
            longest = max(longest, len(value))
            left += value.keys()
            left += value.values()
        elif isinstance(value, list):
            longest = max(longest, len(value))
            left += value
    return characters, longest
