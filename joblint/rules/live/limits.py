"""From which durations on something live is reported, and durations in the past as text; knows nothing else."""

from __future__ import annotations

from joblint.controller.prediction.kubectl_get import human_duration

DAY = 86_400.0
PENDING_LONG, RUNNING_LONG, KEPT_LONG, SOON, SUSPENDED_LONG, LATE = 300.0, DAY, DAY, 3600.0, 14 * DAY, 120.0
"""Seconds from which on it is reported: a Pending Pod, a running Job without a deadline, a finished Job that still exists, a
Job that is deleted that soon, a suspended object, a late start."""


def ago(since: float | None, now: float) -> str:
    """Return how long ago something was, as kubectl shortens it."""
    return "an unknown time" if since is None else human_duration(max(0.0, now - since))
