"""Functions of text/template itself. Source: Go 1.26 text/template (funcs.go), fmt (print.go)."""

from __future__ import annotations

from joblint.source.helm.nodes import Failure, Unsupported
from joblint.source.helm.values import equal, is_true, kind, less, number, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _eq(one: Any, *others: Any) -> bool:
    if not others:
        raise Failure("missing argument for comparison")
    return any(equal(one, other) for other in others)


def _index(value: Any, *steps: Any) -> Any:
    for step in steps:
        if value is None:
            raise Failure("index of untyped nil")
        if isinstance(value, dict):
            if not isinstance(step, str):
                raise Failure("value has type int; should be string")
            value = value.get(step)
        elif isinstance(value, str):
            value = value.encode()[_position(step, len(value))]
        else:
            value = value[_position(step, len(value))]
    return value


def _position(step: Any, size: int) -> int:
    if isinstance(step, bool) or not isinstance(step, int):
        raise Failure("cannot index slice/array with this type")
    if not 0 <= step < size:
        raise Failure("index out of range")
    return step


def _slice(value: Any, begin: Any = 0, end: Any = None) -> Any:
    if not isinstance(value, (str, list)):
        raise Failure("can't slice item")
    end = len(value) if end is None else end
    if not 0 <= begin <= end <= len(value):
        raise Failure("index out of range")
    return value[begin:end]


def _len(value: Any) -> int:
    if value is None:
        raise Failure("len of nil pointer")
    return len(value.encode()) if isinstance(value, str) else len(value)


def _print(*values: Any) -> str:
    found = ""
    for n, value in enumerate(values):
        # Sprint puts spaces between operands when neither is a string.
        if n and not isinstance(value, str) and not isinstance(values[n - 1], str):
            found += " "
        found += shown(value)
    return found


def printf(form: str, *values: Any) -> str:
    """Return what Sprintf returns. Raises Unsupported for forms that charts rarely use."""
    import re

    left = list(values)

    def put(match: re.Match[str]) -> str:
        flags, width, precision, verb = match.groups()
        if verb == "%":
            return "%"
        if not left:
            return f"%!{verb}(MISSING)"
        text = _formatted(left.pop(0), verb, flags, precision)
        size = int(width or 0)
        if "-" in flags:
            return text.ljust(size)
        if "0" in flags and verb in "dfgxXob":
            sign = text[:1] if text[:1] in ("-", "+") else ""
            return sign + text[len(sign) :].rjust(size - len(sign), "0")
        return text.rjust(size)

    found = re.sub(r"%([-+# 0]*+)(\d*+)(?:\.(\d*+))?([a-zA-Z%])", put, form)
    if left:
        raise Unsupported("printf with extra arguments")
    return found


def _formatted(value: Any, verb: str, flags: str, precision: str | None) -> str:
    if verb == "v" or verb == "s" and isinstance(value, str):
        text = shown(value)
        return text[: int(precision or 0)] if verb == "s" and precision is not None else text
    if verb == "q" and isinstance(value, str):
        return quoted(value)
    if verb == "T":
        return type_of(value)
    if isinstance(value, bool):
        if verb == "t":
            return shown(value)
    elif isinstance(value, int):
        if verb in "dxXob":
            text = format(value, verb)
            return f"+{text}" if "+" in flags and value >= 0 else text
    elif isinstance(value, float) and verb in "fFge":
        if verb == "g":
            return number(value) if precision is None else format(value, f".{precision or 0}g")
        text = format(value, f".{6 if precision is None else int(precision or 0)}{verb.lower()}")
        return f"+{text}" if "+" in flags and value >= 0 else text
    elif verb == "s" and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return shown(value)
    name = {"float64": "float64", "int": "int", "string": "string", "bool": "bool"}.get(kind(value), "")
    if value is None:
        return f"%!{verb}(<nil>)"
    if not name:
        raise Unsupported("printf of a map or list")
    return f"%!{verb}({name}={shown(value)})"


def quoted(text: str) -> str:
    """Return a text in double quotes as `%q` prints it."""
    found = ['"']
    names = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
    for letter in text:
        if letter in names:
            found.append(names[letter])
        elif letter.isprintable():
            found.append(letter)
        else:
            code = ord(letter)
            found.append(f"\\x{code:02x}" if code < 128 else f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}")
    return "".join([*found, '"'])


def type_of(value: Any) -> str:
    """Return the name of a value's Go type."""
    names = {"map": "map[string]interface {}", "slice": "[]interface {}", "invalid": "<nil>"}
    return names.get(kind(value), kind(value))


def _escaped(*values: Any) -> str:
    text = _print(*values)
    for letter, entity in (("&", "&amp;"), ("'", "&#39;"), ('"', "&#34;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(letter, entity)
    return text


def _urlquery(*values: Any) -> str:
    from urllib.parse import quote_plus

    return quote_plus(_print(*values), safe="-_.~")


GO: dict[str, Callable[..., Any]] = {
    "not": lambda value: not is_true(value),
    "eq": _eq,
    "ne": lambda one, other: not equal(one, other),
    "lt": less,
    "le": lambda one, other: less(one, other) or equal(one, other),
    "gt": lambda one, other: not (less(one, other) or equal(one, other)),
    "ge": lambda one, other: not less(one, other),
    "index": _index,
    "slice": _slice,
    "len": _len,
    "print": _print,
    "println": lambda *values: " ".join([shown(value) for value in values]) + "\n",
    "printf": printf,
    "html": _escaped,
    "urlquery": _urlquery,
}
