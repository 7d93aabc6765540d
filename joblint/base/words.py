"""Numbers and lists in words for the rules' texts; imports nothing."""

from __future__ import annotations

_PLAIN_SIGNS = str.maketrans("", "", "@%+=:,./-_")


def count(n: int, word: str, words: str = "") -> str:
    """`1 Pod`, `5 Pods`."""
    return f"{n} {word if n == 1 else words or word + 's'}"


def for_shell(word: str) -> str:
    """Return a word as a shell needs it, quoted if it contains anything that a shell treats specially."""
    bare = word.translate(_PLAIN_SIGNS)
    if word and word.isascii() and (not bare or bare.isalnum()):
        return word
    from shlex import quote  # imports re, and most names need no quotes

    return quote(word)


def listed(words: list[str] | tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def any_of(words: list[str] | tuple[str, ...]) -> str:
    """Return the alternatives as `a`, `a or b`, or `a, b or c`."""
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def as_quantity(size: int) -> str:
    """Bytes as a quantity of Kubernetes, in the largest unit that divides them: `1Gi`, `1536Mi`; otherwise in whole Mi."""
    for shift, unit in ((40, "Ti"), (30, "Gi"), (20, "Mi"), (10, "Ki")):
        if size and not size % (1 << shift):
            return f"{size >> shift}{unit}"
    return f"{size >> 20}Mi"
