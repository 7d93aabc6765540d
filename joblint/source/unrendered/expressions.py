"""The value of an expression in a Helm template, as far as it is known without rendering; knows nothing about files or YAML.

Only what is certain is known: `.Values.a.b`, literals, and functions that need nothing else. Source: Go 1.26 text/template
(exec.go, funcs.go); sprig 3.3 (functions.go: default, ternary, quote, int).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

UNKNOWN = object()
"""Represents an unknown value."""

_MOST = 2000  # characters of an expression that is looked into
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


class Quoted(str):
    """A text in quotes of its own: a string to YAML, whatever it looks like."""

    __slots__ = ()


def value_of(
    expression: str, values: Mapping[str, Any] | None, dot: Any = UNKNOWN, variables: Mapping[str, Any] | None = None
) -> Any:
    """Return the value of an expression with the chart's values (None: they are not known); UNKNOWN if it is not known. `dot`
    is the value of `.` inside `with`, `variables` are those with the same value everywhere (`$x`)."""
    if variables and expression in variables:
        return variables[expression]
    if values is None or len(expression) > _MOST:
        return UNKNOWN
    found = tokens(expression)
    if found is None:
        return UNKNOWN
    reader = _Reader(found, values, dot, variables or {})
    value = reader.pipeline()
    return value if reader.at == len(found) else UNKNOWN


def truth(
    expression: str, values: Mapping[str, Any] | None, dot: Any = UNKNOWN, variables: Mapping[str, Any] | None = None
) -> bool | None:
    """Return whether a condition is true with the chart's values; None if that is unknown."""
    value = value_of(expression, values, dot, variables)
    return None if value is UNKNOWN else bool(value)


def references(expression: str) -> tuple[str, ...]:
    """The values that an expression names, as paths from `.Values` ("job.enabled")."""
    import re

    return tuple(dict.fromkeys(re.findall(r"\.Values\.([A-Za-z_][\w.]*\w|[A-Za-z_])", expression)))


def mentions(expression: str, others: tuple[str, ...]) -> bool:
    """Return whether an expression contains a value, or a part of one, that is in one of the others."""
    import re

    def named(text: str) -> set[str]:
        return {word for word in re.findall(r"\$?[\w.]+", re.sub(r'"[^"]*"', "", text)) if word[0] in ".$" and len(word) > 1}

    held = {word for other in others for word in named(other)}
    return any(
        word == other or f"{word}.".startswith(f"{other}.") or f"{other}.".startswith(f"{word}.")
        for word in named(expression)
        for other in held
    )


def tokens(text: str) -> list[str] | None:
    """Return the words, strings (after a quote), parentheses and pipes of an expression; None if there is something else."""
    found: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter.isspace():
            at += 1
        elif letter in "()|":
            found.append(letter)
            at += 1
        elif letter in '"`':
            end = at + 1
            while end < len(text) and text[end] != letter:
                end += 2 if letter == '"' and text[end] == "\\" else 1
            if end >= len(text) or letter == '"' and "\\" in text[at:end]:
                return None
            found.append('"' + text[at + 1 : end])
            at = end + 1
        else:
            end = at
            while end < len(text) and not text[end].isspace() and text[end] not in '()|"`':
                end += 1
            found.append(text[at:end])
            at = end
    return found


class _Reader:
    def __init__(self, tokens: list[str], values: Mapping[str, Any], dot: Any, variables: Mapping[str, Any]) -> None:
        self.tokens = tokens
        self.values = values
        self.variables = variables
        self.dot = dot
        self.at = 0
        self.depth = 0

    def pipeline(self) -> Any:
        """Commands with `|` between them: what one gives is the last argument of the next."""
        value = self._command(None)
        while self.at < len(self.tokens) and self.tokens[self.at] == "|":
            self.at += 1
            value = self._command([value])
        return value

    def _command(self, piped: list[Any] | None) -> Any:
        words: list[Any] = []
        name = ""
        while self.at < len(self.tokens) and self.tokens[self.at] not in (")", "|"):
            token = self.tokens[self.at]
            self.at += 1
            if token == "(":
                self.depth += 1
                value = self.pipeline() if self.depth < 40 else UNKNOWN
                self.depth -= 1
                if self.at < len(self.tokens) and self.tokens[self.at] == ")":
                    self.at += 1
                words.append(value)
            elif not words and not name and token[0] not in '".$-' and not token[0].isdigit() and token not in ("true", "false"):
                name = token
            else:
                words.append(self._term(token))
        words += piped or []
        if not name:
            return words[0] if len(words) == 1 and not piped else UNKNOWN
        return _call(name, words)

    def _term(self, token: str) -> Any:
        if token[0] == '"':
            return token[1:]
        if token in ("true", "false"):
            return token == "true"
        if token.removeprefix("-").isdecimal() and token.isascii():
            return int(token)
        path = token.removeprefix("$")
        if path.startswith(".Values."):
            return _at(self.values, path[len(".Values.") :].split("."))
        if token == ".":
            return self.dot
        if token[0] == "$" and len(token) > 1:
            name, step, rest = token.partition(".")
            value = self.variables.get(name, UNKNOWN)
            return _at(value, rest.split(".")) if step and value is not UNKNOWN else value
        if token.startswith(".") and not token.startswith(".Values") and self.dot is not UNKNOWN:
            return _at(self.dot, token[1:].split("."))
        return UNKNOWN


def _at(value: Any, path: list[str]) -> Any:
    """The value at a path; None if there is none."""
    for name in path:
        if not name or not _NAME.issuperset(name):
            return UNKNOWN
        if value is None:
            return UNKNOWN  # helm stops here, or the user sets it
        if not isinstance(value, dict):
            return UNKNOWN
        value = value.get(name)
    return value


def _call(name: str, words: list[Any]) -> Any:
    count = len(words)
    if name in ("and", "or") and count:
        for word in words:
            if word is UNKNOWN:
                return UNKNOWN
            if bool(word) == (name == "or"):
                return word
        return words[-1]
    if name == "default" and count == 2 and words[1] is not UNKNOWN:
        return words[1] or words[0]
    if name == "ternary" and count == 3 and words[2] is not UNKNOWN:
        return words[0] if words[2] else words[1]
    if any(word is UNKNOWN for word in words):
        return UNKNOWN
    if name in ("not", "empty") and count == 1:
        return not words[0]
    if name in ("eq", "ne") and count == 2 and all(isinstance(w, (str, int)) for w in words):
        return (words[0] == words[1]) == (name == "eq")
    if name in ("quote", "squote") and count == 1 and isinstance(words[0], (str, int)):
        return Quoted(_printed(words[0]))
    if name == "toString" and count == 1 and isinstance(words[0], (str, int)):
        return _printed(words[0])
    if name in ("int", "int64") and count == 1 and isinstance(words[0], int):
        return words[0]
    if name in ("required", "coalesce") and count == 2 and words[1]:
        return words[1] if name == "required" else words[0] or words[1]
    if name in ("upper", "lower", "trim") and count == 1 and isinstance(words[0], str):
        return {"upper": words[0].upper(), "lower": words[0].lower(), "trim": words[0].strip()}[name]
    return UNKNOWN


def _printed(value: str | int) -> str:
    """A value as Go prints it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def printed(value: Any) -> str | None:
    """Return a value as an action prints it; None if it is not a plain scalar, or nothing."""
    if isinstance(value, str):
        return value or None
    return _printed(value) if isinstance(value, (bool, int)) and (isinstance(value, bool) or abs(value) < 10**6) else None
