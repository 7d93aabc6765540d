"""The loops of a Jinja template over a list that the template itself contains: what its actions print for each item; knows
nothing about YAML.

Source: Jinja 3.1 (src/jinja2/parser.py, parse_for; nodes.py, Literal).
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.unrendered.actions import Action, Choice
from joblint.source.unrendered.expressions import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

_LONGEST = 1 << 12
_MOST = 40
"""The most items of one template that are read."""


class Item(Record):
    """One pass through a loop: where its body is, the values of its variables by their names (`job.name` for an entry of one),
    and the output of the actions in the body, by their text."""

    body: tuple[int, int]
    values: Mapping[str, Any]
    outputs: Mapping[str, Any]


def items_of(text: str, actions: Sequence[Action | Choice]) -> tuple[Item, ...]:
    """Return the passes through the loops whose lists are known, as long as nothing but output depends on the variables of
    the loop: a condition on one of them would select other branches for each item."""
    every = list(_every(actions))
    found: list[Item] = []
    for choice in _loops(actions):
        action, branch = choice.branches[0].action, choice.branches[0]
        targets, _, expression = action.body.removeprefix("for").partition(" in ")
        names = [name.strip() for name in targets.strip(" ()").split(",")]
        listed = _listed(expression.strip(), every) if all(name.isidentifier() for name in names) else None
        if listed is None or _depends(every, names, action, (branch.start, branch.end)):
            continue
        inside = [a for a in every if a.prints and branch.start <= a.start < branch.end]
        for item in listed[: _MOST - len(found)]:
            values = _values(names, item)
            outputs = _outputs(text, inside, values)
            if outputs:
                found.append(Item((branch.start, branch.end), values, outputs))
    return tuple(found)


def _every(actions: Sequence[Action | Choice]) -> Iterator[Action]:
    for item in actions:
        if isinstance(item, Action):
            yield item
        else:
            for branch in item.branches:
                yield branch.action
                yield from _every(branch.inside)


def _loops(actions: Sequence[Action | Choice]) -> Iterator[Choice]:
    for item in actions:
        if isinstance(item, Choice):
            if item.word == "for":
                yield item
            for branch in item.branches if item.word not in ("raw", "macro") else ():
                yield from _loops(branch.inside)


def _listed(expression: str, every: list[Action]) -> list[Any] | None:
    """The list of an expression: one that is written there, or a variable that is set once, to a list, and only looped over."""
    if expression.isidentifier():
        about = [a for a in every if _mentions(a.body, [expression])]
        sets = [a.body.removeprefix("set").partition("=") for a in about if a.word == "set"]
        loops = [a for a in about if a.word == "for" and a.body.partition(" in ")[2].strip() == expression]
        if len(sets) != 1 or len(about) != len(loops) + 1 or sets[0][0].strip() != expression:
            return None
        expression = sets[0][2].strip()
    if expression[:1] not in ("[", "(") or len(expression) > _LONGEST:
        return None
    from ast import literal_eval

    try:
        value = literal_eval(expression)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return list(value) if isinstance(value, (list, tuple)) else None


def _mentions(body: str, names: list[str]) -> bool:
    import re

    return any(word in names for word in re.findall(r"\w+", body))


def _depends(every: list[Action], names: list[str], loop: Action, body: tuple[int, int]) -> bool:
    """Whether something else than output in the loop's body depends on its variables, or has variables of the same names."""
    return any(
        _mentions(a.body, names) and not (a.prints and body[0] <= a.start < body[1]) for a in every if a.start != loop.start
    )


def _values(names: list[str], item: Any) -> dict[str, Any]:
    parts = [item] if len(names) == 1 else list(item) if isinstance(item, (list, tuple)) and len(item) == len(names) else []
    found: dict[str, Any] = {}
    for name, part in zip(names, parts, strict=False):
        held = {f"{name}.{key}": value for key, value in part.items()} if isinstance(part, dict) else {name: part}
        found |= {key: value for key, value in held.items() if isinstance(value, (str, int)) and "\n" not in str(value)}
    return found


def _outputs(text: str, inside: list[Action], values: dict[str, Any]) -> dict[str, Any]:
    from joblint.source.unrendered.jinja import value_of

    found: dict[str, Any] = {}
    for action in inside:
        value, unset = value_of(action.body, values)
        if value is not UNKNOWN and not unset:
            found[text[action.start : action.end]] = value
    return found
