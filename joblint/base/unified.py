"""The difference of two similar texts as a unified diff; knows lines, not files.

The standard library's matcher takes four times as long for twice the lines. It therefore compares a limited number of lines at
a time: from where the texts begin to differ to where they have been the same for a while.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Change = tuple[str, int, int, int, int]
    """As in difflib: equal, replace, delete or insert; first and last line in the old and in the new text."""

_WHOLE = 400
"""Texts of at most this many lines are compared in one step."""

_STRETCH = 120
_SAME = 12
"""Lines that are compared at a time in a longer text, and equal lines after which the next stretch may begin."""

_CONTEXT = 3


def unified(before: list[str], after: list[str], name: str, new_name: str) -> Iterator[str]:
    """Return the lines of the diff, as `difflib.unified_diff` does; none if the texts are equal."""
    from difflib import SequenceMatcher

    matcher: SequenceMatcher[str] = SequenceMatcher(None, [], [])
    matcher.opcodes = list(changes(before, after))  # type: ignore[attr-defined]  # what it groups
    begun = False
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        if not begun:
            begun = True
            yield f"--- {name}\n"
            yield f"+++ {new_name}\n"
        (_, start, _, new_start, _), (_, _, end, _, new_end) = group[0], group[-1]
        yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n"
        for kind, start, end, new_start, new_end in group:
            if kind == "equal":
                yield from [" " + line for line in before[start:end]]
                continue
            yield from ["-" + line for line in before[start:end]]
            yield from ["+" + line for line in after[new_start:new_end]]


def changes(before: list[str], after: list[str]) -> Iterator[Change]:
    """Return the changes that turn the old text into the new one, in order; no two stretches of equal lines follow each
    other."""
    last: Change | None = None
    for change in _stretches(before, after):
        if last is not None and last[0] == change[0] == "equal":
            last = "equal", last[1], change[2], last[3], change[4]
            continue
        if last is not None:
            yield last
        last = change
    if last is not None:
        yield last


def _stretches(before: list[str], after: list[str]) -> Iterator[Change]:
    from difflib import SequenceMatcher

    if max(len(before), len(after)) <= _WHOLE:
        yield from SequenceMatcher(None, before, after).get_opcodes()
        return
    i = j = 0
    while i < len(before) or j < len(after):
        same = _same(before, after, i, j)
        if same:
            yield "equal", i, i + same, j, j + same
            i, j = i + same, j + same
            continue
        length = _STRETCH
        found = _stretch(before, after, i, j, length)
        while not found:
            length *= 2
            found = _stretch(before, after, i, j, length)
        yield from found
        _, _, i, _, j = found[-1]


def _same(before: list[str], after: list[str], i: int, j: int) -> int:
    count, most = 0, min(len(before) - i, len(after) - j)
    while count < most and before[i + count] == after[j + count]:
        count += 1
    return count


def _stretch(before: list[str], after: list[str], i: int, j: int, length: int) -> list[Change]:
    """The changes in that many lines, up to the last ones that are the same for a while; none if there are no such lines."""
    from difflib import SequenceMatcher

    some, others = before[i : i + length], after[j : j + length]
    found: list[Change] = [
        (kind, a + i, b + i, c + j, d + j) for kind, a, b, c, d in SequenceMatcher(None, some, others, False).get_opcodes()
    ]
    if i + length >= len(before) and j + length >= len(after):
        return found
    while found and (found[-1][0] != "equal" or found[-1][2] - found[-1][1] < _SAME):
        found.pop()
    return found


def _range(start: int, end: int) -> str:
    """The lines of a hunk as diff counts them: from 1, and one before if there are none."""
    if end - start == 1:
        return str(start + 1)
    return f"{start + (end > start)},{end - start}"
