"""A schedule that matches no time at all."""

from __future__ import annotations

from joblint.base.today import today
from joblint.base.words import listed
from joblint.rules.checks.cronjob.fields import FIELDS, MONTHS, STAR, masks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def schedule_never_starts(s: Subject) -> Iterator[Hit]:
    """No day, hour or minute matches: the controller only creates InvalidSchedule events."""
    rhythm = s.rhythm
    if rhythm is None or rhythm.schedule.every is not None:
        return
    if not (rhythm.every_day and rhythm.minutes) and rhythm.never(today()):
        # A suspended CronJob with such a schedule is a known idiom: a template for `kubectl create job --from`.
        meant = rhythm.schedule.month & ~STAR == 1 << 2 and not rhythm.schedule.dom & STAR
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
    empty = [f[0] for f, mask in zip(FIELDS, masks(s), strict=True) if not mask & ~STAR]
    if empty:
        return f"its {empty[0]} field selects no value"
    months = [n for n in range(1, 13) if found.month >> n & 1]
    days = [n for n in range(1, 32) if found.dom >> n & 1]
    return (
        f"{listed([MONTHS[m] for m in months])} {'has' if len(months) == 1 else 'have'} no day {listed([str(d) for d in days])}"
    )


def _possible(s: Subject) -> str:
    """The schedule with the latest day that all its months have; a field without values becomes `*`."""
    assert s.rhythm is not None
    found, fields = s.rhythm.schedule, s.rhythm.text.split()
    if len(fields) != 5:
        return "0 0 1 * *"
    made = ["*" if not mask & ~STAR else field for field, mask in zip(fields, masks(s), strict=True)]
    if made == fields:
        months = [n for n in range(1, 13) if found.month >> n & 1]
        made[2] = str(min([28 if m == 2 else 30 if m in (4, 6, 9, 11) else 31 for m in months], default=1))
    return " ".join(made)
