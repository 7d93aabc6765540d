"""Collecting field errors with the API server's own texts; knows the wording of errors, not any Kubernetes type.

Source: k8s.io/apimachinery v0.36.3 pkg/util/validation/field/errors.go.
"""

from __future__ import annotations

from joblint.api.verdict import ApiError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

OMIT = object()  # a bad value that the text leaves out

_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def go_quote(text: str) -> str:
    """The text as Go's %q prints it."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    out = ['"']
    for ch in text:
        code = ord(ch)
        if ch in '"\\':
            out.append("\\" + ch)
        elif ch in _GO_ESCAPES:
            out.append(_GO_ESCAPES[ch])
        elif code < 0x20 or code == 0x7F:
            out.append(f"\\x{code:02x}")
        elif ch.isprintable():
            out.append(ch)
        else:
            out.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    out.append('"')
    return "".join(out)


_GO_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def go_json(value: Any) -> str:
    """Return the value as Go's json.Marshal prints it: no spaces, HTML characters escaped, keys in the dict's own order.

    Go sorts the keys of maps and keeps the order of struct fields: the caller has to sort the maps.
    """
    text = _quoted(value) if isinstance(value, str) else _dumped(value)
    for raw, escaped in _HTML.items():
        if raw in text:
            text = text.replace(raw, escaped)
    return text


def _quoted(text: str) -> str:
    try:
        from _json import encode_basestring  # json itself imports re, and most values are words
    except ImportError:
        return _dumped(text)
    return encode_basestring(text)


def _dumped(value: Any) -> str:
    from json import dumps

    return dumps(value, ensure_ascii=False, separators=(",", ":"))


class Typed:
    """A value of a Go type of its own (an operator, a pointer to a string, …): the server prints it as JSON, not as %q.

    `bare` is for the types that have a String method (names of resources): before 1.34 they were printed by it.
    """

    __slots__ = ("bare", "value")

    def __init__(self, value: Any, bare: bool = False) -> None:
        self.value = value
        self.bare = bare


def show(value: Any, json_values: bool = True) -> str:
    """Return a bad value as the server prints it: strings as %q, numbers and booleans as %v, the rest as JSON.

    Without `json_values`, as it did before 1.34, as far as possible without Go's own syntax for structs.
    """
    if type(value) is Typed:
        if json_values or not isinstance(value.value, str):
            return go_json(value.value)
        return value.value if value.bare else go_quote(value.value)
    if isinstance(value, str):
        return go_quote(value)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    return go_json(value)


class Errors:
    """The errors of one object in the order in which the server's code finds them, each with its text."""

    __slots__ = ("found", "json_values")

    def __init__(self, json_values: bool = True) -> None:
        self.found: list[ApiError] = []
        self.json_values = json_values

    def __len__(self) -> int:
        return len(self.found)

    def _add(
        self,
        kind: str,
        word: str,
        field: str,
        value: Any,
        detail: str,
        choices: tuple[str, ...] = (),
        limit: int | None = None,
        key: str = "",
    ) -> None:
        message = word if value is OMIT else f"{word}: {show(value, self.json_values)}"
        plain = None if value is OMIT else value.value if type(value) is Typed else value
        text = f"{message}: {detail}" if detail else message
        self.found.append(ApiError(kind, field, text, plain, detail, choices, limit, key))

    def required(self, field: str, detail: str = "") -> None:
        """A value that must be there."""
        self._add("FieldValueRequired", "Required value", field, OMIT, detail)

    def invalid(self, field: str, value: Any, detail: str, key: str = "") -> None:
        """`key` is the entry that is meant where `field` names a map."""
        self._add("FieldValueInvalid", "Invalid value", field, value, detail, key=key)

    def forbidden(self, field: str, detail: str) -> None:
        """A value that may not be there."""
        self._add("FieldValueForbidden", "Forbidden", field, OMIT, detail)

    def duplicate(self, field: str, value: Any) -> None:
        """A value that occurs earlier in a list."""
        self._add("FieldValueDuplicate", "Duplicate value", field, value, "")

    def not_found(self, field: str, value: Any, detail: str = "") -> None:
        """A reference to nothing."""
        self._add("FieldValueNotFound", "Not found", field, value, detail)

    def not_supported(self, field: str, value: Any, valid: Iterable[str]) -> None:
        """`valid` in the order in which the server lists them (it quotes them itself)."""
        choices = tuple(valid)
        quoted = ", ".join([go_quote(v) for v in choices])
        detail = f"supported values: {quoted}" if quoted else ""
        self._add("FieldValueNotSupported", "Unsupported value", field, value, detail, choices)

    def too_long(self, field: str, limit: int) -> None:
        """More than `limit` bytes."""
        detail = f"may not be more than {limit} byte{'' if limit == 1 else 's'}" if limit >= 0 else "value is too long"
        self._add("FieldValueTooLong", "Too long", field, OMIT, detail, limit=limit)

    def too_many(self, field: str, actual: int | None, limit: int) -> None:
        """More than `limit` items."""
        detail = f"must have at most {limit} item{'' if limit == 1 else 's'}" if limit >= 0 else "has too many items"
        value = OMIT if actual is None or actual < 0 else actual
        self._add("FieldValueTooMany", "Too many", field, value, detail, limit=limit)
