"""Reading rule files, joblint's own and a team's; knows YAML and the rule schema, no manifests. Not on the hot path."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class RuleFileError(Exception):
    """A rule file that cannot be used; the text contains the file and, if known, line and column."""


def read_rule_file(name: str, data: bytes) -> dict[str, Any]:
    """Return the data of one rule file. Raises RuleFileError if it cannot be read or is not a mapping."""
    from joblint.source.documents import read

    documents = [d for d in read(data, name, templates=False) if d.value is not None or d.problems]
    for document in documents:
        for problem in document.problems:
            raise RuleFileError(f"{name}:{problem.span.line}:{problem.span.column}: {problem.message}")
    if len(documents) != 1 or not isinstance(documents[0].value, dict):
        raise RuleFileError(f"{name}:1:1: a rule file must contain one rule: one YAML document with a mapping")
    return documents[0].value


def validate(name: str, data: bytes) -> dict[str, Any]:
    """Check the data of a rule file against `schemas/rule.json` and return it. Raises RuleFileError with every mistake."""
    from json import loads

    from jsonschema import Draft202012Validator

    from joblint.base import compiled
    from joblint.source.documents import read

    value = read_rule_file(name, data)
    validator = Draft202012Validator(loads(compiled.read("schemas/rule.json")))
    lines = []
    document = next(d for d in read(data, name, templates=False) if d.value is not None)
    for error in sorted(validator.iter_errors(value), key=lambda e: list(map(str, e.absolute_path))):
        path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path).lstrip(".")
        span = document.span(path)
        lines.append(f"{name}:{span.line}:{span.column}: {path or 'the rule'}: {error.message}")
    if lines:
        raise RuleFileError("\n".join(lines))
    return value


def builtin_rule_files() -> Iterator[tuple[str, bytes]]:
    """Return name and content of each of joblint's own rule files, wherever joblint is installed."""
    from joblint.base import compiled

    for name in compiled.names("rules", ".yaml"):
        yield f"rules/{name}", compiled.read(f"rules/{name}")
