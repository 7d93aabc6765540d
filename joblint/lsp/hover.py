"""What an editor shows on hover: why, on a finding; what a field means and does here; the next starts of a schedule.

It knows analyses and the protocol.
"""

from __future__ import annotations

from lsprotocol import types as lsp

from joblint.lsp.analysis import Analysis
from joblint.lsp.kinds import field_of_line
from joblint.lsp.texts import meaning
from joblint.report.remedy import as_typed

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
    elif (written := field_of_line(found.text.lines, line)) is not None:  # a template, or text that is not valid YAML yet
        parts += _meaning(found, *written)
    if not parts:
        return None
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n---\n\n".join(parts)), where)


def _covers(f: Finding, line: int, column: int) -> bool:
    s = f.span
    return (s.line, s.column) <= (line, column) <= (s.end_line, s.end_column)


def _why(f: Finding) -> str:
    """The reason and the fix; editors show the message itself, as that of the diagnostic."""
    fix = "\n\n```yaml\n" + "\n".join(as_typed(f.fix_text)) + "\n```" if f.fix_text else ""
    return f"**{f.rule} {f.name}**: {_plain(f.why)}{fix}"


def _plain(text: str) -> str:
    """Text escaped for Markdown."""
    return "".join(["\\" + c if c in "\\`*_{}[]<>#|!" else c for c in text])


def _meaning(found: Analysis, kind: str, field: str) -> list[str]:
    means, default = meaning(found.engine.version, kind, field)
    if not means:
        return []
    more = f"\n\nDefault: {_plain(default)}" if default else ""
    return [f"**{_plain(field.rpartition('.')[2])}**: {_plain(means)}{more}"]


def _field(found: Analysis, document: Document, prefix: str, field: str, kind: str) -> list[str]:
    parts = _meaning(found, kind, field)
    row = found.limit_at(document, prefix, field)
    if row is not None:
        parts.append(f"**Here:** {_plain(row.value)}: {_plain(row.here)}")
    elif (here := _here(found, document, prefix, field)) != "":
        parts.append(f"**Here:** {_plain(here)}")
    if field in ("spec.schedule", "spec.timeZone") and kind == "CronJob":
        parts += _starts(found, document, prefix)
    return parts


_SHAPE = ("completionMode", "completions", "parallelism", "template.spec.restartPolicy")
"""The fields of a Job that the first sentences of its explanation are about."""

_HISTORY = ("spec.successfulJobsHistoryLimit", "spec.failedJobsHistoryLimit")


def _here(found: Analysis, document: Document, prefix: str, field: str) -> str:
    """What the explanation says about a field that is not a limit of the Job; "" if it says nothing."""
    explanation = found.explanation_of(document, prefix)
    if explanation is None or not explanation.is_told:
        return ""
    job = field.removeprefix("spec.jobTemplate.spec.") if explanation.kind == "CronJob" else field.removeprefix("spec.")
    if job != field and job in _SHAPE:
        return " ".join(explanation.headline.split())
    if explanation.schedule is None:
        return ""
    if field == "spec.concurrencyPolicy":
        from joblint.explain.cron import told_once

        told = "; ".join([text for text, _ in told_once(explanation.schedule.overlaps)])
        return told if not told.startswith("none: ") else f"no overlap: {told.removeprefix('none: ')}"
    wanted = "spec" if field in _HISTORY else field
    return next((text for of, text in explanation.schedule.notes if of == wanted and field != "spec"), "")


def _starts(found: Analysis, document: Document, prefix: str) -> list[str]:
    """The next starts of a CronJob: from its explanation, or from the schedule alone while the rest cannot be explained."""
    explanation = found.explanation_of(document, prefix)
    if explanation is not None and explanation.schedule is not None:
        schedule = explanation.schedule
        words, zone, starts = f"{_plain(schedule.words)}.", schedule.zone, [(s.local, s.utc) for s in schedule.starts]
    else:
        from time import time

        from joblint.controller.cron.simulate import next_starts

        value = dict(document.objects())[prefix]
        words, zone = "", str((value.get("spec") or {}).get("timeZone") or "UTC")
        starts = [(s.local, s.utc) for s in next_starts(value, 5, time())]
    if not starts:
        return [words] if words else []
    lines = [f"- {local} ({utc})" for local, utc in starts]
    return ["\n".join([words, "", f"Next starts, {_plain(zone)}:", "", *lines]).lstrip("\n")]
