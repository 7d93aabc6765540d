"""A team's own rule files, listed in the configuration: read, checked against the schema, their expressions compiled.

Knows rule files and expressions, no manifests. All mistakes are reported together, each with file, line and column.
"""

from __future__ import annotations

import os

from joblint.base.content import small
from joblint.base.record import Record
from joblint.configuration.written import NAMES, ConfigError
from joblint.rules.catalogue.rule import Rule, builtin, from_data
from joblint.rules.catalogue.select import RENAMED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.source.documents import Document

_VALUES = ("field", "kind", "name", "value")
"""The values that the texts of an own rule may contain in braces."""


class OwnRule(Record):
    """A rule with its file and the file's data, including examples."""

    rule: Rule
    file: str
    data: dict[str, Any]
    document: Document


def load_own(paths: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return the rules of rule files and of directories of them. Raises ConfigError if any of them is invalid."""
    return tuple([own.rule for own in read_own(paths)])


def read_own(paths: tuple[str, ...]) -> tuple[OwnRule, ...]:
    """Like `load_own`, with each rule's file. Raises ConfigError."""
    from joblint.rules.catalogue.rule_files import RuleFileError

    found: list[OwnRule] = []
    wrong: list[str] = []
    known = {word: f"joblint's own {r.id} {r.name}" for r in builtin() for word in (r.id, r.name)}
    known.update({name: f"the former name of joblint's own {id}" for name, id in RENAMED.items()})
    for file in _files(paths):
        try:
            own = _read(file)
        except RuleFileError as error:
            wrong.append(str(error))
            continue
        wrong += _mistakes(own, known)
        known.update({own.rule.id: own.file, own.rule.name: own.file})
        found.append(own)
    if wrong:
        raise ConfigError("\n".join(wrong))
    return tuple(sorted(found, key=lambda own: own.rule.id))


def _files(paths: tuple[str, ...]) -> list[str]:
    from joblint.base.files import find

    found = find(paths)
    if found.missing:
        raise ConfigError("\n".join([f"{path}: {reason}" for path, reason in found.missing]))
    files = [f for f in found.files if not f.endswith(".json") and os.path.basename(f) not in NAMES]
    if not files:
        raise ConfigError(f"{', '.join(paths)}: no rule file (*.yaml) there")
    return files


def _read(file: str) -> OwnRule:
    from joblint.rules.catalogue.rule_files import RuleFileError, validate
    from joblint.source.documents import read

    try:
        content = small(file)
    except OSError as error:
        raise RuleFileError(f"{file}: {error.strerror or error}") from None
    data = validate(file, content)
    document = next(d for d in read(content, file, templates=False) if d.value is not None)
    return OwnRule(from_data(data), file, data, document)


def _mistakes(own: OwnRule, known: dict[str, str]) -> Iterator[str]:
    """The mistakes in a rule that the schema accepts."""
    rule = own.rule
    if rule.id.startswith("JL"):
        yield _at(own, "id", "IDs that begin with JL are reserved for joblint")
    for field in ("id", "name"):
        if (word := str(own.data[field])) in known:
            yield _at(own, field, f"{word} is already used by {known[word]}")
    if not rule.check:
        yield _at(own, "", "`check: {cel: …}` is missing: your own rule needs an expression")
        return
    if rule.scope != "object" or rule.server or rule.gather:
        field = "server" if rule.server else "gather" if rule.gather else "scope"
        yield _at(own, field, f"{field} is reserved for joblint's own rules")
    for field in ("message", "label", "why", "fix"):
        yield from _text_mistakes(own, field, str(own.data.get(field, "")))
    yield from _expression_mistakes(own)


def _text_mistakes(own: OwnRule, field: str, text: str) -> Iterator[str]:
    from string import Formatter

    what = ""
    try:
        for _, name, spec, conversion in Formatter().parse(text):
            if name is not None and name not in _VALUES:
                what = f"unknown value {name!r}"
            elif spec or conversion:
                what = f"{name!r} must not have a format"
    except ValueError as error:
        what = str(error)
    if what:
        yield _at(
            own, field, f"{field}: {what}; valid values are {{field}}, {{kind}}, {{name}} and {{value}}; double all other braces"
        )


def _expression_mistakes(own: OwnRule) -> Iterator[str]:
    from joblint.api.version.versions import VERSIONS
    from joblint.rules.catalogue.cel import MissingExtra, WrongExpression, compile_expression, parts, unknown_fields

    text = parts(own.rule)[1]
    try:
        compile_expression(text)
        unknown = unknown_fields(text, own.rule.kinds, VERSIONS[-1])
    except MissingExtra as error:
        yield _at(own, "check", str(error))
    except WrongExpression as error:
        yield _in_expression(own, error.line, error.column, str(error))
    else:
        for path, where in unknown:
            name = path[len(where) :].lstrip(".").partition(".")[0]
            yield _in_expression(own, *_find(text, path), f"{where} has no field {name}")


def _find(text: str, path: str) -> tuple[int, int]:
    at = max(text.find(path), 0)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _at(own: OwnRule, field: str, message: str) -> str:
    span = own.document.span(field)
    return f"{own.file}:{span.line}:{span.column}: {message}"


def _in_expression(own: OwnRule, line: int, column: int, message: str) -> str:
    """A position in the expression as a position in the file."""
    span, style = own.document.span("check.cel"), own.document.style("check.cel")
    row, begin = span.line, span.column
    if style == "literal":
        row += line
        text = own.document.source_line(row) or ""
        begin = len(text) - len(text.lstrip()) + column
    elif line == 1 and style != "folded":
        begin += column - 1 + (style != "plain")
    return f"{own.file}:{row}:{begin}: {message}"
