"""Schedules and time zones that are refused, in the words of somebody who writes them."""

from __future__ import annotations

from joblint.base.words import count
from joblint.rules.finding import Hit
from joblint.rules.subject import sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject


_DAYS_AND_SLIPS = (
    ("@reboot", "there is no @reboot; a Job of its own runs once."),
    ("@every", "@every takes a duration such as 90m or 1h30m."),
    ("L", "L (last day) is not known here."),
    ("W", "W (nearest weekday) is not known here."),
    ("#", "# (nth weekday) is not known here."),
    ("H", "H (Jenkins' hash) is not known here."),
)


def schedule_malformed(s: Subject, error: ApiError) -> Hit:
    """Says what is wrong with the expression in the words of somebody who writes one."""
    value = s.object.get("spec", {}).get("schedule") if isinstance(s.object.get("spec"), dict) else None
    if not value:
        return Hit("spec.schedule", {"value": "", "hint": "it is required."})
    text = str(value)
    fields = text.split()
    says = error.detail.rpartition('": ')[2] or error.message
    hint = says + "."
    if text.startswith("@"):
        hint = next(
            (h for mark, h in _DAYS_AND_SLIPS if text.startswith(mark)),
            "of the words only @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly and @every are known.",
        )
    elif len(fields) != 5:
        hint = f"it has {count(len(fields), 'field')}; five are wanted: minute, hour, day of month, month, day of week."
        if len(fields) == 6:
            hint += " There are no seconds here, and no years."
    elif "7" in fields[4].replace("/7", "").replace(",", "-").split("-"):
        hint = "the day of the week goes from 0 (Sunday) to 6; write 0 for Sunday, 7 is no day here."
    else:
        for mark, words in _DAYS_AND_SLIPS[2:]:
            if any(
                mark in f.upper().replace("JUL", "").replace("WED", "").replace("THU", "").replace("MARCH", "") for f in fields
            ):
                hint = words
                break
    return Hit("spec.schedule", {"value": value, "hint": hint})


def time_zone_unknown(s: Subject, error: ApiError) -> Hit:
    """Names the zone that was meant, where one is near."""
    value = sent_value(s.object, "spec.timeZone")
    hint = error.detail or error.message
    near = ""
    if isinstance(value, str) and value:
        from difflib import get_close_matches

        from joblint.api.go.zone import names

        zones = {z.lower(): z for z in names()}
        plain = value.strip().lower().replace(" ", "_")
        found = get_close_matches(plain, list(zones), 1, 0.75)
        city = [z for low, z in zones.items() if low.rpartition("/")[2] == plain.rpartition("/")[2] and "/" in z]
        near = zones.get(plain) or (zones[found[0]] if found else min(city, key=len) if city else "")
    return Hit("spec.timeZone", {"value": value, "hint": f"{near} is meant?" if near else hint}, label=f"{near}?" if near else "")
