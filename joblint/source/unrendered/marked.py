"""A template with a mark at the end of each of its lines, as a YAML comment, so that its output shows where each line comes
from; knows nothing about YAML.

A mark is only where it changes nothing else: `{{-` and `-}}` trim up to it what they trim without it. The content of a
definition may be printed as part of a line, so only those of its lines have a mark that clearly are keys.
"""

from __future__ import annotations

from joblint.source.unrendered.actions import Action, Choice, Unbalanced, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_OPEN, _CLOSE = " #\ue110", "\ue111"


def marked(text: str, first: int, careful: bool = False) -> str:
    """The text with marks: line n (from 0) has the number `first` + n. A text that cannot be read has none. `careful`: only
    lines that plainly are keys of their own, since a scalar may continue over lines, where no comment may be. Of definitions,
    none is marked then."""
    try:
        actions = tree(text)
    except (Unbalanced, RecursionError):
        return text
    covered = [False] * (len(text) + 1)  # where an action continues
    silent = [False] * (len(text) + 1)  # what prints nothing
    defined = [False] * (len(text) + 1)  # a definition, which something else prints
    _cover(actions, covered, silent, defined)
    parts: list[str] = []
    at = 0
    begun = -1  # the line on which an action begins that prints the rest of it
    lines = text.split("\n")
    for number, line in enumerate(lines):
        body = line.rstrip()
        end = at + len(body)
        parts.append(body)
        prints = any(not silent[at + n] for n, letter in enumerate(body) if not letter.isspace())
        if (
            prints
            and not covered[end]
            and (not (careful or defined[end]) or not (careful and defined[end]) and _is_key(lines, number))
            and not body.endswith("-}}")
            and not body.startswith("---")
        ):
            parts.append(f"{_OPEN}{first + (number if begun < 0 else begun)}{_CLOSE}")
        if not covered[end]:
            begun = -1
        elif begun < 0 and not silent[end]:
            begun = number
        parts.append(line[len(body) :] + "\n")
        at += len(line) + 1
    return "".join(parts)[:-1]


def _is_key(lines: list[str], number: int) -> bool:
    """Whether a line is a key, with or without a value, and the next one no more of that value; or an action that prints lines of
    its own."""
    import re

    if re.fullmatch(r"\s*\{\{.*\|\s*n?indent\s+\d+\s*\}\}", lines[number].rstrip()):
        return True
    key = re.compile(r"[ ]*(?:- +)*[\w./\"'-]+:(?:[ ].*)?")
    if key.fullmatch(lines[number].rstrip()) is None:
        return False
    following = next((line for line in lines[number + 1 :] if line.strip()), "")
    if lines[number].rstrip().endswith(":") or len(following) - len(following.lstrip()) <= len(lines[number]) - len(
        lines[number].lstrip()
    ):
        return True
    return following.lstrip().startswith("{{") or key.fullmatch(following.rstrip()) is not None


def _cover(actions: Sequence[Action | Choice], covered: list[bool], silent: list[bool], defined: list[bool]) -> None:
    for item in actions:
        if isinstance(item, Choice) and (not item.always or item.word == "define"):
            if item.always:
                _fill(defined, item.start, item.end)
            last = item.branches[-1].end
            for begin, end in [*[(b.action.start, b.action.end) for b in item.branches], (last, item.end)]:
                _fill(covered, begin + 1, end)
                _fill(silent, begin, end)
            for branch in item.branches:
                _cover(branch.inside, covered, silent, defined)
        else:
            _fill(covered, item.start + 1, item.end)
            if isinstance(item, Action) and not item.prints:
                _fill(silent, item.start, item.end)


def _fill(held: list[bool], begin: int, end: int) -> None:
    held[begin:end] = [True] * max(end - begin, 0)


def unmarked(text: str) -> tuple[str, list[int]]:
    """Return the text without its marks, and for each of its lines the number in its mark; -1 if it has none."""
    import re

    pattern = re.compile(" ?" + re.escape(_OPEN[1:]) + r"(\d+)" + _CLOSE)
    lines: list[str] = []
    numbers: list[int] = []
    for line in text.split("\n"):
        found = pattern.findall(line)
        lines.append(pattern.sub("", line))
        numbers.append(int(found[0]) if found else -1)
    return "\n".join(lines), numbers
