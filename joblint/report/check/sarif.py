"""The report of `check` as SARIF 2.1.0, for code scanning of GitHub and others.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0 errata 01; GitHub, SARIF support for code scanning.
"""

from __future__ import annotations

from joblint.base.checkout import in_checkout
from joblint.report.check.shown import shown
from joblint.report.remedy import as_markdown, as_typed
from joblint.report.safe import json_text
from joblint.rules.finding import at_least
from joblint.rules.identity import fingerprint, numbered
from joblint.rules.skips import OTHER_KIND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.report.style import Style
    from joblint.rules.finding import Finding, Fix
    from joblint.rules.ignores.settle import Ignored
    from joblint.run.result import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/joblint/joblint"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PRECISION = {"certain": "very-high", "likely": "high", "hint": "medium"}


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the report as one JSON text."""
    yield json_text(data(report, least))


def data(report: Report, least: str) -> dict[str, Any]:
    """Return the report as the data of a SARIF log."""
    from joblint import __version__ as VERSION

    findings = shown(report, least)
    ignored = {id(i.finding): i for i in report.ignored if at_least(i.finding.severity, least)}
    findings += [i.finding for i in ignored.values()]
    rules: dict[str, Finding] = {}
    for finding in findings:
        rules.setdefault(finding.rule, finding)
    differing = frozenset([f.rule for f in findings if f.fix_text != rules[f.rule].fix_text])
    order = {rule: i for i, rule in enumerate(sorted(rules))}
    lines = {(c.file, c.judged.document, c.judged.kind, c.judged.name): c.judged.line for c in report.documents}
    results = []
    for finding, key, n in numbered(findings):
        result = _result(finding, key, n, order, lines, differing)
        if id(finding) in ignored:
            result["suppressions"] = [_suppression(ignored[id(finding)])]
        results.append(result)
    run = {
        "tool": {
            "driver": {
                "name": "joblint",
                "semanticVersion": VERSION,
                "informationUri": HOME,
                "rules": [_rule(rules[rule], rule in differing) for rule in order],
            }
        },
        "automationDetails": {"id": f"joblint/{report.kubernetes}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": results,
        "properties": {"kubernetes": report.kubernetes},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding, differing: bool) -> dict[str, Any]:
    """A rule with the texts of its first finding: they contain this manifest's values, not placeholders. What to type is left to
    the results if it differs between them."""
    from joblint.rules.catalogue.rule import builtin

    rule = next((r for r in builtin() if r.id == finding.rule), None)
    summary = rule.summary if rule is not None else finding.message
    confidence = rule.confidence if rule is not None else finding.confidence
    severity = rule.severity if rule is not None else finding.severity
    see = "".join([f"- <{url}>\n" for url in (rule.references if rule is not None else ())])
    typed = "" if differing else "\n".join(as_typed(finding.fix_text))
    fix = "" if differing else f"\n## How to fix it\n\n{as_markdown(finding.fix_text)}\n"
    markdown = f"{finding.why}\n{fix}" + (f"\n## References\n\n{see}" if see else "")
    found: dict[str, Any] = {
        "id": finding.rule,
        "name": finding.name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": " ".join(finding.why.split()) or summary},
        "help": {"text": f"{finding.why}\n\n{typed}".strip() or summary, "markdown": markdown},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"precision": _PRECISION[confidence], "tags": ["kubernetes", "job"]},
    }
    if finding.url:
        found["helpUri"] = finding.url
    return found


def _result(
    finding: Finding,
    key: str,
    n: int,
    order: dict[str, int],
    lines: dict[tuple[str, int, str | None, str | None], int],
    differing: frozenset[str],
) -> dict[str, Any]:
    owner = finding.object
    mark = fingerprint(key, n)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": order[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": _message(finding, finding.rule in differing)},
        "locations": [_location(finding)],
        "partialFingerprints": {"joblint/v1": mark, "primaryLocationLineHash": f"{mark}:1"},
        "properties": {"confidence": finding.confidence, "field": finding.field},
    }
    line = lines.get((finding.file, finding.document, owner.kind, owner.name))
    if line is not None and owner.title and line != finding.span.line:
        related: dict[str, Any] = {
            "id": 1,
            "message": {"text": owner.title},
            "physicalLocation": {"artifactLocation": _artifact(in_checkout(finding.file)), "region": {"startLine": line}},
        }
        result["relatedLocations"] = [related]
    if owner.source and finding.source is None:
        source: dict[str, Any] = {
            "id": 2,
            "message": {"text": f"rendered from {owner.source}"},
            "physicalLocation": {"artifactLocation": _artifact(owner.source)},
        }
        result.setdefault("relatedLocations", []).append(source)
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix, in_checkout(finding.file))]
    return result


def _message(finding: Finding, with_fix: bool) -> str:
    lines = [finding.message, *[f"also: {more}" for more in finding.also]]
    if with_fix and finding.fix_text:
        lines.append("fix: " + "\n".join(as_typed(finding.fix_text)))
    return "\n".join(lines)


def _suppression(ignored: Ignored) -> dict[str, Any]:
    found = {"kind": "external" if ignored.by == "configuration" else "inSource", "status": "accepted"}
    return found | ({"justification": ignored.reason} if ignored.reason else {})


_LONGEST = 4000
"""The most characters of a manifest that are quoted for one place: in a file of one long line, each finding would contain all
of it."""


def _location(finding: Finding) -> dict[str, Any]:
    span, owner = finding.span, finding.object
    region: dict[str, Any] = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    found: dict[str, Any] = {"physicalLocation": {"artifactLocation": _artifact(in_checkout(finding.file)), "region": region}}
    text = dict(finding.excerpt).get(span.line)
    if text is not None and span.end_line == span.line and span.end_column - span.column <= _LONGEST:
        region["snippet"] = {"text": text[span.column - 1 : span.end_column - 1]}
    length = sum([len(line) for _, line in finding.excerpt])
    if len(finding.excerpt) > 1 and finding.excerpt[-1][0] >= span.end_line and length <= _LONGEST:
        found["physicalLocation"]["contextRegion"] = {
            "startLine": finding.excerpt[0][0],
            "endLine": finding.excerpt[-1][0],
            "snippet": {"text": "\n".join([line for _, line in finding.excerpt])},
        }
    if finding.label:
        found["message"] = {"text": finding.label}
    if owner.name:
        named = "/".join([part for part in (owner.kind, owner.namespace, owner.name) if part])
        found["logicalLocations"] = [
            {"name": owner.container or owner.name, "fullyQualifiedName": f"{named}/{finding.field}", "kind": "object"}
        ]
    return found


def _fix(fix: Fix, file: str) -> dict[str, Any]:
    replacements = []
    for edit in fix.edits:
        region = {"startLine": edit.line, "startColumn": edit.column, "endLine": edit.end_line, "endColumn": edit.end_column}
        replacements.append({"deletedRegion": region, "insertedContent": {"text": edit.text}})
    return {
        "description": {"text": fix.title if fix.safe else f"{fix.title} (unsafe: changes behavior)"},
        "artifactChanges": [{"artifactLocation": _artifact(file), "replacements": replacements}],
    }


def _invocation(report: Report) -> dict[str, Any]:
    """The run: errors in joblint itself, what could not be read, what was skipped."""
    notes: list[dict[str, Any]] = []
    for crash in report.crashes:
        notes.append(_note("error", f"{crash.where}: {crash.error}", in_checkout(crash.file)))
    for file, reason in report.missing:
        notes.append(_note("error", reason, in_checkout(file)))
    for skipped in report.skipped:
        if skipped.what != OTHER_KIND:
            notes.append(_note("note", f"not checked: {skipped.reason}", in_checkout(skipped.file)))
    return {"executionSuccessful": not (report.crashes or report.missing), "toolExecutionNotifications": notes}


def _note(level: str, text: str, file: str) -> dict[str, Any]:
    note: dict[str, Any] = {"level": level, "message": {"text": text}}
    if file:
        note["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(file)}}]
    return note


def _artifact(file: str) -> dict[str, Any]:
    from urllib.parse import quote

    uri = quote(file.encode("utf-8", "surrogateescape"), safe="/-._~!$&'()*+,;=@")
    return {"uri": f"file://{uri}"} if file.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}
