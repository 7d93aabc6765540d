"""The chart that a template belongs to: its folder and the values that it comes with; looks at files, each change once."""

from __future__ import annotations

import os
from functools import lru_cache

from joblint.base.above import is_planted
from joblint.base.content import small

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CHART, VALUES = "Chart.yaml", "values.yaml"
_ABOVE = 6
"""Folders above a template's own that are looked into for the chart."""


def chart_of(path: str) -> str:
    """The folder of the chart in whose `templates` a file lies; "" where it lies in none."""
    if not path or path.startswith("<"):
        return ""
    folder = os.path.dirname(os.path.abspath(path))
    for _ in range(_ABOVE):
        above, name = os.path.split(folder)
        if name == "templates" and os.path.isfile(os.path.join(above, CHART)):
            return above
        if above == folder:
            break
        folder = above
    return ""


def values_of(folder: str) -> dict[str, Any] | None:
    """The values in a chart's values.yaml; {} where it has none, None where they cannot be read."""
    path = os.path.join(folder, VALUES)
    try:
        info = os.stat(path)
    except OSError:
        return {}
    return None if is_planted(path) else _read(path, info.st_mtime_ns, info.st_size)


@lru_cache(maxsize=8)
def _read(path: str, changed: int, size: int) -> dict[str, Any] | None:
    """The values of a file as it is now; `changed` and `size` say which state of it."""
    from joblint.source.reading.load import load

    try:
        value = load(small(path)).value
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else {} if value is None else None
