"""How many processes can work at once on this machine."""

from __future__ import annotations

import os

_ALWAYS = 8  # more than anybody may request on any machine


def processors() -> int:
    """Return how many processes can work at once here; 1 if processes cannot be forked."""
    return min(_here(), 8) if hasattr(os, "fork") else 1


def at_most(asked: int) -> int:
    """Return how many processes to create for a requested number: more than four for each processor only cost memory."""
    if asked <= _ALWAYS:
        return asked
    return min(asked, max(_ALWAYS, 4 * _here()))


def _here() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
