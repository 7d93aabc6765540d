"""Reading rule files, joblint's own and a team's; knows YAML and the rule schema, no manifests. Not on the hot path."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from jsonschema import ValidationError


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
    errors = sorted(validator.iter_errors(value), key=lambda e: list(map(str, e.absolute_path)))
    missing = [error for error in errors if error.validator == "required" and not error.absolute_path]
    if len(missing) > 1:
        keys = ", ".join([error.message.split(chr(39))[1] for error in missing])
        lines.append(f"{name}:1:1: the keys {keys} are missing")
        errors = [error for error in errors if error not in missing]
    for error in errors:
        path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path).lstrip(".")
        span = document.span(path)
        lines.append(f"{name}:{span.line}:{span.column}: {path + ': ' if path else ''}{_wrong(error)}")
    if lines:
        raise RuleFileError("\n".join(lines))
    return value


_FORMS = {
    "id": "must be capital letters and 2 to 4 digits, such as TEAM001, and must not begin with JL",
    "name": "must be lowercase words with dashes, such as image-from-mirror",
    "since": "must be a version such as 1.0.0",
    "kubernetes": "must be a condition such as '>=1.34'",
    "references": "must be an address that begins with https://",
}
"""What the patterns of the schema accept, by the last key of the path."""

_TYPES = {"string": "a string", "array": "a list", "object": "a mapping", "boolean": "true or false"}


def _wrong(error: ValidationError) -> str:
    """What is wrong with one value, and what the schema accepts there."""
    kind: Any = error.validator
    wanted: Any = error.validator_value
    schema: Any = error.schema
    if kind == "required":
        return f"the key {error.message.split(chr(39))[1]} is missing"
    if kind == "additionalProperties" and isinstance(error.instance, dict):
        unknown = [str(key) for key in error.instance if key not in schema["properties"]]
        return f"unknown key {', '.join(unknown)}"
    if kind == "enum":
        return f"must be {', '.join(wanted[:-1])} or {wanted[-1]}, not {error.instance!r}"
    if kind == "type" and wanted in _TYPES:
        return f"must be {_TYPES[wanted]}"
    if kind in ("minLength", "maxLength"):
        return f"must have at {'least' if kind == 'minLength' else 'most'} {wanted} characters"
    keys = [part for part in error.absolute_path if isinstance(part, str)]
    if kind == "pattern" and keys and keys[-1] in _FORMS:
        return f"{_FORMS[keys[-1]]}, not {error.instance!r}"
    return str(error.message)


def builtin_rule_files() -> Iterator[tuple[str, bytes]]:
    """Return name and content of each of joblint's own rule files, wherever joblint is installed."""
    from joblint.base import compiled

    for name in compiled.names("rules", ".yaml"):
        yield f"rules/{name}", compiled.read(f"rules/{name}")
