"""What a schedule or a time zone that the server rejects was meant to be; knows texts and the API model, no document."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import Subject

_USUAL = 'schedule: "30 3 * * 1-5"    at 03:30, Monday to Friday'
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_SUNDAYS = {"7": "0", "0-7": "*", "1-7": "*", "6-7": "6,0", "7-7": "0"}


def advised(s: Subject, text: str) -> str:
    """Return what to write instead of a schedule: the closest one that the server accepts, otherwise an example."""
    from joblint.rules.refusals.remedy_values import refused_as_text

    if text.strip().lower() == "@reboot":
        return "kind: Job    runs once"
    for schedule, words in _meant(text):
        if schedule != text and refused_as_text(s, "spec.schedule", schedule) is None:
            return f'schedule: "{schedule}"' + (f"    {words}" if words else "")
    if text.strip().lower().startswith("@every"):
        return 'schedule: "@every 90m"    every 90 minutes, for example'
    return f"{_USUAL}, for example"


def _meant(text: str) -> Iterator[tuple[str, str]]:
    if text.strip().startswith("@"):
        yield from _macro(text.strip().lower())
        return
    fields = text.split()
    if len(fields) == 4:
        yield " ".join(_right([*fields, "*"])), "with the fifth field"
    elif len(fields) == 5:
        yield " ".join(_right(fields)), ""
    elif len(fields) == 6 and fields[5].isdigit() and len(fields[5]) == 4:
        yield " ".join(_right(fields[:5])), "without the year"
    elif len(fields) == 6:
        yield " ".join(_right(fields[1:])), "without the seconds"
    elif len(fields) == 7:
        yield " ".join(_right(fields[1:6])), "without the seconds and the year"


def _macro(text: str) -> Iterator[tuple[str, str]]:
    yield text, ""
    word, _, length = text.partition(" ")
    units = {"d": 24, "day": 24, "days": 24, "w": 168, "week": 168, "weeks": 168, "hour": 1, "hours": 1}
    number = length.strip().rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = length.strip()[len(number) :].strip()
    if word == "@every" and number.isdecimal() and unit in units:
        yield f"@every {int(number) * units[unit]}h", ""


def _right(fields: list[str]) -> list[str]:
    """Five fields, with mistakes corrected that have one meaning: day 7 and full names of days, hour 24, Jenkins' H."""
    minute, hour, day, month, weekday = fields
    minute = "17" if minute == "H" else minute
    hour = {"H": "3", "24": "0"}.get(hour, hour)
    return [minute, hour, day, month, weekdays(weekday)]


def weekdays(field: str) -> str:
    """Return the field of days with 0 for Sunday, and names of three letters."""
    days = []
    for part in field.split(","):
        ends = [next((str(n) for n, day in enumerate(_DAYS) if end.lower() == day), end) for end in part.split("-")]
        part = "-".join(ends)
        part = _SUNDAYS.get(part, part)
        if part[:-1].endswith("-") and part.endswith("7"):  # n-7: to Saturday, and Sunday
            part = f"{part[:-1]}6,0"
        days.append(part)
    return "*" if "*" in days else ",".join(days)


def zone_meant(text: str) -> tuple[str, bool]:
    """Return the time zone that was meant, "" if none is close; and whether only capitals and spaces differ."""
    from difflib import get_close_matches

    from joblint.api.go.zone import names

    zones = {z.lower(): z for z in names()}
    plain = text.strip().lower().replace(" ", "_")
    if plain in zones:
        return zones[plain], True
    if any(c.isdigit() for c in plain):  # an offset, which is not a time zone
        return "", False
    found = get_close_matches(plain, list(zones), 1, 0.75)
    city = [z for low, z in zones.items() if "/" in z and _city(low) == _city(plain)]
    return (zones[found[0]] if found else min(city, key=len) if city else ""), False


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", "").replace("-", "")
