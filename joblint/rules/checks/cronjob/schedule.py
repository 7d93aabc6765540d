"""Schedules that do not do what they seem to mean: gaps, days, hours, daylight saving time."""

from __future__ import annotations

from joblint.base.today import today
from joblint.base.words import count, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.controller.cron.rhythm import ClockChange
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_STAR = 1 << 63
_FIELDS = (  # name, least, greatest, values in a cycle (0: it varies), what one value is
    ("minute", 0, 59, 60, "minute"),
    ("hour", 0, 23, 24, "hour"),
    ("day-of-month", 1, 31, 0, "day"),
    ("month", 1, 12, 12, "month"),
    ("day-of-week", 0, 6, 7, "day"),
)
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def schedule_never_starts(s: Subject) -> Iterator[Hit]:
    """No day, hour or minute matches: the controller only creates InvalidSchedule events."""
    rhythm = s.rhythm
    if rhythm is None or rhythm.schedule.every is not None:
        return
    if not (rhythm.every_day and rhythm.minutes) and rhythm.never(today()):
        # A suspended CronJob with such a schedule is a known idiom: a template for `kubectl create job --from`.
        meant = rhythm.schedule.month & ~_STAR == 1 << 2 and not rhythm.schedule.dom & _STAR
        idle = s.cron.get("suspend") is True or meant and s.document.asked(_says_so)
        yield s.hit(
            "spec.schedule",
            schedule=rhythm.text,
            because=_why_never(s),
            possible=_possible(s),
            severity="info" if idle else "warning" if meant else "",
            advice="\nsuspend: true    if it is only started by hand (kubectl create job --from)" if meant and not idle else "",
        )


def _says_so(text: str) -> bool:
    """Whether a comment at the schedule, or above it, says that it never starts: `schedule: "0 0 31 2 *" # disabled`."""
    lines = text.split("\n")
    notes = [line.partition("#")[2] for line in lines if "schedule:" in line and "#" in line]
    notes += [above for above, line in zip(lines, lines[1:], strict=False) if "schedule:" in line and above.lstrip()[:1] == "#"]
    words = ("disabled", "never", "manual", "by hand", "on demand", "invalid", "impossible", "not run", "does not exist")
    return any(word in note.lower() for note in notes for word in words)


def _why_never(s: Subject) -> str:
    assert s.rhythm is not None
    found = s.rhythm.schedule
    empty = [f[0] for f, mask in zip(_FIELDS, _masks(s), strict=True) if not mask & ~_STAR]
    if empty:
        return f"its {empty[0]} field selects no value"
    months = [n for n in range(1, 13) if found.month >> n & 1]
    days = [n for n in range(1, 32) if found.dom >> n & 1]
    return (
        f"{listed([_MONTHS[m] for m in months])} {'has' if len(months) == 1 else 'have'} no day {listed([str(d) for d in days])}"
    )


def _possible(s: Subject) -> str:
    """The schedule with the latest day that all its months have; a field without values becomes `*`."""
    assert s.rhythm is not None
    found, fields = s.rhythm.schedule, s.rhythm.text.split()
    if len(fields) != 5:
        return "0 0 1 * *"
    made = ["*" if not mask & ~_STAR else field for field, mask in zip(fields, _masks(s), strict=True)]
    if made == fields:
        months = [n for n in range(1, 13) if found.month >> n & 1]
        made[2] = str(min([28 if m == 2 else 30 if m in (4, 6, 9, 11) else 31 for m in months], default=1))
    return " ".join(made)


def _masks(s: Subject) -> tuple[int, int, int, int, int]:
    assert s.rhythm is not None
    found = s.rhythm.schedule
    return found.minute, found.hour, found.dom, found.month, found.dow


