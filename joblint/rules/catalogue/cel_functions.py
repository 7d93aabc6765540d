"""The functions that rules' expressions have beyond CEL's own: quantities, named as in the API server's CEL.

Source: Kubernetes 1.36.3, apiserver/pkg/cel/library/quantity.go. A quantity is represented by its text; durations are CEL's.
"""

from __future__ import annotations

from joblint.api.go.quantity import Quantity, from_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def declarations(cel: Any) -> list[Any]:
    """Return the functions as `cel.NewEnv` expects them."""
    kind = cel.Type

    def function(name: str, *overloads: Any) -> Any:
        return cel.FunctionDecl(name, list(overloads))

    def overload(key: str, result: Any, taken: list[Any], run: Any, member: bool = False) -> Any:
        return cel.Overload(key, return_type=result, parameters=taken, is_member=member, impl=run)

    def of_any(name: str, result: Any, run: Any) -> Any:
        types = {"string": kind.STRING, "int": kind.INT, "double": kind.DOUBLE}
        return function(name, *[overload(f"{name}_{n}", result, [t], run) for n, t in types.items()])

    def member(name: str, result: Any, run: Any, *more: Any) -> Any:
        keys = [overload(f"{name}_{i}", result, [kind.STRING, *taken], run, True) for i, taken in enumerate(more or ([],))]
        return function(name, *keys)

    one = [kind.STRING]
    return [
        of_any("quantity", kind.STRING, lambda value: str(from_json(value))),
        of_any("isQuantity", kind.BOOL, _is_quantity),
        member("isGreaterThan", kind.BOOL, lambda a, b: _compare(a, b) > 0, one),
        member("isLessThan", kind.BOOL, lambda a, b: _compare(a, b) < 0, one),
        member("compareTo", kind.INT, _compare, one),
        member("add", kind.STRING, lambda a, b: _sum(a, b, 1), one, [kind.INT]),
        member("sub", kind.STRING, lambda a, b: _sum(a, b, -1), one, [kind.INT]),
        member("sign", kind.INT, lambda a: from_json(a).sign()),
        member("asInteger", kind.INT, _as_integer),
        member("isInteger", kind.BOOL, lambda a: _whole(from_json(a)) is not None),
        member("asApproximateFloat", kind.DOUBLE, lambda a: _as_float(from_json(a))),
    ]


def _is_quantity(value: Any) -> bool:
    try:
        from_json(value)
    except ValueError:
        return False
    return True


def _compare(a: Any, b: Any) -> int:
    return from_json(a).compare(from_json(b))


def _sum(a: Any, b: Any, times: int) -> str:
    return str(from_json(a).plus(from_json(b), times))


def _whole(quantity: Quantity) -> int | None:
    """The quantity if it is a whole number that fits in 64 bits."""
    if quantity.scale > 40 or quantity.scale < -400:
        return None
    number = quantity.unscaled * int(10 ** max(0, quantity.scale))
    quotient, rest = divmod(number, int(10 ** max(0, -quantity.scale)))
    return None if rest or not -(1 << 63) <= quotient < 1 << 63 else quotient


def _as_integer(text: Any) -> int:
    whole = _whole(from_json(text))
    if whole is None:
        raise ValueError(f"cannot convert value to integer: {text}")
    return whole


def _as_float(quantity: Quantity) -> float:
    return float(f"{quantity.unscaled}e{quantity.scale}")
