"""Label selectors as text (`a, !b, c in (d, e), f > 1`): whether Kubernetes reads them.

Source: Kubernetes 1.36.3, staging/src/k8s.io/apimachinery/pkg/labels/selector.go (Parse, NewRequirement).
"""

from __future__ import annotations

from joblint.api.validate.meta.names import is_qualified_name, is_valid_label_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE, _SPECIAL = " \t\r\n", "=!(),><"
_OPERATORS = ("=", "==", "!=", ">", "<", "in", "notin")
_SYMBOLS = ("==", "!=", *_SPECIAL)


def selector_error(text: str) -> str:
    """Return why a text is not a label selector, "" if it is one."""
    tokens = list(_tokens(text))
    at = 0
    while at < len(tokens) or at:
        at, error = _requirement(tokens, at)
        if error:
            return error
        if at >= len(tokens):
            return ""
        if tokens[at] != ",":
            return f"found '{tokens[at]}', expected: ',' or 'end of string'"
        at += 1
    return ""


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        if text[at] in _SPACE:
            at += 1
            continue
        found = next((symbol for symbol in _SYMBOLS if text.startswith(symbol, at)), "")
        if not found:
            end = at
            while end < len(text) and text[end] not in _SPACE + _SPECIAL:
                end += 1
            found = text[at:end]
        yield found
        at += len(found)


def _requirement(tokens: list[str], at: int) -> tuple[int, str]:
    """Where a requirement ends, and what is wrong with it."""
    without = _token(tokens, at) == "!"
    at += without
    key = _token(tokens, at)
    if not key or key in _SYMBOLS:
        return at, f"found '{key}', expected: identifier"
    wrong = is_qualified_name(key)
    if wrong:
        return at, f'key: Invalid value: "{key}": {wrong[0]}'
    operator = _token(tokens, at + 1)
    if operator in ("", ",") or without:
        return at + 1, ""
    if operator not in _OPERATORS:
        return at, f"found '{operator}', expected: {', '.join(_OPERATORS)}"
    if operator in ("in", "notin"):
        return _values(tokens, at + 2)
    value = _token(tokens, at + 2)
    if value in ("", ","):
        value, end = "", at + 2
    elif value in _SYMBOLS:
        return at, f"found '{value}', expected: identifier"
    else:
        end = at + 3
    if operator in "<>" and not _is_int(value):
        return at, f"values[0]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value must be an integer"
    return end, _value_error(value)


def _values(tokens: list[str], at: int) -> tuple[int, str]:
    if _token(tokens, at) != "(":
        return at, f"found '{_token(tokens, at)}', expected: '('"
    end = at + 1
    while end < len(tokens) and tokens[end] != ")":
        if tokens[end] != ",":
            error = f"found '{tokens[end]}', expected: ',' or ')'" if tokens[end] in _SYMBOLS else _value_error(tokens[end])
            if error:
                return end, error
        end += 1
    return end + 1, "" if end < len(tokens) else "found '', expected: ',' or ')'"


def _value_error(value: str) -> str:
    wrong = is_valid_label_value(value)
    return f'Invalid value: "{value}": {wrong[0]}' if wrong else ""


def _token(tokens: list[str], at: int) -> str:
    return tokens[at] if at < len(tokens) else ""


def _is_int(value: str) -> bool:
    digits = value.removeprefix("-").removeprefix("+") if value[:2] not in ("-+", "+-") else value
    return digits.isascii() and digits.isdigit()
