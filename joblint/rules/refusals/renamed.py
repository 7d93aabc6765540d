"""The field of the same mapping that an unknown one was meant to be; knows the subject and its errors.

Two signs: a common abbreviation of the field, or a mapping that is missing its only required field.
"""

from __future__ import annotations

from joblint.rules.subject import sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.subject import Subject

_SAID = {
    "pvc": "persistentVolumeClaim",
    "persistentvolumeclaim": "persistentVolumeClaim",
    "cm": "configMap",
    "cmd": "command",
    "entrypoint": "command",
    "argv": "args",
    "arguments": "args",
    "envs": "env",
    "environment": "env",
    "img": "image",
    "ro": "readOnly",
    "claim": "claimName",
    "sa": "serviceAccountName",
    "pullPolicy": "imagePullPolicy",
    "mount": "mountPath",
    "restart": "restartPolicy",
    "retries": "backoffLimit",
    "cron": "schedule",
    "tz": "timeZone",
}


def meant_sibling(s: Subject, field: str) -> str:
    """Return the name of the field that was meant, "" if that is unclear. The mapping does not have that field yet."""
    from joblint.api.version.fields import names_at
    from joblint.base.nearest import nearest
    from joblint.source.places.paths import steps

    *parents, word = steps(field) or [""]
    parent = field[: len(field) - len(str(word))].rstrip(".")
    mapping = sent_value(s.object, parent) if parent else s.object
    if not isinstance(mapping, dict) or is_variable(s, field):
        return ""
    known = names_at(s.version, s.kind if s.kind in ("Job", "CronJob") else "Job", parents)
    if nearest(str(word), known):
        return ""  # a typo
    said = _SAID.get(str(word), "")
    if said in known and said not in mapping:
        return said
    if not isinstance(mapping.get(str(word)), str) or sum(key not in known for key in mapping) != 1:
        return ""
    # With a value of another type, or a second unknown field, it is not clear what the mapping is missing.
    lacking = _lacking(s, parents, {key: value for key, value in mapping.items() if key in known}) & set(known)
    return lacking.pop() if len(lacking) == 1 else ""


def misspelled_sibling(s: Subject, field: str) -> str:
    """The name of the field of which this one is a misspelling, "" where it is none or the mapping has that field as well."""
    from joblint.api.version.fields import names_at
    from joblint.base.nearest import nearest
    from joblint.source.places.paths import steps

    *parents, word = steps(field) or [""]
    near = nearest(str(word), names_at(s.version, s.kind if s.kind in ("Job", "CronJob") else "Job", parents))
    parent = field[: len(field) - len(str(word))].rstrip(".")
    mapping = sent_value(s.object, parent) if parent else s.object
    return near if near and isinstance(mapping, dict) and near not in mapping else ""


def _lacking(s: Subject, path: list[str | int], mapping: dict[str, Any]) -> set[str]:
    """The names of the fields that the server requires in a mapping, found with an object that has this mapping alone."""
    from joblint.api.create.request import API_VERSION, KINDS
    from joblint.api.judge import judge
    from joblint.source.places.paths import steps

    alone: Any = mapping
    for step in reversed(path):
        alone = [alone] if isinstance(step, int) else {step: alone}
    verdict = judge({**alone, "apiVersion": API_VERSION, "kind": s.kind if s.kind in KINDS else "Job"}, s.version)
    there = [0 if isinstance(step, int) else step for step in path]
    found = [steps(e.field) for e in verdict.errors if e.field] if verdict is not None else []
    return {str(field[-1]) for field in found if field[:-1] == there and not mapping.get(str(field[-1]))}


def is_variable(s: Subject, field: str) -> bool:
    """Return whether the field is a variable that is written `NAME: value` in a list of variables."""
    parent, _, word = field.rpartition(".")
    mapping = sent_value(s.object, parent)
    return parent.rpartition("[")[0].endswith(".env") and isinstance(mapping, dict) and list(mapping) == [word]
