"""The nearest object that the server takes: what a refused manifest would be with little changed; knows the API model alone."""

from __future__ import annotations

from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError, Verdict

_ROUNDS = 4
_MOST_STOPS = 12  # values at which decoding stops for good, one by one; plain wrong types are all found at once


def nearest_accepted(value: dict[str, Any], verdict: Verdict, version: str) -> tuple[Verdict, dict[str, Any]]:
    """The verdict on the object without what the API server rejects, and that object, where leaving that out is enough; else
    `verdict` without a defaulted object, and the object as it is.

    Kind and version become those that were meant. A restartPolicy that is missing or refused becomes Never; any other
    refused field is left out. Unknown fields are dropped in any case, so an object refused for them alone is already as near
    as can be.
    """
    if verdict.accepted or verdict.stage == "strict":
        return verdict, value
    from joblint.api.judge import judge

    trial: Any = value
    current = verdict
    for _ in range(_ROUNDS):
        before = trial
        for error in current.errors:
            trial = _without_cause(trial, error)
        if trial is before:
            break
        judged = judge(trial, version)
        if judged is None:
            break
        if judged.accepted or judged.stage == "strict":
            return judged, trial
        current = judged
    from joblint.base.record import replace

    return replace(verdict, defaulted=None), value


def behind_the_first(value: dict[str, Any], verdict: Verdict, version: str) -> tuple[ApiError, ...]:
    """What the server would refuse next: it stops at the first value of a wrong type, and says the others once that is gone.

    Errors that only come of leaving that value out are not among them.
    """
    from joblint.api.create.decode import wrong_types
    from joblint.api.create.request import sent
    from joblint.api.judge import judge
    from joblint.api.version.versions import gates

    trial: Any = value
    current: Verdict | None = verdict
    found: list[ApiError] = []
    left_out: set[str] = set()
    for _ in range(_MOST_STOPS):
        if current is None or current.stage != "decode" or not current.errors[0].field:
            break
        wrong = wrong_types(sent(trial), gates(version))
        before = trial
        for error in wrong:
            trial = _without_cause(trial, error)
        if trial is before:
            break
        found += wrong[1:]
        left_out.update(error.field for error in wrong)
        current = judge(trial, version)
        if current is not None:
            found += [e for e in current.errors if not _inside(e.field, left_out)]
    return tuple(found)


def _inside(field: str, places: set[str]) -> bool:
    """Whether a field is one of the places or lies in one."""
    return field in places or any(field[i] in ".[" and field[:i] in places for i in range(len(field)))


def _without_cause(trial: dict[str, Any], error: ApiError) -> dict[str, Any]:
    """The object without the cause of one error; the same object where there is nothing to take out."""
    from joblint.source.places.paths import changed, steps, value_at, without

    if error.type == "Decode" and not error.field:  # what kubectl says of its kind or version
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
    """The object with something of the right type at a path: nothing where that will do, else what may be meant, or a blank."""
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
