"""The words that represent placeholders while an object is checked; does not know values."""

from __future__ import annotations

_TOKEN = "jlunknown"


def token(number: int, variant: int) -> str:
    """Return a word that represents a placeholder and is recognized in any text; valid as a name, a label, a part of a path."""
    return f"{_TOKEN}{'xyz'[variant]}{number}"


def is_stand_in(text: str) -> bool:
    """Return whether a text contains a word that represents a placeholder."""
    return _TOKEN in text
