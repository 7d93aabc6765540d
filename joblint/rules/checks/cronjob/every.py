"""`@every` intervals: shorter than a minute, or counted from the creation."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


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
