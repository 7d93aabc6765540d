"""What joblint knows of one open file: documents, findings, explanations, each worked out when first asked for; no protocol."""

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
    """One version of a file's text. `again` knows the versions before it, and judges by the settings that hold for the file."""

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
        """Everything that `check` reports of the file, info included."""
        return self._checked()[0].findings

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents of the file; what is neither a Job nor a CronJob may be left unread."""
        return self._checked()[1]

    @property
    def skipped(self) -> tuple[tuple[Document, str], ...]:
        """The documents that look like ours and are not checked, such as templates, and why."""
        from joblint.rules.skips import NAMED

        reasons = {s.document: s.reason for s in self._checked()[0].skipped if s.what == NAMED}
        return tuple([(d, reasons[d.index]) for d in self.documents if d.index in reasons])

    @property
    def explanations(self) -> tuple[Explanation, ...]:
        """What `jobs-explain` tells of the file's Jobs and CronJobs, counted from now."""
        if self._explanations is None:
            from time import time

            self._explanations = self._again.explanations(self.data, time())
        return self._explanations

    def document_at(self, line: int) -> Document | None:
        """The document that holds a line (from 1)."""
        found = None
        for document in self.documents:
            if document.source.part.line + 1 > line:
                break
            found = document
        return found

    def object_at(self, document: Document, field: str) -> tuple[str, str]:
        """The prefix and the kind of the object that a field path of the document is in; ("", "") where it is none of ours."""
        for prefix, value in document.objects() if document.value is not None else ():
            if field.startswith(prefix) and isinstance(value, dict) and value.get("kind") in ("Job", "CronJob"):
                return prefix, str(value["kind"])
        return "", ""

    def place_at(self, line: int, column: int) -> tuple[Document, Place, str, str] | None:
        """Document, field, and the object's prefix and kind at a line and column (from 1); None where no field of ours is."""
        from joblint.lsp.context import field_at

        document = self.document_at(line)
        place = field_at(document, line, column) if document is not None and document.value is not None else None
        if document is None or place is None:
            return None
        prefix, kind = self.object_at(document, place.field)
        return (document, place, prefix, kind) if kind else None

    def explanation_of(self, document: Document, prefix: str) -> Explanation | None:
        """The explanation of the object of a document with this prefix of its fields' paths."""
        line = document.span(prefix.rstrip(".")).line if prefix else document.line
        return next((e for e in self.explanations if e.document == document.index and e.line == line), None)

    def limit_at(self, document: Document, prefix: str, field: str) -> Limit | None:
        """The row of explain's table for a field (a path relative to the object)."""
        explanation = self.explanation_of(document, prefix)
        return next((row for row in explanation.limits if row.field == field), None) if explanation is not None else None
