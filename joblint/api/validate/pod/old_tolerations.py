"""Tolerations written as JSON into an annotation, as Kubernetes 1.5 had it; still read and validated by the server.

Knows Go's reading of JSON into the server's own Toleration type: keys in any case, unknown ones dropped.

Source: Kubernetes 1.36.3 pkg/apis/core/helper/helpers.go GetTolerationsFromPodAnnotations, Go 1.26 encoding/json/decode.go.
"""

from __future__ import annotations

from joblint.api.validate.pod.tolerations import validate_tolerations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_ANNOTATION = "scheduler.alpha.kubernetes.io/tolerations"
_FIELDS = {
    "key": ("Key", "string"),
    "operator": ("Operator", "core.TolerationOperator"),
    "value": ("Value", "string"),
    "effect": ("Effect", "core.TaintEffect"),
    "tolerationseconds": ("TolerationSeconds", "int64"),
}


def validate_tolerations_in_pod_annotations(text: str, path: str, errors: Errors, opts: Gates) -> None:
    """The annotation's text; `path` is that of the annotations."""
    from joblint.api.go.json import syntax_error

    problem = syntax_error(text)
    tolerations: list[dict[str, Any]] = []
    if problem is None:
        from json import loads

        try:
            value = loads(text, parse_int=_Number, parse_float=_Number, object_pairs_hook=_Object)
        except RecursionError:
            # Nested deeper than Python follows, and so nothing that the server could read as a toleration.
            problem = "json: cannot unmarshal array into Go value of type core.Toleration"
        else:
            tolerations, problem = _decode(value)
    if problem is not None:
        errors.invalid(path, _ANNOTATION, problem)
    else:
        validate_tolerations(tolerations, f"{path}.{_ANNOTATION}", errors, opts)


class _Object(list):  # type: ignore[type-arg]
    """The keys and values of a JSON object in their order, repeated ones included."""


class _Number(str):
    """A JSON number as it is written."""


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "number" if isinstance(value, _Number) else "string"
    return "object" if isinstance(value, _Object) else "array"


def _decode(value: Any) -> tuple[list[dict[str, Any]], str | None]:
    """The tolerations, and Go's text for the first wrong type; it reads on behind that."""
    if value is None:
        return [], None
    if _kind(value) != "array":
        return [], f"json: cannot unmarshal {_kind(value)} into Go value of type []core.Toleration"
    tolerations: list[dict[str, Any]] = []
    problems: list[str] = []
    for item in value:
        toleration: dict[str, Any] = {}
        if item is not None and _kind(item) != "object":
            problems.append(f"json: cannot unmarshal {_kind(item)} into Go value of type core.Toleration")
        for key, held in item if isinstance(item, _Object) else ():
            field, kind = _FIELDS.get(key.casefold(), ("", ""))
            if not field or held is None:
                continue
            found = _kind(held)
            if found == "number" and kind == "int64":
                digits = held.removeprefix("-")
                if digits.isdigit() and len(digits) <= 19 and -(1 << 63) <= int(held) < 1 << 63:
                    toleration["tolerationSeconds"] = int(held)
                    continue
                found = f"number {held}"
            elif found == "string" and kind != "int64":
                toleration[field.lower()] = held
                continue
            problems.append(f"json: cannot unmarshal {found} into Go struct field Toleration.{field} of type {kind}")
        tolerations.append(toleration)
    return tolerations, problems[0] if problems else None
