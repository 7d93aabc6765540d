"""Comments at a schedule that contradict it."""

from __future__ import annotations

from joblint.rules.checks.cronjob.period import distance, longest_of, period_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNITS = {"minute": _MINUTE, "min": _MINUTE, "hour": _HOUR, "hr": _HOUR, "day": _DAY, "night": _DAY, "week": 7 * _DAY}
_UNITS |= {"month": 28 * _DAY, "hourly": _HOUR, "daily": _DAY, "nightly": _DAY, "weekly": 7 * _DAY, "monthly": 28 * _DAY}
_LONGER = {_DAY: "* * *", 7 * _DAY: "* * 0", 28 * _DAY: "1 * *"}
_UNSURE = (
    "*",
    "$",
    "{",
    "e.g",
    "was ",
    "default",
    "test",
    "debug",
    "instead",
    "not ",
    "todo",
    "dev",
    "prod",
    " if ",
    "during",
    "between",
)


def schedule_contradicts_comment(s: Subject) -> Iterator[Hit]:
    """`*/5 * * * *` with the comment "every hour", on the same line or above: more than twice as often, or half."""
    if not period_of(s):
        return
    found = _said(s)
    if found is None:
        return
    said, seconds = found
    if period_of(s) * 2 > seconds and longest_of(s) < seconds * 2:
        return
    if longest_of(s) >= seconds * 2 and period_of(s) <= seconds:
        return  # so often, but only on some days or in some hours
    text = str(s.cron.get("schedule"))
    yield s.hit("spec.schedule", said=said, schedule=text, starts=distance(s), advice=_advice(text, seconds))


def _said(s: Subject) -> tuple[str, int] | None:
    """What a comment on the schedule's line or on the line above says, in words and seconds; None if it is not clear."""
    line = s.document.span(s.prefix + "spec.schedule").line
    own = s.document.source_line(line) or ""
    before, above = [(s.document.source_line(line - n) or "").strip() for n in (2, 1)]
    alone = above.startswith("#") and not before.startswith("#")  # a longer text is about more than the schedule
    notes = [own.partition(" #")[2], above[1:] if alone else ""]
    if not any(notes):
        return None
    import re  # here, because few schedules have a comment

    every = re.compile(r"\b(?:every|each) (?:(\d{1,2}) ?)?(minute|min|hour|hr|day|night|week|month)s?\b")
    once = re.compile(r"\b(hourly|daily|nightly|weekly|monthly)\b")
    for note in notes:
        low = note.lower()
        if not low or any(word in low for word in _UNSURE):
            continue
        periods = [(m[0], int(m[1] or 1) * _UNITS[m[2]]) for m in every.finditer(low)]
        periods += [(m[0], _UNITS[m[1]]) for m in once.finditer(low)]
        if len({seconds for _, seconds in periods}) == 1 and periods[0][1]:
            return periods[0]
    return None


def _advice(text: str, seconds: int) -> str:
    """What to type: a schedule with the period of the comment, and the minute and the hour of the one that is there. A period
    that cron cannot express, such as every 45 minutes or every 2 days, leaves only the comment."""
    fields = text.split()
    minute, hour = [f if f.isdecimal() else "0" for f in fields[:2]] if len(fields) == 5 else ("0", "0")
    minutes, hours = seconds // _MINUTE, seconds // _HOUR
    schedule = ""
    if minutes < 60 and not 60 % minutes:
        schedule = f"*/{minutes} * * * *" if minutes > 1 else "* * * * *"
    elif hours < 24 and not seconds % _HOUR and hours and not 24 % hours:
        schedule = f"{minute} */{hours} * * *" if hours > 1 else f"{minute} * * * *"
    elif seconds in _LONGER:
        schedule = f"{minute} {hour} {_LONGER[seconds]}"
    return f'schedule: "{schedule}"    or correct the comment' if schedule else "Correct the comment, or the schedule."
