"""What an editor shows next to the text: lenses over kinds, inlay hints after limits, the symbols of a file."""

from __future__ import annotations

from lsprotocol import types as lsp

from joblint.api.shared_names import CONTAINER_LISTS
from joblint.lsp.analysis import Analysis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.source.documents import Document

PAGE = "joblint.page"
"""The command of the lenses that opens a file's page."""

HTML = "joblint.html"
"""The command that returns the page of the document at a line, for editors that display it themselves."""

_USUAL_HINT = 43  # characters that Visual Studio Code shows of a hint
_LONGEST_HINT = 60


def lenses(found: Analysis, uri: str) -> list[lsp.CodeLens]:
    """Return the lens over the kind of each Job and CronJob: the first sentence of its explanation; it opens the page."""
    made = []
    for document in found.documents:
        for prefix, value in document.objects() if document.value is not None else ():
            if not isinstance(value, dict) or value.get("kind") not in ("Job", "CronJob"):
                continue
            explanation = found.explanation_of(document, prefix)
            if explanation is None or not (explanation.headline or explanation.verdict.errors):
                continue
            title = explanation.headline.split(". ")[0].rstrip(".")
            if not explanation.verdict.accepted:
                then = f". After the fix: {title[:1].lower()}{title[1:]}" if explanation.is_told and title else ""
                title = "Rejected by the API server" + then
            where = found.text.range(document.span(prefix + "kind", "key"))
            made.append(lsp.CodeLens(where, lsp.Command(title, PAGE, None, [uri, explanation.line])))
    return made


def hints(found: Analysis, range_: lsp.Range) -> list[lsp.InlayHint]:
    """Return an inlay hint after each limit that the manifest sets: what it does here. `range_` is the visible part of the
    file."""
    made = []
    first, last = found.document_at(range_.start.line + 1), found.document_at(range_.end.line + 1)
    begin, end = first.index if first is not None else 0, last.index if last is not None else -1
    for document in found.documents[begin : end + 1]:
        objects = document.objects() if document.value is not None else ()
        starts = [document.line_of(prefix) for prefix, _ in objects]
        for (prefix, value), start, next_one in zip(objects, starts, [*starts[1:], range_.end.line + 2], strict=True):
            if next_one <= range_.start.line or start > range_.end.line + 1:  # a List may have thousands of items
                continue
            if not isinstance(value, dict) or value.get("kind") not in ("Job", "CronJob"):
                continue
            explanation = found.explanation_of(document, prefix)
            for row in explanation.limits if explanation is not None else ():
                span = document.span(prefix + row.field)
                if not row.set or not range_.start.line <= span.line - 1 <= range_.end.line:
                    continue
                text = _short(row.here)
                at = found.text.position(span.end_line, span.end_column)
                made.append(lsp.InlayHint(at, text, tooltip=row.here, padding_left=True))
    return made


def _short(here: str) -> str:
    """What a limit does, without what is only added to it; the tooltip has it all."""
    if len(here) <= _USUAL_HINT:
        return here
    first = here.partition("; ")[0].partition(", even ")[0]
    before, _, after = first.partition(", but ")
    text = after or before
    return text if len(text) <= _LONGEST_HINT else text[: _LONGEST_HINT - 1].rstrip() + "…"


def symbols(found: Analysis) -> list[lsp.DocumentSymbol]:
    """Return the symbols of each Job and CronJob, with its containers."""
    made = []
    for document in found.documents:
        for prefix, value in document.objects() if document.value is not None else ():
            if not isinstance(value, dict) or value.get("kind") not in ("Job", "CronJob"):
                continue
            meta = value.get("metadata")
            name = str((meta if isinstance(meta, dict) else {}).get("name") or "(no name)")
            here = found.text.range(document.span(prefix + "kind", "key"))
            whole = document.entry_span(prefix.rstrip(".")) if prefix else None
            first, last = document.span(prefix.rstrip(".")), document.span(prefix + "spec")
            region = (
                found.text.range(whole)
                if whole is not None
                else lsp.Range(found.text.range(first).start, found.text.range(last).end)
            )
            if (here.end.line, here.end.character) > (region.end.line, region.end.character):
                region = lsp.Range(region.start, here.end)
            if (here.start.line, here.start.character) < (region.start.line, region.start.character):
                region = lsp.Range(here.start, region.end)
            children = list(_containers(found, document, prefix, value))
            kind = str(value["kind"])
            made.append(lsp.DocumentSymbol(f"{kind} {name}", lsp.SymbolKind.Object, region, here, children=children))
    return made


def _containers(found: Analysis, document: Document, prefix: str, value: object) -> Iterator[lsp.DocumentSymbol]:
    from joblint.source.places.paths import steps, value_at

    for base in ("spec.template.spec", "spec.jobTemplate.spec.template.spec"):
        for field in CONTAINER_LISTS:
            items = value_at(value, steps(f"{base}.{field}"))
            for i, item in enumerate(items if isinstance(items, list) else ()):
                if isinstance(item, dict):
                    where = found.text.range(document.span(f"{prefix}{base}.{field}[{i}]"))
                    yield lsp.DocumentSymbol(
                        str(item.get("name") or field), lsp.SymbolKind.Function, where, where, str(item.get("image") or "")
                    )