def uneven_steps(s: Subject) -> Iterator[Hit]:
    """A step that does not divide its field: the last gap of each cycle has a different length."""
    text = s.cron.get("schedule")
    if not isinstance(text, str) or "/" not in text or s.rhythm is None:
        return
    for n, written, step, values in _steps(s, text):
        name, low, _, around, unit = _FIELDS[n]
        if len(values) < 2:
            continue
        last: tuple[int, ...]
        if around:
            last = (around - values[-1] + values[0],)
        else:
            last = tuple(sorted({length - max(v for v in values if v <= length) + low for length in (28, 29, 30, 31)}))
        if last == (step,) or (n == 0 and not _next_to_another(s.rhythm.schedule.hour, 24)):
            continue
        gaps = " or ".join([str(g) for g in last]) if len(last) < 3 else f"{last[0]} to {last[-1]}"
        yield s.hit(
            "spec.schedule",
            written=written,
            name=name,
            values=_at(n, values),
            step=count(step, unit),
            last=f"{gaps} {unit}{'' if gaps == '1' else 's'}",
            first=_at(n, values[:1]),
            advice=_even(n, step, text),
            severity="info" if around and 2 * last[0] > step else "",
            label=f"{step}, then {gaps} {unit}{'' if gaps == '1' else 's'}",
        )


def _steps(s: Subject, text: str) -> Iterator[tuple[int, str, int, list[int]]]:
    """Fields of one part with a step above 1 up to the field's end: number, text, step, values."""
    fields = text.split()
    if len(fields) != 5:
        return
    for n, field in enumerate(fields):
        span, slash, step = field.partition("/")
        if not slash or "," in field or not step.isdigit() or len(step) > 9 or int(step) < 2:
            continue
        _, low, high, _, _ = _FIELDS[n]
        if "-" in span and span[:1] not in ("*", "?") and span.partition("-")[2] != str(high):
            continue
        mask = _masks(s)[n]
        yield n, field, int(step), [v for v in range(low, high + 1) if mask >> v & 1]


def _next_to_another(mask: int, size: int) -> bool:
    mask &= (1 << size) - 1
    return bool(mask & (mask >> 1)) or bool(mask & 1 and mask >> (size - 1) & 1)


def _at(n: int, values: list[int]) -> str:
    """When a field matches: `at :00 and :45`, `on day 1`, `in Jan and Jul`, `on Sunday`."""
    return f"{('at', 'at', 'on day', 'in', 'on')[n]} {_spoken(n, values)}"


def _spoken(n: int, values: list[int]) -> str:
    shown = values if len(values) < 7 else [*values[:3], *values[-2:]]
    words = [
        f":{v:02d}" if n == 0 else f"{v}:00" if n == 1 else _MONTHS[v] if n == 3 else _DAYS[v] if n == 4 else str(v)
        for v in shown
    ]
    if len(values) >= 7:
        words.insert(3, "…")
    return listed(words)


def _even(n: int, step: int, text: str) -> str:
    around = _FIELDS[n][3]
    rest = text.split()
    if n in (0, 1, 3):
        near = [d for d in range(1, around) if around % d == 0]
        below, above = [d for d in near if d < step], [d for d in near if d > step]
        lines = []
        for divisor in below[-1:] + above[:1]:
            fields = [*rest[:n], f"*/{divisor}" if divisor > 1 else "*", *rest[n + 1 :]]
            lines.append(f'schedule: "{" ".join(fields)}"')
        if n < 2:
            lines.append(f'schedule: "@every {step}{"mh"[n]}"    counts from the last start, not by the clock')
        return "\n".join(lines)
    if n == 2 and step % 7 == 0:
        return f'schedule: "{rest[0]} {rest[1]} * * 0"    once a week; or @every {24 * step}h, which counts from the last start'
    return f'schedule: "@every {24 * step}h"    counts from the last start; or list the days: 1,8,15,22'


