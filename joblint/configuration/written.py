"""A configuration file as written: its data, and the position of everything in it; knows YAML and TOML, not settings."""

from __future__ import annotations

import os

from joblint.base.content import small
from joblint.base.files import CONFIGURATIONS
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.source.documents import Document

NAMES = (*CONFIGURATIONS, "joblint.toml", "pyproject.toml")
"""The possible names of a configuration file, the one that wins first; the last one counts if it contains [tool.joblint]."""

_TABLE = "tool.joblint"


class ConfigError(Exception):
    """A configuration that cannot be used; the text contains file, line and column."""


class Written(Record):
    """A configuration file's data, with what is needed to find the position of each part."""

    file: str
    data: Any
    document: Document | None
    places: dict[str, tuple[int, int]]

    def place(self, field: str, key: bool = False) -> tuple[int, int]:
        """Return line and column, from 1, of a setting's value (or its key); of the nearest enclosing setting if it has
        none."""
        if self.document is not None:
            span = self.document.span(field, "key" if key else "value")
            return span.line, span.column
        if key and f"{field}\0" in self.places:
            return self.places[f"{field}\0"]
        while field and field not in self.places:
            field = field[: max(field.rfind("."), field.rfind("["), 0)]
        return self.places.get(field, (1, 1))

    def at(self, field: str, key: bool = False) -> str:
        """Return the position as `file:line:column`."""
        line, column = self.place(field, key)
        return f"{self.file}:{line}:{column}"

    def raw(self, field: str) -> str | None:
        """Return a plain scalar as it is written, None if that is unknown."""
        return self.document.raw(field) if self.document is not None else None


def read(path: str) -> Written:
    """Return the file as written. Raises ConfigError if it cannot be read."""
    try:
        data = small(path)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    return _toml(path, data) if path.endswith(".toml") else _yaml(path, data)


def is_configuration(path: str) -> bool:
    """Whether a file of one of the names exists and is a configuration: a pyproject.toml need not configure joblint."""
    if not path.endswith("pyproject.toml"):
        return os.path.lexists(path)
    try:
        data = small(path)
    except OSError:
        return False
    at = data.find(b"[tool.joblint")
    while at >= 0:
        line = data[data.rfind(b"\n", 0, at) + 1 : at].strip(b" \t[\r")
        after = data[at + len("[tool.joblint") : at + len("[tool.joblint") + 1]
        if not line and after in (b"]", b".", b"", b"\n", b"\r", b" ", b"\t"):  # without a bracket, it is a mistake to report
            return True
        at = data.find(b"[tool.joblint", at + 1)
    return False


def _yaml(path: str, data: bytes) -> Written:
    from joblint.source.documents import read as read_documents

    documents = [d for d in read_documents(data, path, templates=False) if d.value is not None or d.problems]
    if not documents:
        return Written(path, {}, None, {})
    for document in documents[:2]:
        for problem in document.problems:
            raise ConfigError(f"{path}:{problem.span.line}:{problem.span.column}: {problem.message}")
    if len(documents) > 1:
        raise ConfigError(f"{path}:{documents[1].line}:1: a configuration must be one YAML document; this is the second")
    return Written(path, documents[0].value, documents[0], {})


def _toml(path: str, data: bytes) -> Written:
    from joblint.configuration.toml import TomlMistake
    from joblint.configuration.toml import read as read_toml

    try:
        value, places = read_toml(data.decode("utf-8-sig"), _TABLE if path.endswith("pyproject.toml") else "")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8 text") from None
    except TomlMistake as error:
        raise ConfigError(f"{path}:{error.line}:{error.column}: {error}") from None
    return Written(path, value, None, places)
