"""The known name closest to a misspelled word; imports nothing until it is called."""

from __future__ import annotations

_LONGEST = 200
"""Longer words, in characters, are not a misspelling of a name."""


def nearest(word: str, names: tuple[str, ...]) -> str:
    """Return the name that a word is probably a misspelling of, "" if none is close enough."""
    if len(word) > _LONGEST:
        return ""
    lowered = {n.lower().replace("_", "").replace("-", ""): n for n in names}
    plain = word.lower().replace("_", "").replace("-", "")
    if plain in lowered:
        return lowered[plain]
    from difflib import get_close_matches

    found = get_close_matches(plain, list(lowered), 1, 0.8)
    return lowered[found[0]] if found else ""
