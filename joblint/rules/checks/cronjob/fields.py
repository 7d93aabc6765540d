"""The five fields of a schedule: their ranges, their values as masks and in words."""

from __future__ import annotations

from joblint.base.words import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import Subject

STAR = 1 << 63
"""The bit of a mask of values that says that the field is `*`."""

FIELDS = (  # name, least, greatest, values in a cycle (0: it varies), what one value is
    ("minute", 0, 59, 60, "minute"),
    ("hour", 0, 23, 24, "hour"),
    ("day-of-month", 1, 31, 0, "day"),
    ("month", 1, 12, 12, "month"),
    ("day-of-week", 0, 6, 7, "day"),
)
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def masks(s: Subject) -> tuple[int, int, int, int, int]:
    """Return the values of the five fields, each as a mask of bits."""
    assert s.rhythm is not None
    found = s.rhythm.schedule
    return found.minute, found.hour, found.dom, found.month, found.dow


def spoken(n: int, values: list[int]) -> str:
    """Return values of a field in words: `:00 and :45`, `9:00 and 17:00`, `Jan and Jul`, `Sunday`; many are shortened."""
    shown = values if len(values) < 7 else [*values[:3], *values[-2:]]
    words = [
        f":{v:02d}" if n == 0 else f"{v}:00" if n == 1 else MONTHS[v] if n == 3 else DAYS[v] if n == 4 else str(v) for v in shown
    ]
    if len(values) >= 7:
        words.insert(3, "…")
    return listed(words)
