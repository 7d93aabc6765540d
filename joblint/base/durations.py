"""Durations as people write them, 90s or 1h30m, to seconds and back; knows nothing else."""

from __future__ import annotations

UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def read_duration(text: str) -> float | None:
    """Return the seconds of `90`, `90s`, `1.5m`, `1h30m`, `2d` or `250ms`; None for any other text."""
    text = text.strip()
    if not text:
        return None
    total, i, last = 0.0, 0, float("inf")
    while i < len(text):
        start = i
        while i < len(text) and (text[i] in "0123456789."):
            i += 1
        digits = text[start:i]
        start = i
        while i < len(text) and text[i].isascii() and text[i].isalpha():
            i += 1
        unit = text[start:i] or ("s" if i == len(text) and last == float("inf") else "?")
        size = UNITS.get(unit)
        if size is None or size >= last or digits.count(".") > 1 or not digits.replace(".", "") or len(digits) > 15:
            return None
        total += float(digits) * size
        last = size
    return total


def show_span(between: tuple[float, float]) -> str:
    """Return a range of seconds in words: `2s to 4s`, `4m59s to 5m`; one duration if both ends read the same."""
    low, high = between
    if high - low < 0.05:
        return show_duration(low if low < 10 else round(low))
    first, last = show_duration(float(int(low))), show_duration(float(-int(-high // 1)))
    return first if first == last else f"{first} to {last}"


def show_duration(seconds: float) -> str:
    """Return seconds as kubectl writes durations: `1.3s`, `45s`, `5m`, `5m30s`, `1h`, `1h5m`, `36h`, `3d4h`, `2y40d`, `68y`."""
    if seconds < 60:
        short = f"{seconds:.1f}".rstrip("0").rstrip(".")
        return f"{short}s" if short != "60" else "1m"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}m{whole % 60}s" if whole % 60 else f"{whole // 60}m"
    hours, minutes = divmod(whole // 60, 60)
    if hours < 48:
        return f"{hours}h{minutes}m" if minutes else f"{hours}h"
    days, hours = divmod(hours, 24)
    if days < 730:
        return f"{days}d{hours}h" if hours else f"{days}d"
    years, days = divmod(days, 365)
    return f"{years}y{days}d" if days and years < 8 else f"{years}y"
