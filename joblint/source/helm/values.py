"""Values as Go templates treat them: what is true, how a value prints, its kind, how two compare; knows nothing about templates.

A float is a Go float64 (every number of a values file is one), an int a Go int or int64. Source: Go 1.26 fmt (print.go),
strconv (ftoa.go), text/template (exec.go, funcs.go).
"""

from __future__ import annotations

from joblint.source.helm.nodes import Failure, Unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Struct(dict):  # type: ignore[type-arg]
    """An object with fixed fields, such as `.Chart`: a field that it does not have is an error."""

    __slots__ = ()


def is_true(value: Any) -> bool:
    """Return whether a value is true to `if`."""
    return isinstance(value, Struct) or callable(value) or bool(value)


def printed(value: Any) -> str:
    """Return a value as an action prints it: nothing for nil, as helm does."""
    return "" if value is None else shown(value)


def shown(value: Any) -> str:
    """Return a value as `%v` prints it. Raises Unsupported for a function."""
    if isinstance(value, str):
        return value
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number(value, 6)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Struct) or callable(value):
        raise Unsupported("an object is printed")
    if isinstance(value, dict):
        return "map[" + " ".join([f"{key}:{shown(value[key])}" for key in sorted(value)]) + "]"
    return "[" + " ".join([shown(item) for item in value]) + "]"


def number(value: float, limit: int = 21) -> str:
    """Return a float64 with the shortest digits that are exact, with an exponent from 10 to the power of `limit` on: 21 in JSON,
    6 for `%v`."""
    if value != value or value in (float("inf"), float("-inf")):
        return "NaN" if value != value else "+Inf" if value > 0 else "-Inf"
    mantissa, _, power = f"{value!r}".partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, part = mantissa.lstrip("-").partition(".")
    digits = (whole + part).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + part) - len(digits))
    digits = digits.rstrip("0")
    if not digits:
        return f"{sign}0"
    exponent = point - 1
    if exponent < -4 or exponent >= limit:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{rest}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if len(digits) <= point:
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def kind(value: Any) -> str:
    """Return the name of a value's kind, as `kindOf` does."""
    if value is None:
        return "invalid"
    if isinstance(value, Struct) or callable(value):
        raise Unsupported("the kind of an object")
    for type_, name in ((bool, "bool"), (float, "float64"), (str, "string"), (dict, "map"), (list, "slice")):
        if isinstance(value, type_):
            return name
    return "int"


def equal(one: Any, other: Any) -> bool:
    """Return what `eq` returns. Raises Failure for values that cannot be compared."""
    if one is None or other is None:
        return one is None and other is None
    first, second = kind(one), kind(other)
    if first in ("map", "slice") or second in ("map", "slice"):
        raise Failure("non-comparable type")
    if first != second:
        raise Failure("incompatible types for comparison")
    return bool(one == other)


def less(one: Any, other: Any) -> bool:
    """Return what `lt` returns. Raises Failure for values that cannot be compared."""
    if kind(one) != kind(other) or kind(one) not in ("int", "float64", "string"):
        raise Failure("incompatible types for comparison")
    return bool(one < other)


def floats(value: Any) -> Any:
    """Return YAML or JSON data as helm contains it: each number a float64."""
    if isinstance(value, dict):
        return {str(key): floats(held) for key, held in value.items()}
    if isinstance(value, list):
        return [floats(held) for held in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
