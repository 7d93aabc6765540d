"""Numbers and lists in words for the rules' texts; imports nothing."""

from __future__ import annotations


def count(n: int, word: str, words: str = "") -> str:
    """`1 Pod`, `5 Pods`."""
    return f"{n} {word if n == 1 else words or word + 's'}"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
