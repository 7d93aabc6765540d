"""Which fields of a Job's template an update changes, in words; knows two objects, no format."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_SHOWN = 2
"""This many changed fields are listed."""

_LONGEST = 60
"""Longer values are not shown."""


def changed_fields(live: Any, merged: Any, path: str) -> str:
    """Return the fields that differ between a live object and the one that the update would store, each with both values:
    `spec.a: 1 → 2`; "" if there are none. `path` is the field path of both values."""
    found = list(_changes(live, merged, path))
    more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more


def _changes(live: Any, merged: Any, path: str) -> Iterator[str]:
    if isinstance(live, dict) and isinstance(merged, dict):
        for key in dict.fromkeys([*live, *merged]):
            yield from _changes(live.get(key), merged.get(key), f"{path}.{key}")
    elif isinstance(live, list) and isinstance(merged, list) and len(live) == len(merged):
        for n, (before, after) in enumerate(zip(live, merged, strict=True)):
            yield from _changes(before, after, f"{path}[{n}]")
    elif live != merged:
        before, after = _value(live), _value(merged)
        yield f"{path}: {before} → {after}" if before and after else path


def _value(value: Any) -> str:
    """A short value as text, "" for one that is not shown."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if isinstance(value, (int, float, str)) else ""
    return text if len(text) <= _LONGEST and "\n" not in text else ""
