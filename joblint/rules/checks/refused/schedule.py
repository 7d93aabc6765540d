"""Schedules and time zones that the API server rejects, explained in the terms of cron."""

from __future__ import annotations

from joblint.base.words import count
from joblint.rules.finding import Hit
from joblint.rules.subject import sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject


_DAYS_AND_SLIPS = (
    ("@reboot", "@reboot is not supported; to run once, use a Job."),
    ("@every", "@every needs a duration such as 90m or 1h30m."),
    ("L", "L (last day) is not supported."),
    ("W", "W (nearest weekday) is not supported."),
    ("#", "# (nth weekday) is not supported."),
    ("H", "H (Jenkins hash) is not supported."),
)


def schedule_malformed(s: Subject, error: ApiError) -> Hit:
    """Explains what is wrong with the expression."""
    value = s.object.get("spec", {}).get("schedule") if isinstance(s.object.get("spec"), dict) else None
    from joblint.rules.refusals.schedules import advised

    advice = advised(s, str(value or ""))
    if not value:
        return Hit("spec.schedule", {"value": "", "hint": "a schedule is required.", "advice": advice})
    text = str(value)
    fields = text.split()
    says = error.detail.rpartition('": ')[2] or error.message
    hint = says + "."
    if text.startswith("@"):
        hint = next(
            (h for mark, h in _DAYS_AND_SLIPS if text.startswith(mark)),
            "the only macros are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly and @every.",
        )
    elif len(fields) != 5:
        hint = f"{count(len(fields), 'field')} instead of 5 (minute, hour, day of month, month, day of week)."
        if len(fields) == 6:
            hint = "6 fields instead of 5; seconds and years are not supported."
    elif "7" in fields[4].replace("/7", "").replace(",", "-").split("-"):
        hint = "the day of the week is 0 (Sunday) to 6; write 0 for Sunday, not 7."
    else:
        for mark, words in _DAYS_AND_SLIPS[2:]:
            if any(
                mark in f.upper().replace("JUL", "").replace("WED", "").replace("THU", "").replace("MARCH", "") for f in fields
            ):
                hint = words
                break
    return Hit("spec.schedule", {"value": value, "hint": hint, "advice": advice})


def time_zone_unknown(s: Subject, error: ApiError) -> Hit:
    """Shows the time zone that was probably meant, if one is close."""
    from joblint.rules.refusals.schedules import zone_meant

    value = sent_value(s.object, "spec.timeZone")
    hint = error.detail or error.message
    near = zone_meant(value)[0] if isinstance(value, str) and value else ""
    advice = f"timeZone: {near}" if near else "timeZone: Etc/UTC    or a city's zone, such as Europe/Berlin"
    values = {"value": value, "hint": f'not an IANA time zone; did you mean "{near}"?' if near else f"{hint}.", "advice": advice}
    return Hit("spec.timeZone", values, label=f"{near}?" if near else "")
