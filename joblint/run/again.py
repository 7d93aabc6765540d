"""A file that somebody is editing: the results for each document are kept while its text stays the same.

Knows documents, outcomes and explanations; no protocol. The results are those of `check_text` and `explain_files`.
"""

from __future__ import annotations

import os

from joblint.base.record import Record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any, TypeVar

    from joblint.explain.explanation import Explanation
    from joblint.rules.engine import Engine
    from joblint.rules.outcome import Outcome
    from joblint.run.result import Report
    from joblint.source.documents import Document
    from joblint.source.reading.stream import Part

    T = TypeVar("T")


_LONG = 100_000
"""Bytes of a document whose reading is a step of its own."""


class _Kept(Record):
    """A document as it was read, and its outcome."""

    document: Document
    outcome: Outcome


class Again:
    """The versions of one file's text, one after the other; `name` is the file's name in findings."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self.documents: tuple[Document, ...] = ()
        self._data = b""
        self._kept: dict[bytes, _Kept] = {}
        self._under = engine
        self._told: dict[bytes, tuple[Explanation, ...]] = {}
        self._apart: tuple[tuple[Document, ...], bool] = ((), False)

    def check(self, data: bytes) -> Report:
        """Return the report on the file's next text; only documents that have changed are read and checked."""
        return finished(self.checking(data))

    def checking(self, data: bytes) -> Generator[None, None, Report]:
        """The same in steps, one for each object. What is known when the steps are not finished serves the next text."""
        from joblint.run.check import check_outcomes, check_text
        from joblint.run.namespaces import with_namespaces

        try:
            under = with_namespaces(self.engine, data, self.name)
            if under.admission != self._under.admission:
                self._under, self._kept = under, {}
            outcomes = yield from self._outcomes(data)
        except MemoryError:
            raise
        except Exception:  # a bug in joblint: reported as for any other file
            self._data, self._kept, self.documents = data, {}, ()
            return check_text(self.engine, data, self.name)
        self._data = data
        report = check_outcomes(self._under, data, self.name, outcomes, self.documents)
        if b"spec" in data and os.path.isabs(self.name) and self._is_of_overlay(data):
            from joblint.run.render.patched import check_open_patch

            return check_open_patch(self._under, self.name, data, report)
        if b"{{" in data and "templates" in self.name:
            from joblint.run.render.single import check_open

            return check_open(self._under, self.name, data, report)
        return report

    def _is_of_overlay(self, data: bytes) -> bool:
        """Whether the file is a kustomization with patches, or may be a patch."""
        from joblint.source.unrendered.kustomize_patches import NAMES, Patches

        if os.path.basename(self.name) in NAMES:
            return b"patch" in data
        return b"{{" not in data and bool(Patches().why_skipped(self.name))

    def _outcomes(self, data: bytes) -> Generator[None, None, list[Outcome]]:
        from joblint.rules.manifests import read_manifests
        from joblint.rules.moved import moved

        before, under = self._kept, self._under
        patched = self._patched(data)
        kept: dict[bytes, _Kept] = {}
        outcomes: list[Outcome] = []
        documents: list[Document] = []
        try:
            documents_before = {text: k.document for text, k in before.items()}
            for document in read_manifests(data, self.name, documents_before, self.engine.holders):
                part = document.source.part
                known = before.get(part.data)
                outcome = None
                if len(part.data) >= _LONG:
                    yield  # reading it has taken a while
                why = patched(document.value) if patched is not None and document.value is not None else None
                if why:
                    document, known = replace(document, skipped=document.skipped or why), None
                if known is not None and isinstance(document.value, dict | list) and document.value is known.document.value:
                    was = known.document
                    outcome = moved(known.outcome, part.line - was.source.part.line, document.index - was.index)
                if outcome is None:
                    outcome = yield from under.steps(document)
                outcomes.append(outcome)
                documents.append(document)
                if not why:  # the kustomization may change while the text does not
                    kept.setdefault(part.data, _Kept(document, outcome))
                yield
        except GeneratorExit:
            if self._under is under:
                self._kept = {**self._kept, **kept}
            raise
        self._kept, self.documents = kept, tuple(documents)
        return outcomes

    def _patched(self, data: bytes) -> Callable[[Any], str | None] | None:
        """What says for each object of the file why it is not checked by itself, if it is a patch of kustomize; None if the file
        has no directory. The kustomizations are read each time: somebody may be editing them as well."""
        if b"Job" not in data or not os.path.isabs(self.name):
            return None
        from joblint.source.unrendered.kustomize_patches import Patches

        return Patches().of(self.name)

    def explanations(self, data: bytes, now: float) -> tuple[Explanation, ...]:
        """Return what `jobs-explain` shows for the file's text at the time `now`; only documents that have changed, and
        CronJobs whose next start has passed, are explained again."""
        return finished(self.explaining(data, now))

    def explaining(self, data: bytes, now: float) -> Generator[None, None, tuple[Explanation, ...]]:
        """The same in steps, one for each object."""
        if data is not self._data:
            yield from self.checking(data)
        if not self.are_apart():
            return (yield from self._explained(data, now))
        told: dict[bytes, tuple[Explanation, ...]] = {}
        found: list[Explanation] = []
        try:
            for document in self.documents:
                if document.value is None:
                    continue
                if not self._knows(document) and not _is_alone(document.source.part):
                    return (yield from self._explained(data, now))
                found += yield from self._of(document, now, told)
                yield
        except GeneratorExit:
            self._told = {**self._told, **told}
            raise
        self._told = told
        return tuple(found)

    def explanations_of(self, document: Document, data: bytes, now: float) -> tuple[Explanation, ...]:
        """Return what `jobs-explain` shows for one document of the text that was checked last."""
        if document.value is None:
            return ()
        if not self.are_apart() or not self._knows(document) and not _is_alone(document.source.part):
            return self.explanations(data, now)
        return tuple(finished(self._of(document, now, self._told)))

    def are_apart(self) -> bool:
        """Whether the explanation of each document depends on it alone."""
        from joblint.api.exported import from_cluster
        from joblint.source.unrendered.templates import RENDERED

        if self._apart[0] is not self.documents:
            values = [value for d in self.documents if d.value is not None for _, value in d.objects()]
            # Pods and events of a Job may be in other documents; an action of a template may span documents.
            apart = self.documents and not any(d.skipped in RENDERED for d in self.documents)
            self._apart = self.documents, bool(apart) and not any(from_cluster(value) for value in values)
        return self._apart[1]

    def _knows(self, document: Document) -> bool:
        return document.source.part.data in self._told

    def _of(
        self, document: Document, now: float, told: dict[bytes, tuple[Explanation, ...]]
    ) -> Generator[None, None, list[Explanation]]:
        part = document.source.part
        before = self._told.get(part.data)
        if before is None or _is_past(before, now):
            before = yield from self._explained(part.data, now)
        told[part.data] = before
        return [replace(e, document=document.index, line=e.line + part.line) for e in before]

    def _explained(self, data: bytes, now: float) -> Generator[None, None, tuple[Explanation, ...]]:
        from joblint.run.explain import explain_in_steps

        return explain_in_steps(self.name, data, self.engine.version, now=now, variables=self.engine.variables)


def finished(steps: Generator[None, None, T]) -> T:
    """Take all steps; return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result


def _is_alone(part: Part) -> bool:
    """Whether a part of a file is one document if it is a file by itself: JSON is split while it is read."""
    from joblint.source.reading.stream import split

    parts = tuple(split(part.data))
    return not part.json and len(parts) == 1 and not parts[0].json


def _is_past(told: tuple[Explanation, ...], now: float) -> bool:
    """Whether the first of the next starts is in the past."""
    from time import gmtime, strftime

    time = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(now))
    return any(e.schedule is not None and e.schedule.starts and e.schedule.starts[0].utc <= time for e in told)
