"""Dates of the Gregorian calendar by arithmetic alone; does not know any time zone and imports nothing.

Days count from 1 January 1970, weekdays from Sunday as 0. The standard library's datetime would cost more to import than a
whole check may take.
"""

from __future__ import annotations

DAY = 86_400
"""Seconds."""


def day_of(year: int, month: int, day: int) -> int:
    """The number of a date. A month outside 1 to 12 and a day outside its month run over, as in Go's time.Date."""
    years, month = divmod(month - 1, 12)
    year += years
    month += 1
    if month <= 2:
        year -= 1
        month += 12
    # A year that begins in March has its odd day last, and its months' lengths follow (153 m + 2) / 5.
    return year * 365 + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719_469


def date_of(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    era, rest = divmod(number + 719_468, 146_097)
    year = (rest - rest // 1460 + rest // 36_524 - rest // 146_096) // 365
    rest -= 365 * year + year // 4 - year // 100
    month = (5 * rest + 2) // 153
    day = rest - (153 * month + 2) // 5 + 1
    year += era * 400
    return (year, month + 3, day) if month < 10 else (year + 1, month - 9, day)


def weekday_of(number: int) -> int:
    """0 for Sunday … 6 for Saturday."""
    return (number + 4) % 7


def month_length(year: int, month: int) -> int:
    """Days in a month (1 to 12)."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def rfc3339(seconds: float, offset: int = 0) -> str:
    """An instant (seconds since the epoch) as the clock shows it `offset` seconds east of UTC: 2026-11-21T09:16:00Z."""
    number, rest = divmod(int(seconds // 1) + offset, DAY)
    year, month, day = date_of(number)
    clock = f"{year:04d}-{month:02d}-{day:02d}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    if not offset:
        return clock + "Z"
    minutes = abs(offset) // 60
    return f"{clock}{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


def epoch_of(text: str) -> int | None:
    """Seconds since the epoch of an RFC 3339 time in UTC, as the API server writes times; None if it is not such text."""
    if len(text) != 20 or text[4] + text[7] + text[10] + text[13] + text[16] + text[19] != "--T::Z":
        return None
    parts = (text[:4], text[5:7], text[8:10], text[11:13], text[14:16], text[17:19])
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day, hour, minute, second = map(int, parts)
    if not (1 <= month <= 12 and 1 <= day <= month_length(year, month) and hour < 24 and minute < 60 and second < 60):
        return None
    return day_of(year, month, day) * DAY + hour * 3600 + minute * 60 + second
