"""Tables of names written as one text, which is easier to read than a list with one name a line; imports nothing."""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())
