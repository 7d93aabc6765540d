"""Values as Go's fmt prints them in the messages of a server-side apply; knows JSON data, nothing else.

Source: Go's fmt (%#v and %T of an interface{} that JSON was read into).
"""

from __future__ import annotations

from joblint.api.apply.strategic.values import show
from joblint.api.errors import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def go_type(value: Any) -> str:
    """The Go type of a value, as %T prints it."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64"
    if isinstance(value, float):
        return "float64"
    if isinstance(value, str):
        return "string"
    return "[]interface {}" if isinstance(value, list) else "map[string]interface {}"


def go_syntax(value: Any) -> str:
    """The value as %#v prints it."""
    if value is None:
        return "interface {}(nil)"
    if isinstance(value, str):
        return go_quote(value)
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(go_syntax, value))}}}"
    if isinstance(value, dict):
        inside = ", ".join(f"{go_quote(str(key))}:{go_syntax(value[key])}" for key in sorted(value))
        return f"map[string]interface {{}}{{{inside}}}"
    return show(value)
