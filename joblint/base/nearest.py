"""The word that a slip was meant to be; imports nothing before it is asked."""

from __future__ import annotations


def nearest(word: str, names: tuple[str, ...]) -> str:
    """The name that a word is a slip for, "" where none is near enough."""
    lowered = {n.lower().replace("_", "").replace("-", ""): n for n in names}
    plain = word.lower().replace("_", "").replace("-", "")
    if plain in lowered:
        return lowered[plain]
    from difflib import get_close_matches

    found = get_close_matches(plain, list(lowered), 1, 0.8)
    return lowered[found[0]] if found else ""
