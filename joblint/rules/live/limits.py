"""How long is long: when something live is told of, and how long ago is said."""

from __future__ import annotations

from joblint.controller.prediction.kubectl_get import human_duration

DAY = 86_400.0
PENDING_LONG, RUNNING_LONG, KEPT_LONG, SOON, SUSPENDED_LONG, LATE = 300.0, DAY, DAY, 3600.0, 14 * DAY, 120.0
"""Seconds: a Pod that is Pending for so long is told of, a Job without a deadline that runs for so long, a finished one that has
been there for so long, one that is deleted so soon, what has been suspended for so long, a start that is so late."""


def ago(since: float | None, now: float) -> str:
    """How long ago something was, as kubectl shortens it."""
    return "an unknown time" if since is None else human_duration(max(0.0, now - since))
