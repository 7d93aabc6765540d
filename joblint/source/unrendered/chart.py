"""The chart that a template belongs to: its directory and its values; reads files, each change once."""

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
    """Return the directory of the chart whose `templates` contain a file; "" if there is none."""
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
    """Return the values of a chart: its values.yaml, overridden by those of its parent chart, as in helm. {} if it has none,
    None if they cannot be read."""
    own = _values_in(folder)
    above = _parent(folder)
    given = values_of(above) if above and own is not None else None
    if not given or own is None:
        return own
    shared = given.get("global")
    over = given.get(os.path.basename(folder))
    found = overridden(own, over) if isinstance(over, dict) else own
    return overridden(found, {"global": shared}) if isinstance(shared, dict) else found


def left_out_by(folder: str) -> str:
    """Return the condition that disables the chart, as its parent's Chart.yaml defines it; "" if there is none. Source: helm
    3.22, pkg/chartutil/dependencies.go (processDependencyConditions)."""
    above = _parent(folder)
    if not above:
        return ""
    values = values_of(above)
    for file in (CHART, "requirements.yaml"):
        held = _held_in(os.path.join(above, file))
        for entry in (held or {}).get("dependencies") or () if isinstance(held, dict) else ():
            if isinstance(entry, dict) and os.path.basename(folder) in (entry.get("alias"), entry.get("name")):
                conditions = entry.get("condition")
                for condition in conditions.split(",") if isinstance(conditions, str) else ():
                    value: Any = values
                    for name in condition.strip().split("."):
                        value = value.get(name) if isinstance(value, dict) else None
                    if isinstance(value, bool):
                        if not value:
                            return condition.strip()
                        break
    return left_out_by(above)


def outermost(folder: str) -> str:
    """The chart that a chart is part of, however deep: their definitions are known to all of them."""
    above = _parent(folder)
    return outermost(above) if above else folder


def _parent(folder: str) -> str:
    """The chart in whose `charts` a chart lies; "" for one of its own."""
    above, name = os.path.split(os.path.dirname(folder))
    return (above or ".") if name == "charts" and os.path.isfile(os.path.join(above, CHART)) else ""


def overridden(values: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return values overridden by others, mapping by mapping; a null is kept, since it removes a value of the chart's own."""
    found = dict(values)
    for key, value in over.items():
        held = found.get(key)
        found[key] = overridden(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return found


def _values_in(folder: str) -> dict[str, Any] | None:
    return _held_in(os.path.join(folder, VALUES))


def _held_in(path: str) -> dict[str, Any] | None:
    try:
        info = os.stat(path)
    except OSError:
        return {}
    return None if is_planted(path) else _read(path, info.st_mtime_ns, info.st_size)


@lru_cache(maxsize=24)
def _read(path: str, changed: int, size: int) -> dict[str, Any] | None:
    """The current values of a file; `changed` and `size` identify its state."""
    from joblint.source.reading.load import load

    try:
        value = load(small(path)).value
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else {} if value is None else None
