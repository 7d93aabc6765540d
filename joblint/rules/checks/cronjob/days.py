"""Days and minutes that a schedule matches more or less often than its author meant."""

from __future__ import annotations

from joblint.base.today import today
from joblint.base.words import listed
from joblint.rules.checks.cronjob.fields import MONTHS, STAR, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def both_day_fields(s: Subject) -> Iterator[Hit]:
    """Day of month and day of week both restricted: either is enough."""
    rhythm = s.rhythm
    if rhythm is None or rhythm.schedule.every is not None or (rhythm.schedule.dom | rhythm.schedule.dow) & STAR:
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
            dom=f"day {fields[-3]}" if fields[-3].isdecimal() else f"days {fields[-3]}",
            dow=spoken(4, [d for d in range(7) if rhythm.schedule.dow >> d & 1]),
            days=len(days),
            starts=f" ({len(days) * times} starts)" if times > 1 else "",
            both=f"only {both} match{'es' if both == 1 else ''}" if both else "none match",
            instead=" ".join([*fields[:-3], "*", *fields[-2:]]),
            test=only_on([d for d in range(1, 32) if rhythm.schedule.dom >> d & 1]),
            severity="info" if s.cron.get("suspend") is True else "",  # it is started by hand
            label="either is enough",
        )


def day_missing_in_months(s: Subject) -> Iterator[Hit]:
    """Day 29, 30 or 31 alone: months without that day are skipped."""
    rhythm = s.rhythm
    if rhythm is None or rhythm.schedule.every is not None or rhythm.schedule.dom & STAR or not rhythm.schedule.dow & STAR:
        return
    days = [d for d in range(1, 32) if rhythm.schedule.dom >> d & 1]
    if not days or days[0] < 29 or "/" in rhythm.text.split()[-3]:
        return
    lengths = (31, 29 if days[0] == 29 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    months = [m for m in range(1, 13) if rhythm.schedule.month >> m & 1]
    missing = [MONTHS[m] for m in months if lengths[m - 1] < days[0]]
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
    if rhythm is None or not rhythm.schedule.minute & STAR or rhythm.schedule.every is not None:
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
