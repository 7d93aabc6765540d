"""Names with a random part, as joblint's own rendering of a chart prints it."""

from __future__ import annotations


def is_random(name: str) -> bool:
    """Whether a name contains what joblint's own rendering prints for randAlphaNum or randNumeric: the next name is another."""
    return any(len(word) > 2 and set(word) in ({"x"}, {"1"}) for word in name.lower().split("-"))
