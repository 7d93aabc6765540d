"""Findings as diagnostics; knows analyses and the protocol."""

from __future__ import annotations

from lsprotocol import types as lsp

from joblint.lsp.analysis import Analysis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding

SOURCE = "joblint"
_SEVERITY = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Hint,
}


def diagnostics(found: Analysis) -> list[lsp.Diagnostic]:
    """One diagnostic a finding, at its span."""
    return [diagnostic(found, f) for f in found.findings]


def diagnostic(found: Analysis, f: Finding) -> lsp.Diagnostic:
    """The diagnostic of a finding."""
    return lsp.Diagnostic(
        found.text.range(f.span),
        "\n".join((f.message, *f.also)),
        _SEVERITY[f.severity],
        f.rule,
        lsp.CodeDescription(f.url) if f.url else None,
        SOURCE,
        data={"rule": f.rule, "line": f.span.line, "column": f.span.column},
    )
