"""The nearest object that the server takes: what a refused manifest would be once mended; knows the API model alone."""

from __future__ import annotations

from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError, Verdict

_ROUNDS = 4
_MOST_WRONG_TYPES = 12


def nearest_accepted(value: dict[str, Any], verdict: Verdict, version: str) -> tuple[Verdict, dict[str, Any]]:
    """The verdict on the object without what the server refuses, and that object, where leaving that out is enough; else
    `verdict` without a defaulted object, and the object as it is.

    A restartPolicy that is missing or refused becomes Never; any other refused field is left out. Unknown fields are
    dropped in any case, so an object refused for them alone is already as near as can be.
    """
    if verdict.accepted or verdict.stage == "strict":
        return verdict, value
    from copy import deepcopy

    from joblint.api.judge import judge

    trial: Any = value
    current = verdict
    for _ in range(_ROUNDS):
        trial = deepcopy(trial)
        mended = [_mend(trial, error) for error in current.errors]
        if not any(mended):
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
    """What the server would refuse next: it stops at the first value of a wrong type, and says the rest once that is mended.

    Errors that only come of leaving that value out are not among them.
    """
    from copy import deepcopy

    from joblint.api.judge import judge

    trial: Any = deepcopy(value)
    current: Verdict | None = verdict
    found: list[ApiError] = []
    left_out: list[str] = []
    while current is not None and current.stage == "decode" and len(left_out) < _MOST_WRONG_TYPES:
        error = current.errors[0]
        if not _mend(trial, error):
            break
        left_out.append(error.field)
        current = judge(trial, version)
        if current is not None:
            found += [
                e for e in current.errors if not any(e.field == f or e.field.startswith((f + ".", f + "[")) for f in left_out)
            ]
    return tuple(found)


def _mend(trial: dict[str, Any], error: ApiError) -> bool:
    """Take the cause of one error out of the trial object; whether anything changed."""
    from joblint.source.places.paths import steps, value_at

    if error.type == "Strict" or not error.field:
        return False
    path = steps(error.field)
    if path[-1] == "restartPolicy" and path[-3:-1] == ["template", "spec"]:
        template = as_dict(value_at(trial, path[:-2]))
        pod = template.setdefault("spec", {})
        if not isinstance(pod, dict) or pod.get("restartPolicy") == "Never":
            return False
        pod["restartPolicy"] = "Never"
        return True
    if len(path) < 2 or path == ["metadata", "name"]:
        return False
    parent, last = value_at(trial, path[:-1]), path[-1]
    if isinstance(parent, dict) and last in parent:
        del parent[last]
        return True
    return False
