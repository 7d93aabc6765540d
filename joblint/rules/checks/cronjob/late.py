"""startingDeadlineSeconds: how late a start may be."""

from __future__ import annotations

from joblint.rules.checks.cronjob.period import period_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_TIGHT = 20  # seconds: a lease of the controller manager takes 15 s to expire, and the new leader some time to start


def starting_deadline_zero(s: Subject) -> Iterator[Hit]:
    """startingDeadlineSeconds: 0: every start is too late, and no event reports it (pkg/controller/cronjob)."""
    if s.cron.get("startingDeadlineSeconds") == 0 and s.kind == "CronJob":
        yield s.hit("spec.startingDeadlineSeconds", seconds=_enough(s))


def starting_deadline_short(s: Subject) -> Iterator[Hit]:
    """startingDeadlineSeconds below 10, which the documentation warns about: a busy controller misses starts. Info up to
    the time that a new leader takes to start."""
    seconds = s.cron.get("startingDeadlineSeconds")
    if isinstance(seconds, int) and (0 < seconds < 10 or 10 <= seconds <= _TIGHT < _enough(s)):
        severity, confidence = ("", "") if seconds < 10 else ("info", "hint")
        yield s.hit("spec.startingDeadlineSeconds", seconds=seconds, enough=_enough(s), severity=severity, confidence=confidence)


def _enough(s: Subject) -> int:
    """A deadline for late starts of a few minutes, below the period, in seconds."""
    period = period_of(s)
    return min(200, max(10, period // 2)) if period else 200
