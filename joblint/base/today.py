"""Today's date: findings that depend on the time stay the same for a whole day (UTC)."""

from __future__ import annotations

import time


def today() -> int:
    """Return the beginning of the day (UTC), in seconds since 1970."""
    return int(time.time()) // 86400 * 86400
