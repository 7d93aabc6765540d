"""What day it is: findings that depend on the time are the same for a whole day (UTC)."""

from __future__ import annotations


def today() -> int:
    """The beginning of the day, in seconds since 1970."""
    from time import time

    return int(time()) // 86400 * 86400
