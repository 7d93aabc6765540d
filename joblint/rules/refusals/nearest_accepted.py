"""The closest object that the server accepts: the rejected manifest with few changes; knows the API model alone."""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError, Verdict

_ROUNDS = 4
_MOST_STOPS = 12  # values at which decoding stops, one by one; ordinary wrong types are all found at once


class Nearest(Record):
    """The closest object that the server accepts, and its verdict; if removing what it rejects is not enough, the object as it
    is and its verdict without a defaulted object.

    `behind` is what the server would reject next: it stops at the first value of a wrong type, and reports the others once that
    is fixed. Errors that only result from removing such a value are not included.
    """

    verdict: Verdict
    object: dict[str, Any]
    behind: tuple[ApiError, ...]


def nearest_accepted(value: dict[str, Any], verdict: Verdict, version: str) -> Nearest:
    """Find the closest accepted object for an object with this verdict.

    Kind and version become those that were meant. A restartPolicy that is missing or rejected becomes Never; any other rejected
    field is removed. Unknown fields are dropped in any case, so an object that is rejected only for them needs no other change.
    """
    if _is_accepted(verdict):
        return Nearest(verdict, value, ())
    from joblint.api.create.decode import wrong_types
    from joblint.api.create.request import sent
    from joblint.api.judge import judge
    from joblint.api.version.versions import gates

    trial, current = value, verdict
    behind: list[ApiError] = []
    left_out: set[str] = set()
    rounds = stops = 0
    while rounds < _ROUNDS and stops < _MOST_STOPS:
        before, causes = trial, current.errors
        stopped = current.stage == "decode"
        if stopped:
            stops += 1
            if causes[0].field:
                causes = wrong_types(sent(trial), gates(version))
        else:
            rounds += 1
        for error in causes:
            trial = without_cause(trial, error)
        judged = judge(trial, version) if trial is not before else None
        if judged is None:
            break
        if stopped and not rounds:
            left_out.update(error.field for error in causes if error.field)
            behind += [*causes[1:], *[e for e in judged.errors if not _inside(e.field, left_out)]]
        if _is_accepted(judged):
            return Nearest(judged, trial, tuple(behind))
        current = judged
    return Nearest(replace(verdict, defaulted=None), value, tuple(behind))


def _is_accepted(verdict: Verdict) -> bool:
    return verdict.accepted or verdict.stage == "strict"


def _inside(field: str, places: set[str]) -> bool:
    """Whether a field is one of the places or inside of one."""
    return field in places or any(field[i] in ".[" and field[:i] in places for i in range(len(field)))


def without_cause(trial: dict[str, Any], error: ApiError) -> dict[str, Any]:
    """The object without the cause of one error; the same object if there is nothing to remove."""
    from joblint.source.places.paths import changed, steps, value_at, without

    if error.type == "Decode" and not error.field:  # kubectl's own error about its kind or version
        from joblint.api.ours import meant

        return meant(trial) or trial
    if error.type == "Strict" or not error.field:
        return trial
    path = steps(error.field)
    if path[-1] == "restartPolicy" and path[-3:-1] == ["template", "spec"]:
        template = as_dict(value_at(trial, path[:-2]))
        pod = template.get("spec", {})
        if not isinstance(pod, dict) or pod.get("restartPolicy") == "Never":
            return trial
        made: dict[str, Any] = changed(trial, path[:-1], {**pod, "restartPolicy": "Never"})
        return made
    if error.type == "Decode":
        decodable: dict[str, Any] = _decodable(trial, path, error.wanted)
        return decodable
    if len(path) < 2 or path == ["metadata", "name"]:
        return trial
    left: dict[str, Any] = without(trial, path)
    return left


def _decodable(trial: dict[str, Any], path: list[str | int], wanted: str) -> Any:
    """The object with a value of the right type at a path: none if that is enough, otherwise a probable one, or an empty
    one."""
    from joblint.source.places.paths import changed, value_at, without

    if path in (["metadata"], ["spec"]):
        return changed(trial, path, {})
    item = value_at(trial, path)
    if path == ["metadata", "name"] and isinstance(item, (bool, int, float)):
        return changed(trial, path, str(item).lower())
    if not isinstance(path[-1], int) or not isinstance(value_at(trial, path[:-1]), list):
        return without(trial, path)
    blank: Any = "" if wanted == "string" else 0 if wanted.startswith("int") else {}
    return changed(trial, path, blank)
