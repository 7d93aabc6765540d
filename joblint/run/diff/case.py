"""One object of a comparison, what happens to it, and everything that its effects are derived from; knows nothing about
formats.
"""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.tools import Way
    from joblint.api.verdict import ApiError
    from joblint.run.diff.changes import Options
    from joblint.run.diff.state import State


class Case(Record):
    """One object and what happens to it.

    `live` and `merged` are the object before and after, as the server stores it; None if it does not exist. `as_new` are the
    errors of NEW as a create. `exported`: `live` comes from a cluster. `guessed`: the owners of its fields are unknown.
    `unapplied`: kubectl's client-side apply did not create the live object. `later`: kubectl cannot remove what NEW omits.
    """

    kind: str
    outcome: str
    new: dict[str, Any]
    live: dict[str, Any] | None
    merged: dict[str, Any] | None
    errors: tuple[ApiError, ...]
    as_new: tuple[ApiError, ...]
    state: State
    way: Way
    options: Options
    namespace: str
    exported: bool = False
    guessed: bool = False
    unapplied: bool = False
    later: tuple[ApiError, ...] = ()


def spec_of(value: dict[str, Any] | None) -> dict[str, Any]:
    """Return the spec of an object, {} if it has none."""
    spec = value.get("spec") if value is not None else None
    return spec if isinstance(spec, dict) else {}
