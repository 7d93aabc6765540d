"""What the actions of a Jinja template print, as far as its own text says: variables set to a literal, defaults; knows nothing
about YAML.

Source: Jinja 3.1 (src/jinja2/filters.py, do_default; parser.py, parse_set).
"""

from __future__ import annotations

from joblint.source.unrendered.actions import Action, Choice
from joblint.source.unrendered.expressions import UNKNOWN, Quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

_PART = r"""\s*(?:(?P<text>"[^"\\]*"|'[^'\\]*')|(?P<number>-?\d+)(?![\w.])|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>[|(),]))"""
_WORDS: dict[str, Any] = {"true": True, "True": True, "false": False, "False": False}


def variables(actions: Sequence[Action | Choice]) -> dict[str, Any]:
    """Return the variables that a template sets once, to a literal, where every other action sees it."""
    found: dict[str, Any] = {}
    for item in actions:
        name, equals, expression = item.body.removeprefix("set").partition("=") if isinstance(item, Action) else ("", "", "")
        if isinstance(item, Action) and item.word == "set" and equals and not item.prints:
            value = value_of(expression, found)[0]
            if value is not UNKNOWN:
                found[name.strip()] = value
    names = list(_set_in(actions)) if found else []
    return {name: value for name, value in found.items() if names.count(name) == 1}


def _set_in(actions: Sequence[Action | Choice]) -> Iterator[str]:
    """The names that the actions set: also those of loops, macros and blocks."""
    for item in actions:
        for action in [item] if isinstance(item, Action) else [branch.action for branch in item.branches]:
            if action.word in ("set", "with"):
                yield from [part.split()[-1] for part in action.body[len(action.word) :].split("=")[:-1] if part.split()]
            elif action.word in ("for", "macro", "call", "import", "from"):
                yield from action.body.replace(",", " ").replace("(", " ").replace(")", " ").split()
        if isinstance(item, Choice):
            for branch in item.branches:
                yield from _set_in(branch.inside)


def outputs(
    text: str, actions: Sequence[Action | Choice], known: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, tuple[Any, str]]]:
    """Return what actions print, by their text: what is certain, and what those print whose variable is not set, with its
    name."""
    certain: dict[str, Any] = {}
    default: dict[str, tuple[Any, str]] = {}
    left: list[Action | Choice] = list(actions)
    while left:
        item = left.pop()
        if isinstance(item, Choice):
            left += [part for branch in item.branches for part in branch.inside]
        elif item.prints:
            value, name = value_of(item.body, known)
            if value is not UNKNOWN and name:
                default[text[item.start : item.end]] = value, name
            elif value is not UNKNOWN:
                certain[text[item.start : item.end]] = value
    return certain, default


def value_of(expression: str, known: dict[str, Any]) -> tuple[Any, str]:
    """Return the value of an expression, UNKNOWN if it is not known; if that is so only as long as a variable is not set, its
    name as well."""
    import re

    parts: list[tuple[str, str]] = []
    at, pattern = 0, re.compile(_PART)
    expression = expression.strip()
    while at < len(expression):
        match = pattern.match(expression, at)
        if match is None or match.end() == at:
            return UNKNOWN, ""
        parts.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    if not parts:
        return UNKNOWN, ""
    value, unset, name = _term(parts[0], known), "", parts[0][1] if parts[0][0] == "name" else ""
    at = 1
    while at < len(parts):
        if parts[at] != ("sign", "|") or at + 1 >= len(parts) or parts[at + 1][0] != "name":
            return UNKNOWN, ""
        filtered, arguments, at = _filter(parts, at + 1, known)
        if filtered in ("default", "d") and arguments:
            if value is UNKNOWN and name and "." not in name and not unset:
                value, unset = arguments[0], name
        elif value is not UNKNOWN:
            value = _applied(filtered, value)
        name = name if filtered in ("default", "d") else ""
    return value, unset if value is not UNKNOWN else ""


def _filter(parts: list[tuple[str, str]], at: int, known: dict[str, Any]) -> tuple[str, list[Any], int]:
    """The name of a filter, its arguments, and where it ends."""
    name, arguments = parts[at][1], []
    at += 1
    if at < len(parts) and parts[at] == ("sign", "("):
        at += 1
        while at < len(parts) and parts[at] != ("sign", ")"):
            if parts[at] != ("sign", ","):
                arguments.append(_term(parts[at], known))
            at += 1
        at += 1
    return name, arguments, at


def _term(part: tuple[str, str], known: dict[str, Any]) -> Any:
    kind, text = part
    if kind == "text":
        return text[1:-1]
    if kind == "number":
        return int(text)
    return _WORDS[text] if text in _WORDS else known.get(text, UNKNOWN)


def _applied(name: str, value: Any) -> Any:
    """The value that a filter makes of another one."""
    if name in ("lower", "upper", "trim") and isinstance(value, str):
        return {"lower": value.lower(), "upper": value.upper(), "trim": value.strip()}[name]
    if name == "int" and isinstance(value, int) or name == "string" and isinstance(value, str):
        return value
    if name == "tojson" and isinstance(value, str) and value.isalnum():
        return Quoted(value)
    return UNKNOWN