def step_beyond_range(s: Subject) -> Iterator[Hit]:
    """A step larger than its field leaves one value: `*/90` is once an hour."""
    text = s.cron.get("schedule")
    if not isinstance(text, str) or "/" not in text or s.rhythm is None:
        return
    for n, written, step, values in _steps(s, text):
        if len(values) != 1:
            continue
        name, _, high, around, unit = _FIELDS[n]
        once = ("once an hour", "once a day", "once a month", "once a year", "once a week")[n]
        exact = step == (around or high)
        rest = text.split()
        advice = f'schedule: "{" ".join([*rest[:n], str(values[0]), *rest[n + 1 :]])}"    the same starts, written explicitly'
        if not exact and n < 2:
            advice += f'\nschedule: "@every {step}{"mh"[n]}"    every {step} {unit}s, counted from the last start'
            if n == 0 and step % 60 == 0:
                advice += f'\nschedule: "0 */{step // 60} {" ".join(rest[2:])}"'
        yield s.hit(
            "spec.schedule",
            written=written,
            name=name,
            once=f"{once}, {_at(n, values)}",
            step=count(step, unit),
            advice=advice,
            severity="info" if exact else "",
            label=once,
        )


def both_day_fields(s: Subject) -> Iterator[Hit]:
    """Day of month and day of week both restricted: either is enough."""
    rhythm = s.rhythm
    if rhythm is None or rhythm.schedule.every is not None or (rhythm.schedule.dom | rhythm.schedule.dow) & _STAR:
        return
    from joblint.api.go.civil import date_of, weekday_of
    from joblint.rules.checks.cronjob.date_tests import only_on

    now = today()
    days = rhythm.days(now)
    days = tuple([d for d in days if d < days[0] + 365])
    both = 0
    for day in days:
        both += rhythm.schedule.dom >> date_of(day)[2] & 1 and rhythm.schedule.dow >> weekday_of(day) & 1
    fields = rhythm.text.split()
    times = len(rhythm.minutes)
    if days and times:
        yield s.hit(
            "spec.schedule",
            dom=fields[-3],
            dow=_spoken(4, [d for d in range(7) if rhythm.schedule.dow >> d & 1]),
            days=len(days),
            starts=len(days) * times,
            both=f"only {both} match" if both else "none match",
            instead=" ".join([*fields[:-3], "*", *fields[-2:]]),
            test=only_on([d for d in range(1, 32) if rhythm.schedule.dom >> d & 1]),
            severity="info" if s.cron.get("suspend") is True else "",  # it is started by hand
            label="either is enough",
        )


