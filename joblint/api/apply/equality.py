"""Whether two typed values mean the same to the API server: empty and missing lists and maps do, equal quantities do.

Knows the compiled schema, no rule of validation. Both values are decoded and defaulted.
Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/api/equality/semantic.go.
"""

from __future__ import annotations

from joblint.api.version import schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LISTS = (schema.STRINGS, schema.INTS)
# An old name for serviceAccountName; the server keeps only one of the two.
_ALIASES = ("serviceAccount",)


def equal(a: dict[str, Any], b: dict[str, Any], name: str, version: str) -> bool:
    """Whether two values of the struct type of that name ("PodSpec", "JobSpec", …) are equal.

    Raises KeyError for a type that the version's Jobs do not contain.
    """
    structs: list[Any] = schema.load(version)["structs"]
    index = next((number for number, struct in enumerate(structs) if struct[0] == name), None)
    if index is None:
        raise KeyError(name)
    return _structs_equal(a, b, index, structs)


def _structs_equal(a: dict[str, Any], b: dict[str, Any], index: int, structs: list[Any]) -> bool:
    fields = structs[index][1]
    for key in a.keys() | b.keys():
        x, y = a.get(key), b.get(key)
        if key not in _ALIASES and x != y and not _fields_equal(x, y, fields[key][0], fields[key][1], structs):
            return False
    return True


def _fields_equal(x: Any, y: Any, operation: int, argument: int, structs: list[Any]) -> bool:
    if operation == schema.STRUCT:
        return x is not None and y is not None and _structs_equal(x, y, argument, structs)
    if operation == schema.STRUCTS:
        x, y = x or (), y or ()
        return len(x) == len(y) and all(_structs_equal(a, b, argument, structs) for a, b in zip(x, y, strict=True))
    if operation in _LISTS or operation == schema.STRING_MAP:
        return not x and not y
    if operation == schema.QUANTITY_MAP:
        x, y = x or {}, y or {}
        return bool(x.keys() == y.keys()) and all(_amounts_equal(amount, y[key]) for key, amount in x.items())
    return operation == schema.QUANTITY and x is not None and y is not None and _amounts_equal(x, y)


def _amounts_equal(a: str, b: str) -> bool:
    if a == b:
        return True
    from joblint.api.go.quantity import parse

    return parse(a).compare(parse(b)) == 0
