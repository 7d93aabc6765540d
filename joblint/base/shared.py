"""One object for all equal values: what is kept of a hundred thousand documents repeats itself. Does not know documents."""

from __future__ import annotations

import sys

from joblint.base.memo import memo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONGEST = 1000  # longer texts are not worth the lookup


def text(value: str) -> str:
    """Return an equal text, the same object for all equal ones."""
    return sys.intern(value) if value.__class__ is str and len(value) < _LONGEST else value


def mapping(value: dict[str, Any]) -> dict[str, Any]:
    """Return an equal mapping of texts, in the same order; copy it before changing it."""
    if len(value) > 20:
        return value
    for item in value.values():
        if item.__class__ is not str or len(item) >= _LONGEST:
            return value
    return _of_items(tuple(value.items()))


@memo(512)
def _of_items(items: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {text(key): text(value) for key, value in items}
