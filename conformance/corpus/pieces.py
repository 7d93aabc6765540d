"""What combinations of fields are made of: the list of them, and setting fields at random."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Tree = dict[str, Any]
Combo = Callable[[Tree, Tree, Tree, Random], None]  # Job spec, Pod spec, first container, randomness

COMBOS: list[Combo] = []


def combo(function: Combo) -> Combo:
    """Register a combination."""
    COMBOS.append(function)
    return function


def put(node: Tree, rng: Random, **choices: list[Any]) -> None:
    """Set each field to one of its choices; `...` takes it out."""
    for name, values in choices.items():
        value = rng.choice(values)
        if value is ...:
            node.pop(name, None)
        else:
            node[name] = value


def items(node: Tree, name: str) -> list[Any]:
    """The list under a name, made where there is none."""
    found = node.get(name)
    if not isinstance(found, list):
        found = node[name] = []
    return found
