"""What an editor shows on hover: why, on a finding; what a field means and does here; the next starts of a schedule.

It knows analyses and the protocol.
"""

from __future__ import annotations

from lsprotocol import types as lsp

from joblint.lsp.analysis import Analysis
from joblint.lsp.texts import key_of, meaning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding
    from joblint.source.documents import Document


def hover(found: Analysis, position: lsp.Position) -> lsp.Hover | None:
    """Return why (on a finding), what a field means and what it does here (on a field), the next starts (on a schedule)."""
    line, column = found.text.place(position)
    parts = [_why(f) for f in found.findings if _covers(f, line, column)]
    where = None
    place = found.place_at(line, column)
    if place is not None:
        document, at, prefix, kind = place
        field = at.field[len(prefix) :]
        where = found.text.range(document.span(at.field, "key" if at.key else "value"))
        parts += _field(found, document, prefix, field, kind)
    if not parts:
        return None
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n---\n\n".join(parts)), where)


def _covers(f: Finding, line: int, column: int) -> bool:
    s = f.span
    return (s.line, s.column) <= (line, column) <= (s.end_line, s.end_column)


def _why(f: Finding) -> str:
    """The reason and the fix; editors show the message itself, as that of the diagnostic."""
    fix = f"\n\n```yaml\n{f.fix_text}\n```" if f.fix_text else ""
    return f"**{f.rule} {f.name}**: {_plain(f.why)}{fix}"


def _plain(text: str) -> str:
    """Text escaped for Markdown."""
    return "".join(["\\" + c if c in "\\`*_{}[]<>#|!" else c for c in text])


def _field(found: Analysis, document: Document, prefix: str, field: str, kind: str) -> list[str]:
    means, default = meaning(key_of(field, kind))
    parts = []
    if means:
        parts.append(f"**{field.rpartition('.')[2]}**: {_plain(means)}\n\nDefault: {_plain(default)}")
    row = found.limit_at(document, prefix, field)
    if row is not None:
        parts.append(f"**Here:** {_plain(row.value)}: {_plain(row.here)}")
    if field in ("spec.schedule", "spec.timeZone") and kind == "CronJob":
        explanation = found.explanation_of(document, prefix)
        if explanation is not None and explanation.schedule is not None:
            schedule = explanation.schedule
            lines = [f"- {s.local} ({s.utc})" for s in schedule.starts]
            parts.append("\n".join([f"{_plain(schedule.words)} Next starts, {_plain(schedule.zone)}:", "", *lines]))
    return parts
