"""Functions on numbers and versions. Source: sprig 3.3 (numeric.go, semver.go), spf13/cast 1.7, Masterminds/semver 3.3."""

from __future__ import annotations

from joblint.source.helm.nodes import Failure, Unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Version = tuple[tuple[int, int, int], tuple[Any, ...]]


def to_int(value: Any) -> int:
    """Return what `int` and `int64` return: 0 for what is not a number."""
    if isinstance(value, (bool, int, float)):
        return int(value)
    if isinstance(value, str):
        try:
            if value[:1] == "0" and value[1:].isdecimal():
                return int(value, 8)
            return int(value, 0) if value == value.strip() and "_" not in value else 0
        except ValueError:
            return 0
    return 0


def to_float(value: Any) -> float:
    """Return what `float64` returns."""
    if isinstance(value, (bool, int, float)):
        return float(value)
    try:
        return float(value) if isinstance(value, str) and value == value.strip() else 0.0
    except ValueError:
        return 0.0


def _divided(one: Any, other: Any) -> int:
    above, below = to_int(one), to_int(other)
    found = abs(above) // abs(below)
    return found if (above < 0) == (below < 0) else -found


def _product(*values: Any) -> int:
    found = 1
    for value in values:
        found *= to_int(value)
    if abs(found) >= 1 << 63:
        raise Unsupported("an overflow")
    return found


def _round(value: Any, places: Any, *_: Any) -> float:
    from math import floor

    scale = float(10 ** to_int(places))
    scaled = to_float(value) * scale
    return (floor(abs(scaled) + 0.5) * (1 if scaled >= 0 else -1)) / scale


def _ceil(value: Any) -> float:
    from math import ceil

    return float(ceil(to_float(value)))


def _floor(value: Any) -> float:
    from math import floor

    return float(floor(to_float(value)))


def _float_product(*values: Any) -> float:
    found = 1.0
    for value in values:
        found *= to_float(value)
    return found


def _version(text: Any) -> Version:
    import re

    match = re.fullmatch(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", text)
    if match is None:
        raise Failure("Invalid Semantic Version")
    before = tuple([(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in (match[4] or "").split(".") if part])
    return (int(match[1]), int(match[2] or 0), int(match[3] or 0)), before


def _is_less(one: Version, other: Version) -> bool:
    if one[0] != other[0]:
        return one[0] < other[0]
    if not one[1] or not other[1]:
        return bool(one[1]) and not other[1]
    return one[1] < other[1]


def compare(constraint: Any, text: Any) -> bool:
    """Return what `semverCompare` returns. Raises Unsupported for ranges with hyphens."""
    import re

    version = _version(text)
    if " - " in constraint:
        raise Unsupported("a range of versions")
    for either in " ".join(constraint.split()).split("||"):  # a long run of spaces would be searched again from each of them
        parts = re.findall(r"(=|==|!=|>=|=>|<=|=<|>|<|~>|~|\^)?\s*(v?[0-9xX*][\w.*+-]*)", either)
        if not parts or re.sub(r"(=|==|!=|>=|=>|<=|=<|>|<|~>|~|\^)?\s*(v?[0-9xX*][\w.*+-]*)", "", either).strip(" ,"):
            raise Unsupported("a constraint of this form")
        if all(_holds(sign, wanted, version) for sign, wanted in parts):
            return True
    return False


def _holds(sign: str, wanted: str, version: Version) -> bool:
    numbers = [n for n in wanted.removeprefix("v").partition("-")[0].split(".") if n]
    known = [n for n in numbers if n not in ("x", "X", "*")]
    if len(known) < len(numbers) or not known:
        if sign in ("", "=", "==", "~", "^") and not version[1]:
            return list(version[0][: len(known)]) == [int(n) for n in known]
        raise Unsupported("a wildcard")
    own = _version(wanted)
    if version[1] and not own[1]:
        return False
    smaller, larger = _is_less(version, own), _is_less(own, version)
    major, minor, patch = own[0]
    if sign in ("", "=", "=="):
        if len(known) < 3 and not own[1]:
            return list(version[0][: len(known)]) == [int(n) for n in known]
        return not smaller and not larger
    if len(known) < 3 and sign in (">", "<=", "=<", "!="):
        same = list(version[0][: len(known)]) == [int(n) for n in known]
        return {">": larger and not same, "!=": not same}.get(sign, smaller or same)
    if sign in ("!=", ">", "<"):
        return {"!=": smaller or larger, ">": larger, "<": smaller}[sign]
    if sign in (">=", "=>", "<=", "=<"):
        return not smaller if ">" in sign else not larger
    if smaller:
        return False
    if sign in ("~", "~>"):
        return version[0][0] == major and (len(known) == 1 or version[0][1] == minor)
    if major or len(known) == 1:
        return version[0][0] == major
    if minor or len(known) == 2:
        return version[0][:2] == (major, minor)
    return version[0] == (major, minor, patch)


def _semver(text: Any) -> dict[str, Any]:
    (major, minor, patch), before = _version(text)
    return {
        "Major": major,
        "Minor": minor,
        "Patch": patch,
        "Prerelease": ".".join([str(b[1] if not b[0] else b[2]) for b in before]),
    }


def _octal(text: Any) -> int:
    try:
        return int(str(text), 8)
    except ValueError:
        return 0


def _atoi(text: Any) -> int:
    try:
        return int(text) if isinstance(text, str) and text == text.strip() and "_" not in text else 0
    except ValueError:
        return 0


NUMBERS: dict[str, Callable[..., Any]] = {
    "int": to_int,
    "int64": to_int,
    "float64": to_float,
    "atoi": _atoi,
    "toDecimal": _octal,
    "add": lambda *values: sum([to_int(value) for value in values]),
    "add1": lambda value: to_int(value) + 1,
    "sub": lambda one, other: to_int(one) - to_int(other),
    "mul": lambda one, *values: _product(one, *values),
    "div": _divided,
    "mod": lambda one, other: to_int(one) - _divided(one, other) * to_int(other),
    "max": lambda *values: max([to_int(value) for value in values]),
    "min": lambda *values: min([to_int(value) for value in values]),
    "biggest": lambda *values: max([to_int(value) for value in values]),
    "maxf": lambda *values: max([to_float(value) for value in values]),
    "minf": lambda *values: min([to_float(value) for value in values]),
    "addf": lambda *values: sum([to_float(value) for value in values]),
    "subf": lambda one, *values: to_float(one) - sum([to_float(value) for value in values]),
    "mulf": _float_product,
    "divf": lambda one, other: to_float(one) / to_float(other),
    "round": _round,
    "ceil": _ceil,
    "floor": _floor,
    "semverCompare": compare,
    "semver": _semver,
}
