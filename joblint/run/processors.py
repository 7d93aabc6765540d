"""How many processes can work at once on this machine."""

from __future__ import annotations

import os

_ALWAYS = 8  # more than anybody may request on any machine


def processors() -> int:
    """Return how many processes can work at once here; 1 if processes cannot be forked."""
    if not hasattr(os, "fork"):
        return 1
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), 8)
    return min(os.cpu_count() or 1, 8)


def at_most(asked: int) -> int:
    """Return how many processes to create for a requested number: more than four for each processor only cost memory."""
    if asked <= _ALWAYS:
        return asked
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(asked, max(_ALWAYS, 4 * here))
