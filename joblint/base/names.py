"""Tables of names written as one text, which stays readable where a list would take a line a name; imports nothing."""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