def day_missing_in_months(s: Subject) -> Iterator[Hit]:
    """Day 29, 30 or 31 alone: months without that day are skipped."""
    rhythm = s.rhythm
    if rhythm is None or rhythm.schedule.every is not None or rhythm.schedule.dom & _STAR or not rhythm.schedule.dow & _STAR:
        return
    days = [d for d in range(1, 32) if rhythm.schedule.dom >> d & 1]
    if not days or days[0] < 29 or "/" in rhythm.text.split()[-3]:
        return
    lengths = (31, 29 if days[0] == 29 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    months = [m for m in range(1, 13) if rhythm.schedule.month >> m & 1]
    missing = [_MONTHS[m] for m in months if lengths[m - 1] < days[0]]
    if days[0] == 29 and 2 in months:
        missing = ["Feb (except in leap years)"]
    if not missing or len(missing) == len(months):
        return
    ordinary = (31, 28, *lengths[2:])
    starts = len(rhythm.minutes) * sum([d <= ordinary[m - 1] for m in months for d in days])
    yield s.hit(
        "spec.schedule",
        day=days[0],
        missing=f"{listed(missing)} {'has' if len(missing) == 1 else 'have'}",
        then="that month" if len(missing) == 1 else "those months",
        left="1 start a year remains" if starts == 1 else f"{starts} starts a year remain",
        severity="info" if days[0] == 29 else "",
        rest=" ".join(rhythm.text.split()[:2]),
    )


def every_minute_of_the_hour(s: Subject) -> Iterator[Hit]:
    """`* 3 * * *`: a restricted hour or day with an unrestricted minute."""
    rhythm = s.rhythm
    if rhythm is None or not rhythm.schedule.minute & _STAR or rhythm.schedule.every is not None:
        return
    fields = rhythm.text.split()
    if len(fields) != 5:
        return
    hour = fields[1]
    if hour not in ("*", "?", "*/1"):
        if "-" in hour and "/" not in hour:
            return  # every minute of some hours: set on purpose
        better = " ".join(["0", *fields[1:]])
        several = len(rhythm.minutes) > 60
        once = f"the hours that match {hour}" if several else f"the hour that begins at {rhythm.minutes[0] // 60}:00"
        instead = "once in each of them" if several else "once a day"
    else:
        whole = [f for f in fields[2:] if f not in ("*", "?", "*/1")]
        if not whole or any("-" in f for f in whole):
            return
        better = " ".join(["0", "0", *fields[2:]])
        once, instead = "each matching day", "once on each of them"
    starts = len(rhythm.minutes)
    yield s.hit("spec.schedule", starts=starts, once=once, better=better, instead=instead, label=f"{starts} starts a day")


def time_zone_not_set(s: Subject) -> Iterator[Hit]:
    """The hour matters and no time zone is set."""
    rhythm = s.rhythm
    if rhythm is None or s.cron.get("timeZone") or rhythm.schedule.zone is not None or rhythm.every_hour:
        return
    minutes = rhythm.minutes
    if minutes:
        first = minutes[0]
        yield s.hit("spec.schedule", clock=f"{first // 60:02d}:{first % 60:02d}", schedule=rhythm.text)


_SOON = 6 * 3600
"""Seconds: if the next start follows this soon, a start that is skipped on one day a year rarely matters."""


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
    return f"{_DAYS[weekday_of(number)]} {year}-{month:02d}-{day:02d}"


def _when(s: Subject, at: int) -> str:
    assert s.rhythm is not None
    shown = at + s.rhythm.zone.offset(at)
    return f"{_date(shown)} at {_clock(shown)}"


def _utc(at: int) -> str:
    return f"{_clock(at)} UTC"


def every_below_a_minute(s: Subject) -> Iterator[Hit]:
    """`@every` shorter than a minute: Job names count minutes, so two starts within a minute have the same name."""
    rhythm = s.rhythm
    if rhythm is None or rhythm.schedule.every is None or rhythm.schedule.every >= 60:
        return
    every = rhythm.schedule.every
    written = rhythm.text.partition(" ")[2].strip()
    fraction = (
        "." in written or "ms" in written or "us" in written or "ns" in written or "-" in written or written.strip("0") in "smh"
    )
    note = f"{written} counts as {every}s. " if fraction else ""
    yield s.hit("spec.schedule", every=every, note=note, tries=-(-60 // every), label="at most one Job a minute")


def every_counts_from_creation(s: Subject) -> Iterator[Hit]:
    """`@every` of an hour or more: the time of day is undefined."""
    rhythm = s.rhythm
    if rhythm is None or rhythm.schedule.every is None or rhythm.schedule.every < 3600:
        return
    every = rhythm.schedule.every
    zone = " timeZone has no effect on it." if s.cron.get("timeZone") else ""
    better = "0 0 * * *" if every == 86400 else "0 * * * *" if every == 3600 else f"0 */{every // 3600} * * *"
    exact = every % 3600 == 0 and every // 3600 in (1, 2, 3, 4, 6, 8, 12, 24)
    advice = f'schedule: "{better}"    by the clock' if exact else "Keep it if only the interval matters, not the time of day."
    said = str(s.cron.get("schedule")).strip().removeprefix("@every").strip()  # 48h must not be shown as 2d
    yield s.hit("spec.schedule", every=said, zone=zone, advice=advice)
