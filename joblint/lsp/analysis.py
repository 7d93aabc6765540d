"""What joblint knows about an open file: documents, findings, explanations, each computed when first needed; no protocol."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from joblint.explain.explanation import Explanation, Limit
    from joblint.lsp.context import Place
    from joblint.rules.finding import Finding
    from joblint.run.again import Again
    from joblint.run.result import Report
    from joblint.source.documents import Document

LARGE = 50_000
"""Files with at least this many bytes are checked in steps, between which requests are answered."""


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
        self._single: dict[int, tuple[Explanation, ...]] = {}  # by the number of the document
        self._near: tuple[int, Analysis] | None = None

    @property
    def is_checked(self) -> bool:
        """Whether the file has been checked."""
        return self._known is not None

    @property
    def is_explained(self) -> bool:
        """Whether all Jobs of the file have been explained."""
        return self._explanations is not None

    def checking(self) -> Generator[None, None, None]:
        """Check the file in steps, each of which takes little time."""
        if self._known is None:
            report = yield from self._again.checking(self.data)
            self._known = report, self._again.documents

    def explaining(self) -> Generator[None, None, None]:
        """Check and explain the file in steps."""
        yield from self.checking()
        if self._explanations is None:
            from time import time

            self._explanations = yield from self._again.explaining(self.data, time())

    def near(self, line: int) -> Analysis | None:
        """Return what to ask about a place (a line, from 1): this analysis, or that of the document (or List item) there
        alone while a large file is not checked yet; None if nothing can be said that soon. Lines and columns are the same."""
        if self._known is not None or not self.is_large:
            return self
        if self.data.lstrip()[:1] in (b"{", b"["):  # JSON is split by reading all of it
            return self.alone(line)
        from joblint.source.reading.stream import split

        found = None
        for part in split(self.data):
            if found is not None and part.line >= line:
                break
            found = part
        if found is None or found.json:
            return None
        text = "\n" * found.line + found.data.decode("utf-8", "surrogatepass")
        return self._part(found.line, text) if len(found.data) < LARGE else self._item(text.split("\n"), line)

    def alone(self, line: int) -> Analysis | None:
        """Return the analysis of the item of a List at a line (from 1) alone; None if there is none."""
        return self._item(self.text.lines, line)

    def object_alone(self, line: int) -> Analysis:
        """Return the analysis of the Job at a line (from 1) alone, or of the first one of its document if there is none; this one
        where it cannot be told from the others."""
        document = self.document_at(line)
        objects = document.objects() if document is not None and document.value is not None else ()
        if document is None or not objects or not objects[0][0]:
            return self
        begins = [document.line_of(prefix) for prefix, _ in objects]
        first = max([at for at in begins if at <= line], default=begins[0])
        found = self.alone(first)
        if found is None and document.source.part.json:
            from json import dumps

            found = self._part(first, "\n" * (first - 1) + dumps(objects[begins.index(first)][1]) + "\n")
        return found or self

    def _item(self, lines: list[str], line: int) -> Analysis | None:
        from joblint.lsp.item import item_at

        item = item_at(lines, line)
        return self._part(*item) if item is not None else None

    def _part(self, first: int, text: str) -> Analysis:
        """The analysis of a part of the file; that of the last place asked about is kept."""
        from joblint.run.again import Again

        if self._near is None or self._near[0] != first:
            self._near = first, Analysis(text, Again(self.engine, self.path))
        return self._near[1]

    @property
    def is_large(self) -> bool:
        """Whether checking the file takes longer than somebody wants to wait."""
        return len(self.data) >= LARGE

    def _checked(self) -> tuple[Report, tuple[Document, ...]]:
        if self._known is None:
            self._known = self._again.check(self.data), self._again.documents
        return self._known

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return everything that `check` reports for the file, including info."""
        return tuple(self._checked()[0].findings)

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
        line = document.line_of(prefix)
        if prefix and self.is_large and self._explanations is None:
            return self._explanation_alone(line)
        return next((e for e in self._of_document(document) if e.document == document.index and e.line == line), None)

    def _explanation_alone(self, line: int) -> Explanation | None:
        """The explanation of the item of a long List that begins on a line; None if it depends on others."""
        alone = self.alone(line) if self._again.are_apart() else None
        return next((e for e in alone.explanations if e.line == line), None) if alone is not None else None

    def _of_document(self, document: Document) -> tuple[Explanation, ...]:
        found = self._single.get(document.index)
        if found is None:
            if self._explanations is None and not self.is_large:
                found = self.explanations
            elif self._explanations is None:
                from time import time

                found = self._again.explanations_of(document, self.data, time())
            else:
                self._single = {}
                for explanation in self._explanations:
                    self._single[explanation.document] = (*self._single.get(explanation.document, ()), explanation)
                found = self._single.get(document.index, ())
            self._single[document.index] = found
        return found

    def limit_at(self, document: Document, prefix: str, field: str) -> Limit | None:
        """Return the row of explain's table for a field (a path relative to the object)."""
        explanation = self.explanation_of(document, prefix)
        return next((row for row in explanation.limits if row.field == field), None) if explanation is not None else None
