"""Reusing the outcome of a document whose text is unchanged but has moved in its file; checks nothing."""

from __future__ import annotations

from joblint.base.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Edit, Finding, Fix
    from joblint.rules.ignores.written import Ignore
    from joblint.rules.outcome import Outcome
    from joblint.source.places.spans import Span


def moved(outcome: Outcome, lines: int, documents: int) -> Outcome | None:
    """Return the outcome moved down by this many lines and documents; None if one of its texts contains a line number: check it
    again."""
    if not lines and not documents:
        return outcome
    if outcome.crashes or lines and not all(_free(f) for f in outcome.findings):
        return None
    if lines and any(_names_line(s.reason) for s in outcome.skipped):
        return None
    return replace(
        outcome,
        judged=tuple([replace(j, document=j.document + documents, line=j.line + lines) for j in outcome.judged]),
        findings=tuple([_finding(f, lines, documents) for f in outcome.findings]),
        facts=tuple([replace(f, origin=replace(f.origin, document=f.origin.document + documents)) for f in outcome.facts]),
        skipped=tuple([replace(s, document=s.document + documents) for s in outcome.skipped]),
        ignores=tuple([_ignore(i, lines, documents) for i in outcome.ignores]),
    )


def _free(f: Finding) -> bool:
    texts = (f.message, f.label, f.why, f.fix_text, *f.also, f.fix.title if f.fix is not None else "")
    return not any(_names_line(text) for text in texts)


def _names_line(text: str) -> bool:
    """Whether a text contains `line 7`, or `lines 7`."""
    at = text.find("line")
    while at >= 0:
        rest = text[at + 4 : at + 8].removeprefix("s").lstrip(" ")
        if rest[:1].isdigit():
            return True
        at = text.find("line", at + 4)
    return False


def _finding(f: Finding, lines: int, documents: int) -> Finding:
    if not lines:
        return replace(f, document=f.document + documents)
    excerpt = tuple([(number + lines, text) for number, text in f.excerpt])
    return replace(f, document=f.document + documents, span=_span(f.span, lines), fix=_fix(f.fix, lines), excerpt=excerpt)


def _span(span: Span, lines: int) -> Span:
    return replace(span, line=span.line + lines, end_line=span.end_line + lines)


def _fix(fix: Fix | None, lines: int) -> Fix | None:
    return replace(fix, edits=tuple([_edit(e, lines) for e in fix.edits])) if fix is not None else None


def _edit(edit: Edit, lines: int) -> Edit:
    return replace(edit, line=edit.line + lines, end_line=edit.end_line + lines)


def _ignore(ignore: Ignore, lines: int, documents: int) -> Ignore:
    return replace(
        ignore,
        document=ignore.document + documents,
        span=_span(ignore.span, lines),
        removal=_span(ignore.removal, lines) if ignore.removal is not None else None,
        first=ignore.first + lines if ignore.first and not ignore.whole else ignore.first,
        last=ignore.last + lines if ignore.first and not ignore.whole else ignore.last,
        excerpt=tuple([(number + lines, text) for number, text in ignore.excerpt]),
    )
