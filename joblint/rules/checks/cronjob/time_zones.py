"""The clock that a schedule follows: no time zone, and daylight saving time."""

from __future__ import annotations

from joblint.base.today import today
from joblint.rules.checks.cronjob.fields import DAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.controller.cron.rhythm import ClockChange
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_SOON = 6 * 3600
"""Seconds: if the next start follows this soon, a start that is skipped on one day a year rarely matters."""


def time_zone_not_set(s: Subject) -> Iterator[Hit]:
    """The hour matters and no time zone is set."""
    rhythm = s.rhythm
    if rhythm is None or s.cron.get("timeZone") or rhythm.schedule.zone is not None or rhythm.every_hour:
        return
    minutes = rhythm.minutes
    if minutes:
        first = minutes[0]
        yield s.hit("spec.schedule", clock=f"{first // 60:02d}:{first % 60:02d}", schedule=rhythm.text)


def daylight_saving_gap(s: Subject) -> Iterator[Hit]:
    """Daylight saving time begins and skips a start."""
    changes = _changes(s)
    for change in changes:
        if change.after > change.before:
            following = "" if change.following is None else f"; next: {_when(s, change.following)}"
            again = next((c for c in changes if c.after < c.before and len(c.made) > c.starts), None)
            if again is not None:
                same = "that start occurs" if change.starts == 1 else "those starts occur"
                following = f"; on {_date(again.at + again.before).partition(' ')[2]} {same} twice"
            soon = change.following is not None and change.following - change.at <= _SOON
            yield s.hit(
                "spec.schedule",
                **_told(s, change),
                following=following,
                label="skipped on one day a year",
                severity="info" if soon else "",
                confidence="hint" if soon else "",
            )
            return


def daylight_saving_overlap(s: Subject) -> Iterator[Hit]:
    """Daylight saving time ends and repeats an hour with a start. If the same start is skipped in spring, that finding is
    enough: one cause, one finding."""
    changes = _changes(s)
    if any(c.after > c.before for c in changes):
        return
    for change in changes:
        if change.after < change.before and len(change.made) > change.starts:
            times = "twice" if len(change.made) == 2 * change.starts else f"{len(change.made)} times instead of {change.starts}"
            first = ", ".join([_utc(at) for at in change.made[:2]]) if change.starts == 1 else _utc(change.made[0]) + " …"
            yield s.hit("spec.schedule", **_told(s, change), times=times, utc=first, label="twice on one day a year")
            return


def _changes(s: Subject) -> tuple[ClockChange, ...]:
    rhythm = s.rhythm
    if rhythm is None or rhythm.every_hour or s.cron.get("timeZone") in (None, "UTC", "Etc/UTC"):
        return ()
    now = today()
    return rhythm.clock_changes(now, now + 366 * 86400)


def _told(s: Subject, change: ClockChange) -> dict[str, Any]:
    begin, end = change.at + change.before, change.at + change.after
    what = f"the start at {_clock(change.clock)}"
    if change.starts > 1:
        what = f"the {change.starts} starts from {_clock(change.clock)}"
    fields = str(s.cron.get("schedule")).split()
    day = fields[2:] if len(fields) == 5 else ["*", "*", "*"]
    return {
        "zone": s.cron.get("timeZone"),
        "day": _date(begin),
        "begin": _clock(begin),
        "end": _clock(end),
        "what": what,
        "verb": "happens" if change.starts == 1 else "happen",
        "do": "is" if change.starts == 1 else "are",
        "safe": " ".join([str(change.clock // 60 % 60), "4", *day]),
    }


def _clock(seconds: int) -> str:
    return f"{seconds % 86400 // 3600:02d}:{seconds % 3600 // 60:02d}"


def _date(seconds: int) -> str:
    from joblint.api.go.civil import date_of, weekday_of

    number = seconds // 86400
    year, month, day = date_of(number)
    return f"{DAYS[weekday_of(number)]} {year}-{month:02d}-{day:02d}"


def _when(s: Subject, at: int) -> str:
    assert s.rhythm is not None
    shown = at + s.rhythm.zone.offset(at)
    return f"{_date(shown)} at {_clock(shown)}"


def _utc(at: int) -> str:
    return f"{_clock(at)} UTC"
