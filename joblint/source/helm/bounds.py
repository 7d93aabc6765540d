"""How much a function of a template may be given, and make: what is more is not evaluated. Knows functions by name alone.

A template decides sizes: `repeat 1000000000 "x"`, a text that doubles in each round, a mapping that contains itself twice.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.source.helm.nodes import Unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST = 1 << 20
"""Characters, entries and items together."""
_SHORT = 18
_MOST_STEPS = 10_000_000
_PASSES_ON = names(
    "include tpl dict list tuple set unset get hasKey index default empty coalesce ternary kindIs kindOf typeOf typeIs fail "
    "required lookup keys first last rest initial len dig pluck pick omit and or not"
)
"""Functions that do not walk through what they are given."""


def weigh(name: str, given: list[Any]) -> int:
    """Return the size of what a function walks through. Raises Unsupported if that, or what it makes, is too much."""
    found = 0 if name in _PASSES_ON else size(given)
    if name in ("repeat", "indent", "nindent") and len(given) == 2 and isinstance(given[0], int) and isinstance(given[1], str):
        found += _checked(given[0] * (len(given[1]) if name == "repeat" else given[1].count("\n") + 1))
    elif name == "replace" and len(given) == 3 and all(isinstance(g, str) for g in given):
        found += _checked((given[2].count(given[0]) + 1) * len(given[1]))
    elif name == "join" and len(given) == 2 and isinstance(given[0], str) and isinstance(given[1], list):
        found += _checked(len(given[0]) * len(given[1]))
    elif name.startswith(("regexReplace", "mustRegexReplace")) and len(given) == 3 and all(isinstance(g, str) for g in given):
        found += _checked((len(given[1]) + 1) * len(given[2]))
    elif name == "printf" and given and isinstance(given[0], str):
        import re

        widths = re.findall(r"\d+", given[0])
        found += _checked(sum([int(width[:20]) for width in widths]))
    return found


def size(value: Any) -> int:
    """Return how many characters, entries and items a value has, with everything in it. Raises Unsupported for more than MOST."""
    found, left = 0, [value]
    while left:
        one = left.pop()
        found += len(one) + 1 if isinstance(one, (str, dict, list)) else 1
        if found > MOST:
            raise Unsupported("too much to evaluate")
        if isinstance(one, dict):
            left.extend(one)
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return found


def _checked(count: int) -> int:
    if count > MOST:
        raise Unsupported("too much to evaluate")
    return max(count, 0)


def check_pattern(form: str, value: str) -> None:
    """Raises Unsupported where Python might search for long: Go's patterns take linear time, Python's do not."""
    import re

    try:
        repeats, nested = _repeats(re._parser.parse(form))  # type: ignore[attr-defined]  # the tree is nowhere else
    except re.error:
        return  # whoever compiles it says so
    if nested and len(value) > _SHORT or (len(value) + 1) ** repeats > _MOST_STEPS:
        raise Unsupported("a pattern that may take long")


def _repeats(tree: Any, within: bool = False) -> tuple[int, bool]:
    """How many parts of a pattern repeat, and whether one of them is inside another, or a choice is."""
    count, nested = 0, False
    for operation, argument in tree:
        name = str(operation)
        parts: list[tuple[Any, bool]] = []
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            many = int(argument[1]) > 1
            count += many
            nested = nested or (within and many)
            parts = [(argument[2], within or many)]
        elif name == "BRANCH":
            nested = nested or within
            parts = [(part, within) for part in argument[1]]
        elif name == "SUBPATTERN":
            parts = [(argument[3], within)]
        for part, inside in parts:
            more, deeper = _repeats(part, inside)
            count, nested = count + more, nested or deeper
    return count, nested
