"""The status of an exported Job or CronJob: whether it is finished, and since when; knows JSON data, no schema."""

from __future__ import annotations

from joblint.api.go.civil import epoch_of
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class State(Record):
    """The status of a live object, if it has one. Times are in seconds since the epoch.

    `finished` is "Complete" or "Failed", None while it is not finished; `known` says whether there is a status at all.
    """

    known: bool
    finished: str | None
    finished_at: int | None
    started_at: int | None
    failed: int
    active: int


def state_of(live: dict[str, Any] | None) -> State:
    """Return the state of a live object. Without a status, nothing is known."""
    status = live.get("status") if live is not None else None
    if not isinstance(status, dict) or not status:
        return State(False, None, None, None, 0, 0)
    finished = None
    conditions = status.get("conditions")
    for condition in conditions if isinstance(conditions, list) else ():
        if isinstance(condition, dict) and condition.get("type") in ("Complete", "Failed") and condition.get("status") == "True":
            finished = condition
    return State(
        True,
        str(finished["type"]) if finished else None,
        _time(finished.get("lastTransitionTime")) if finished else None,
        _time(status.get("startTime")),
        _number(status.get("failed")),
        _number(status.get("active")),
    )


def _time(value: object) -> int | None:
    return epoch_of(value) if isinstance(value, str) else None


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
