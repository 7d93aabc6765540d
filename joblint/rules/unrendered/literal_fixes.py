"""Which fixes of a template's findings may be applied: those that change only literal text, in the branch of the finding.

Knows positions, no rule. Anything that an action prints is left to a person.
"""

from __future__ import annotations

from joblint.source.places.spans import line_starts
from joblint.source.unrendered import encoded
from joblint.source.unrendered.actions import Action, Choice
from joblint.source.unrendered.layout import is_inline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from joblint.rules.finding import Edit, Finding, Fix
    from joblint.source.unrendered.readings import Template


def literal_fix(finding: Finding, template: Template) -> Fix | None:
    """Return the finding's fix if each of its edits replaces text that no action prints, or inserts lines between such
    lines."""
    fix = finding.fix
    if fix is None:
        return None
    starts = line_starts(template.text)
    spans = [_offsets(edit, starts) for edit in fix.edits]
    if any(span is None for span in spans):
        return None
    here = starts[finding.span.line - 1] if finding.span.line <= len(starts) else 0
    here += len(_line(template.text, here)) - len(_line(template.text, here).lstrip())
    branch = _branch(template.text, template.actions, here)
    taken = _taken(template.text, template.actions)
    for edit, span in zip(fix.edits, spans, strict=True):
        begin, end = span or (0, 0)
        if encoded.holds(edit.text) or any(0xE000 <= ord(letter) <= 0xE1FF for letter in edit.text):
            return None
        if "\n" in edit.text or edit.line != edit.end_line:  # lines move: none of them may contain an action
            begin = starts[edit.line - 1]
            last = starts[edit.end_line - 1]
            end = last if (edit.end_column == 1 and edit.end_line > edit.line) else last + len(_line(template.text, last))
        if any(start < end and begin < stop or begin == end and start < begin < stop for start, stop in taken):
            return None
        first = begin + len(template.text[begin:end]) - len(template.text[begin:end].lstrip())
        if any(_branch(template.text, template.actions, at) != branch for at in (first, max(begin, end - 1))):
            return None
    return fix


def _offsets(edit: Edit, starts: list[int]) -> tuple[int, int] | None:
    if not 1 <= edit.line <= edit.end_line <= len(starts):
        return None
    return starts[edit.line - 1] + edit.column - 1, starts[edit.end_line - 1] + edit.end_column - 1


def _line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : len(text) if end < 0 else end]


def _branch(text: str, actions: Sequence[Action | Choice], at: int) -> tuple[int, int]:
    """The innermost branch at a position, by its own position; (0, 0) outside of all."""
    found = (0, 0)
    inside: Sequence[Action | Choice] | None = actions
    while inside is not None:
        items, inside = inside, None
        for item in items:
            for branch in item.branches if isinstance(item, Choice) and not is_inline(text, item) else ():
                if branch.start <= at < branch.end:
                    found, inside = (branch.start, branch.end), branch.inside
    return found


def _taken(text: str, actions: Sequence[Action | Choice]) -> list[tuple[int, int]]:
    """The positions of actions; for a condition within a line, all of it."""
    found: list[tuple[int, int]] = []
    left: list[Action | Choice] = list(actions)
    while left:
        item = left.pop()
        if isinstance(item, Action) or is_inline(text, item):
            found.append((item.start, item.end))
            continue
        at = item.start
        for branch in item.branches:
            found.append((at, branch.start))
            left += branch.inside
            at = branch.end
        found.append((at, item.end))
    return found
