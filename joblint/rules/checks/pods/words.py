"""A text that the checks of this family share: how a Job finishes if its Pods never run; knows subjects."""

from __future__ import annotations

from joblint.base.durations import show_duration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import Subject


def ending(s: Subject) -> str:
    """Return what limits the Job, in a sentence: its deadline, or nothing."""
    deadline = s.spec.get("activeDeadlineSeconds")
    if isinstance(deadline, int):
        return f"The deadline fails the Job after {show_duration(deadline)}."
    if s.kind == "CronJob" and s.cron.get("concurrencyPolicy") == "Forbid":
        return "The Job waits indefinitely, and Forbid blocks later starts."
    return "The Job waits indefinitely (no deadline)."
