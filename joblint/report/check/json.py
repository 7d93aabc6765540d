"""The report of `check` as JSON (`schemas/output/check.json`)."""

from __future__ import annotations

from joblint.report.check.summary import counts
from joblint.report.safe import json_text
from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.api.admission.pod_security import PodSecurity
    from joblint.api.verdict import Verdict
    from joblint.report.style import Style
    from joblint.rules.finding import Finding, Fix, RuleCrash
    from joblint.run.result import Checked, Report


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the report as one JSON text."""
    yield json_text(data(report, least))


def data(report: Report, least: str) -> dict[str, Any]:
    """Return the report as JSON data; the findings are those at or above a severity, the summary counts all."""
    from joblint import __version__ as VERSION

    found = counts(report)
    return {
        "version": 1,
        "joblint": VERSION,
        "kubernetes": report.kubernetes,
        "summary": {
            "files": report.files,
            "documents": len(report.documents),
            "errors": found["error"],
            "warnings": found["warning"],
            "infos": found["info"],
            "ignored": len(report.ignored),
            "known": len(report.known),
            "fixed": report.fixed,
            "unchanged": report.unchanged,
            "skipped": [{"file": s.file, "document": s.document, "reason": s.reason} for s in report.skipped],
            "not_walked": [{"path": path, "reason": reason} for path, reason in report.passed],
            "missing": [{"file": path, "reason": reason} for path, reason in report.missing],
            "crashes": [crash_data(c) for c in report.crashes],
        },
        "documents": [_document(c) for c in report.documents],
        "findings": [_finding(f) for f in report.findings if at_least(f.severity, least)],
    }


def _document(checked: Checked) -> dict[str, Any]:
    judged = checked.judged
    return {
        "file": checked.file,
        "document": judged.document,
        "line": judged.line,
        "apiVersion": judged.api_version,
        "kind": judged.kind,
        "namespace": judged.namespace,
        "name": judged.name,
        "apiserver": verdict_data(judged.verdict),
        "pattern": judged.pattern,
        **({"podSecurity": _pod_security(judged.pod_security)} if judged.pod_security is not None else {}),
    }


def _pod_security(found: PodSecurity) -> dict[str, Any]:
    return {
        "level": found.policy.level,
        "version": found.policy.version,
        "allowed": found.allowed,
        "message": found.message or None,
        "podMessage": found.pod_message or None,
    }


def crash_data(crash: RuleCrash) -> dict[str, Any]:
    """Return an error in joblint as JSON data; rule and name are empty if no rule failed but joblint itself."""
    return {f: getattr(crash, f) for f in ("rule", "name", "file", "document", "error")}


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON data."""
    return {
        "accepted": verdict.accepted,
        "stage": verdict.stage,
        "errors": [{"type": e.type, "field": e.field, "message": e.message} for e in verdict.errors],
        "warnings": list(verdict.warnings),
    }


def _finding(f: Finding) -> dict[str, Any]:
    return {
        "rule": f.rule,
        "name": f.name,
        "severity": f.severity,
        "confidence": f.confidence,
        "message": f.message,
        "file": f.file,
        "document": f.document,
        "field": f.field,
        "line": f.span.line,
        "column": f.span.column,
        "end_line": f.span.end_line,
        "end_column": f.span.end_column,
        "object": {
            "kind": f.object.kind,
            "namespace": f.object.namespace,
            "name": f.object.name,
            "container": f.object.container,
        },
        "source": _source(f),
        "also": list(f.also),
        "why": f.why,
        "fix_text": f.fix_text,
        "fix": _fix(f.fix),
        "url": f.url,
    }


def _source(f: Finding) -> dict[str, Any] | None:
    if f.source is not None:
        return {"file": f.source.file, "line": f.source.line, "column": f.source.column, "values": f.source.values}
    return {"file": f.object.source, "line": None, "column": None, "values": None} if f.object.source else None


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [
        {"line": e.line, "column": e.column, "end_line": e.end_line, "end_column": e.end_column, "text": e.text}
        for e in fix.edits
    ]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}
