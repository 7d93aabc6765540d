"""Numbers in words for the rules' texts; imports nothing."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Seconds as people say them: `45 s`, `10 m 30 s`, `2 h 05 m`, `3 d 4 h`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} m {rest:02} s" if rest else f"{minutes} m"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02} m" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def count(n: int, word: str, words: str = "") -> str:
    """`1 Pod`, `5 Pods`."""
    return f"{n} {word if n == 1 else words or word + 's'}"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
