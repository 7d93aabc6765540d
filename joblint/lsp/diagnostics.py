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
    it, and of each document that joblint itself failed on."""
    lines = [(document, f"Not checked: {why}") for document, why in found.skipped]
    lines += [(document, f"{where[0].upper()}{where[1:]}: {error}") for document, where, error in found.crashes]
    return [*(diagnostic(found, f) for f in found.findings), *(_hint(found, document, text) for document, text in lines)]


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


def _hint(found: Analysis, document: Document, text: str) -> lsp.Diagnostic:
    length = len(found.text.line(document.line))
    where = lsp.Range(found.text.position(document.line, 1), found.text.position(document.line, length + 1))
    return lsp.Diagnostic(where, text, lsp.DiagnosticSeverity.Hint, source=SOURCE)
