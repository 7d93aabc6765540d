"""One object for all values that are equal: what is kept of a hundred thousand documents repeats itself. Knows no documents."""

from __future__ import annotations

import sys

from joblint.base.memo import memo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONGEST = 1000  # characters of a text that is worth it


def text(value: str) -> str:
    """An equal text."""
    return sys.intern(value) if value.__class__ is str and len(value) < _LONGEST else value


def mapping(value: dict[str, Any]) -> dict[str, Any]:
    """An equal mapping of texts, in the same order; whoever changes it must copy it first."""
    if len(value) > 20 or not all(item.__class__ is str and len(item) < _LONGEST for item in value.values()):
        return value
    return _of_items(tuple(value.items()))


@memo(512)
def _of_items(items: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {text(key): text(value) for key, value in items}
