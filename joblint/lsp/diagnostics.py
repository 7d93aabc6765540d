"""Findings, and documents that are not checked, as diagnostics; knows analyses and the protocol."""

from __future__ import annotations

from lsprotocol import types as lsp

from joblint.lsp.analysis import Analysis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding
    from joblint.source.documents import Document

SOURCE = "joblint"
_SEVERITY = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Hint,
}


def diagnostics(found: Analysis) -> list[lsp.Diagnostic]:
    """Return a diagnostic for each finding, at its span, and a hint at the first line of each template, which says how to check
    it."""
    return [*(diagnostic(found, f) for f in found.findings), *(_not_checked(found, d, why) for d, why in found.skipped)]


def diagnostic(found: Analysis, f: Finding) -> lsp.Diagnostic:
    """Return the diagnostic of a finding."""
    return lsp.Diagnostic(
        found.text.range(f.span),
        "\n".join((f.message, *f.also)),
        _SEVERITY[f.severity],
        f.rule,
        lsp.CodeDescription(f.url) if f.url else None,
        SOURCE,
        data={"rule": f.rule, "line": f.span.line, "column": f.span.column},
    )


def _not_checked(found: Analysis, document: Document, why: str) -> lsp.Diagnostic:
    length = len(found.text.line(document.line))
    where = lsp.Range(found.text.position(document.line, 1), found.text.position(document.line, length + 1))
    return lsp.Diagnostic(where, f"Not checked: {why}", lsp.DiagnosticSeverity.Hint, source=SOURCE)
