"""The server's error about a value of the wrong type in a patch: it converts the patched object instead of reading JSON.

Knows the compiled schema. Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/runtime/converter.go (fromUnstructured).
"""

from __future__ import annotations

from joblint.api.verdict import ApiError
from joblint.api.version import schema
from joblint.api.version.schema import (
    BOOL,
    INT,
    INTS,
    QUANTITY_MAP,
    STRING,
    STRING_MAP,
    STRINGS,
    STRUCT,
    STRUCTS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KINDS = {STRING: "string", BOOL: "bool"}


def converted(failure: ApiError, patched: dict[str, Any], version: str) -> ApiError:
    """Return the failure of decoding a patched object, in the words of the conversion. Errors that kubectl itself finds are
    unchanged."""
    if failure.type != "Decode" or not failure.field or failure.field.startswith("metadata."):
        return failure
    steps = _steps(failure.field)
    value = _value(patched, steps)
    found = _type(patched["kind"], [step for step in steps if isinstance(step, str)], steps, version)
    words = None if found is None else _words(value, *found)
    return failure if words is None else ApiError(failure.type, failure.field, words)


def _words(value: Any, operation: int, bits: int, name: str) -> str | None:
    source = _go_kind(value)
    if operation == STRUCT:
        return f"cannot restore struct from: {source}"
    if operation in (STRUCTS, STRINGS, INTS):
        return f"cannot restore slice from {source}"
    if operation in (STRING_MAP, QUANTITY_MAP):
        return f"cannot restore map from {source}"
    if operation not in (INT, STRING, BOOL):
        return None
    if (operation == STRING and source == "int64") or (operation == INT and source == "float64"):
        return f"cannot convert {source} to {name}"
    return f"unrecognized type: {_KINDS.get(operation, f'int{bits}')}"


def _go_kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64"
    if isinstance(value, float):
        return "float64"
    if isinstance(value, str):
        return "string"
    return "slice" if isinstance(value, list) else "map"


def _steps(path: str) -> list[str | int]:
    """`spec.containers[0].name` step by step."""
    steps: list[str | int] = []
    for part in path.split("."):
        name, *places = part.split("[")
        steps.append(name)
        steps += [int(place[:-1]) if place[:-1].isdigit() else place[:-1] for place in places]
    return steps


def _value(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _type(kind: str, names: list[str], steps: list[str | int], version: str) -> tuple[int, int, str] | None:
    """The type at the end of the path, as (operation, bits, Go's name); None if the schema does not define it."""
    compiled = schema.load(version)
    at: int | None = compiled["roots"][kind]
    found: tuple[int, int, str] | None = None
    for name in names:
        if at is None:
            # Below a map of texts, or of quantities.
            return (STRING, 0, "string") if found is not None and found[0] == STRING_MAP else None
        fields = compiled["structs"][at][1]
        if name not in fields:
            return None
        operation, argument, _, go_type = fields[name]
        found = (operation, argument, go_type)
        at = argument if operation in (STRUCT, STRUCTS) else None
    if isinstance(steps[-1], int) and found is not None:
        items = {STRUCTS: STRUCT, STRINGS: STRING, INTS: INT}.get(found[0])
        return None if items is None else (items, found[1], found[2].removeprefix("[]"))
    return found
