"""Bounds of a run time, and durations as programs accept them; knows nothing about programs."""

from __future__ import annotations

from joblint.base.record import Record

INFINITE = float("inf")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Span(Record):
    """Seconds. A run that succeeds takes at least `least` and at most `most` (infinite if that is not known); `patience` is its
    maximum by the limits in the text alone: sleeps, timeouts, iterations of loops, with everything else taking no time."""

    least: float = 0
    patience: float = 0
    most: float = INFINITE

    def then(self, other: Span) -> Span:
        """One after the other."""
        if self is INSTANT or other is INSTANT:
            return other if self is INSTANT else self
        return Span(self.least + other.least, self.patience + other.patience, self.most + other.most)

    def beside(self, other: Span) -> Span:
        """Both at the same time, until both have ended."""
        return Span(max(self.least, other.least), max(self.patience, other.patience), max(self.most, other.most))

    def either(self, other: Span) -> Span:
        """One of the two."""
        return Span(min(self.least, other.least), max(self.patience, other.patience), max(self.most, other.most))

    def within(self, limit: float) -> Span:
        """Ended after `limit` seconds."""
        most = min(limit, self.most)
        return Span(min(self.least, limit), most, most)

    def times(self, rounds: float) -> Span:
        """Repeated this many times."""
        if rounds <= 0:
            return INSTANT
        return Span(self.least * rounds, self.patience * rounds, self.most * rounds if self.most else 0)


INSTANT = Span(0, 0, 0)
UNKNOWN = Span()


def fixed(seconds: float) -> Span:
    """Exactly this many seconds."""
    return Span(seconds, seconds, seconds)


def upto(seconds: float) -> Span:
    """At most this many seconds."""
    return Span(0, seconds, seconds)


def seconds_of(word: str) -> float | None:
    """Return the seconds of `90`, `1.5m`, `2h` (coreutils) or `1h30m` (Go); None for any other text."""
    if not word or len(word) > 24 or not word.isascii():
        return None
    if word.replace(".", "", 1).isdigit():
        return float(word)
    total, digits, rest = 0.0, "", word
    while rest:
        if rest[0].isdigit() or rest[0] == ".":
            digits, rest = digits + rest[0], rest[1:]
            continue
        unit = "ms" if rest.startswith("ms") else rest[0]
        if unit not in _UNITS or not digits.replace(".", "", 1).isdigit():
            return None
        total += float(digits) * _UNITS[unit]
        digits, rest = "", rest[len(unit) :]
    return total if not digits else None
