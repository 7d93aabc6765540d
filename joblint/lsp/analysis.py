"""What joblint knows about an open file: documents, findings, explanations, each computed when first needed; no protocol."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.explain.explanation import Explanation, Limit
    from joblint.lsp.context import Place
    from joblint.rules.finding import Finding
    from joblint.run.again import Again
    from joblint.run.result import Report
    from joblint.source.documents import Document


class Analysis:
    """One version of a file's text. `again` contains the results for former versions and the settings that apply to the
    file."""

    def __init__(self, text: str, again: Again) -> None:
        from joblint.lsp.positions import Text

        self.text = Text(text)
        self.data = text.encode("utf-8", "surrogatepass")
        self.path = again.name
        self.engine = again.engine
        self._again = again
        self._known: tuple[Report, tuple[Document, ...]] | None = None
        self._explanations: tuple[Explanation, ...] | None = None

    def _checked(self) -> tuple[Report, tuple[Document, ...]]:
        if self._known is None:
            self._known = self._again.check(self.data), self._again.documents
        return self._known

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return everything that `check` reports for the file, including info."""
        return self._checked()[0].findings

    @property
    def documents(self) -> tuple[Document, ...]:
        """Return the documents of the file; those that are neither a Job nor a CronJob may be unparsed."""
        return self._checked()[1]

    @property
    def skipped(self) -> tuple[tuple[Document, str], ...]:
        """Return the documents that look like Jobs or CronJobs but are not checked, such as templates, with the reason."""
        from joblint.rules.skips import NAMED

        reasons = {s.document: s.reason for s in self._checked()[0].skipped if s.what == NAMED}
        return tuple([(d, reasons[d.index]) for d in self.documents if d.index in reasons])

    @property
    def crashes(self) -> tuple[tuple[Document, str, str], ...]:
        """Return the documents that joblint or a rule failed on: what failed, and the error."""
        of = {d.index: d for d in self.documents}
        return tuple([(of[c.document], c.where, c.error) for c in self._checked()[0].crashes if c.document in of])

    @property
    def explanations(self) -> tuple[Explanation, ...]:
        """Return what `jobs-explain` says about the file's Jobs and CronJobs, starting now."""
        if self._explanations is None:
            from time import time

            self._explanations = self._again.explanations(self.data, time())
        return self._explanations

    def document_at(self, line: int) -> Document | None:
        """Return the document that contains a line (from 1)."""
        found = None
        for document in self.documents:
            if document.source.part.line + 1 > line:
                break
            found = document
        return found

    def object_at(self, document: Document, field: str) -> tuple[str, str]:
        """Return prefix and kind of the object that contains a field path of the document; ("", "") if it is not a Job or
        CronJob."""
        for prefix, value in document.objects() if document.value is not None else ():
            if field.startswith(prefix) and isinstance(value, dict) and value.get("kind") in ("Job", "CronJob"):
                return prefix, str(value["kind"])
        return "", ""

    def place_at(self, line: int, column: int) -> tuple[Document, Place, str, str] | None:
        """Return document, field, and the object's prefix and kind at a line and column (from 1); None if there is no such
        field."""
        from joblint.lsp.context import field_at

        document = self.document_at(line)
        place = field_at(document, line, column) if document is not None and document.value is not None else None
        if document is None or place is None:
            return None
        prefix, kind = self.object_at(document, place.field)
        return (document, place, prefix, kind) if kind else None

    def explanation_of(self, document: Document, prefix: str) -> Explanation | None:
        """Return the explanation of the object of a document whose field paths have this prefix."""
        line = document.span(prefix.rstrip(".")).line if prefix else document.line
        return next((e for e in self.explanations if e.document == document.index and e.line == line), None)

    def limit_at(self, document: Document, prefix: str, field: str) -> Limit | None:
        """Return the row of explain's table for a field (a path relative to the object)."""
        explanation = self.explanation_of(document, prefix)
        return next((row for row in explanation.limits if row.field == field), None) if explanation is not None else None
