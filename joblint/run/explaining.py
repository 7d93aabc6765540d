"""Explaining the Jobs of files one after the other: an error in a file, a document or an object does not affect the others.

Knows documents, verdicts and explanations; nothing about output formats.
"""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.rules.skips import NAMED, UNREADABLE, Skip, Skipped, in_file, of_object, skip, unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from joblint.api.verdict import Verdict
    from joblint.controller.live.objects import Cluster
    from joblint.controller.live.states import Live
    from joblint.controller.scenario.recorded import Recorded
    from joblint.controller.scenario.scenario import Scenario
    from joblint.explain.explanation import Explanation
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding, RuleCrash
    from joblint.rules.owners.embedded import Embedded
    from joblint.rules.unrendered.supposed import Supposed
    from joblint.source.documents import Document


class How(Record):
    """What an explanation assumes: the Kubernetes version, a scenario or the time that each Pod runs (seconds), the time until
    which it looks (seconds from the beginning), now (epoch seconds), the namespace of objects without one, values for
    placeholders such as `${NAME}`, and where other objects contain Jobs in addition to the known kinds. `ladder` asks for the
    results for other run times."""

    version: str
    scenario: Scenario | str | None = None
    run: float | None = None
    until: float | None = None
    now: float = 0.0
    ladder: bool = False
    namespace: str = ""
    variables: Mapping[str, str] | None = None
    embedded: tuple[Embedded, ...] | None = None


class _Place(Record):
    """An object of a document: the document that contains its positions, its prefix there, the object that creates it with the
    number of its item there (None for none), and the template that it was read from."""

    document: Document
    prefix: str
    value: Any
    owner: tuple[dict[str, Any], int] | None
    template: Supposed | None


class _Apart:
    """A part of the work, on a file, a document or an object there: an error in it is kept and affects nothing else."""

    def __init__(self, explaining: Explaining, name: str, index: int, line: int) -> None:
        self._explaining = explaining
        self._place = name, index, line

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        from joblint.rules.finding import failed
        from joblint.source.documents import DEEP

        name, index, line = self._place
        if isinstance(error, RecursionError):
            self._explaining.skipped.append(Skipped(name, index, NAMED, DEEP.format(line=line)))
        elif isinstance(error, Exception) and not isinstance(error, MemoryError):
            self._explaining.crashes.append(failed(name, index, error))
        else:
            return False
        return True


class Explaining:
    """The results for the files so far; see joblint.run.explain.Explained. With an engine, their findings as well."""

    def __init__(self, how: How, engine: Engine | None) -> None:
        self.explanations: list[Explanation] = []
        self.skipped: list[Skipped] = []
        self.sources: list[tuple[str, str]] = []
        self.findings: list[Finding] = []
        self.crashes: list[RuleCrash] = []
        self._how = how
        self._engine = engine
        self._cluster: Cluster | None = None  # of the file at hand, if one of its objects comes from a cluster

    def file(self, name: str, data: bytes) -> None:
        """Explain the Jobs and CronJobs of a file."""
        for _ in self.steps(name, data):
            pass

    def steps(self, name: str, data: bytes) -> Iterator[None]:
        """The same in steps, one for each object."""
        self._cluster = None
        with _Apart(self, name, 0, 1):
            yield from self._documents(name, data)

    def _documents(self, name: str, data: bytes) -> Iterator[None]:
        from joblint.rules.finding import noting
        from joblint.rules.manifests import read_manifests

        before = len(self.explanations)
        holders = tuple([entry.kind for entry in self._how.embedded or ()])
        seen: list[tuple[Document, dict[str, Verdict | None]]] = []
        for read in noting(read_manifests(data, name, holders=holders), self.crashes):
            verdicts: dict[str, Verdict | None] = {}
            if self._engine is not None:
                seen.append((read, verdicts))
            with _Apart(self, name, read.index, read.line):
                yield from self._document(name, data, read, verdicts)
        if len(self.explanations) == before:
            return
        self.sources.append((name, data.decode("utf-8", "replace")))
        if self._engine is not None:
            from joblint.run.check import check_documents

            report = check_documents(self._engine, data, name, seen)
            self.findings.extend(report.findings)
            self.crashes.extend([c for c in report.crashes if c not in self.crashes])

    def _document(self, name: str, data: bytes, read: Document, verdicts: dict[str, Verdict | None]) -> Iterator[None]:
        """Explain the objects of a document; `verdicts` gets those of objects that are checked as written, by their prefix."""
        how = self._how
        document = read
        if _may_be_known(read, how.variables):
            from joblint.rules.refusals.placeholders import with_known

            document = with_known(read, how.variables or {}).document
        template = _template(document, how.version)
        if template is None:
            passed = skip(document)
            if passed is not None:
                self.skipped.append(in_file(name, passed))
                return
            problem = unreadable(document)
            if problem is not None:
                why = f"invalid YAML at {problem.span.line}:{problem.span.column}: {problem.message}"
                self.skipped.append(Skipped(name, document.index, UNREADABLE, why))
                return
        for place in _objects(document if template is None else template.document, template, how):
            with _Apart(self, name, document.index, document.line):
                self._object(name, data, place, verdicts)
            yield

    def _object(self, name: str, data: bytes, place: _Place, verdicts: dict[str, Verdict | None]) -> None:
        from joblint.api.exported import from_cluster, without_server_fields
        from joblint.api.judge import judge
        from joblint.explain.build import explain

        how, value = self._how, place.value
        sent, live, owner, recorded = value, None, "", None
        if from_cluster(value):
            self._cluster = self._cluster or _cluster(data, name)
            live, owner, recorded = _live(self._cluster, value, how.now)
            sent = without_server_fields(value) if live is not None else value
        sent = _within(sent, how.namespace) if how.namespace else sent
        verdict = judge(sent, how.version) if isinstance(sent, dict) else None
        found: Explanation | Skip = of_object(place.document, sent)
        if verdict is not None:
            if sent is value and place.owner is None and place.template is None:
                verdicts[place.prefix] = verdict
            found = explain(
                place.document,
                place.prefix,
                sent,
                verdict,
                how.version,
                scenario=how.scenario,
                run=how.run,
                until=how.until,
                now=how.now,
                ladder=how.ladder,
                recorded=recorded,
            )
            if place.owner is not None:
                found = _owned(found, place.document, *place.owner)
            if place.template is not None:
                found = replace(found, notes=(("not rendered", place.template.words), *found.notes))
            if live is not None:
                found = replace(found, live=live, owner=owner)
        if not isinstance(found, Skip):
            self.explanations.append(found)
        elif self._cluster is None or not isinstance(value, dict) or value.get("kind") not in ("Pod", "Event"):
            self.skipped.append(in_file(name, found))  # Pods and events are evidence: they are reported with their Job


def _objects(document: Document, template: Supposed | None, how: How) -> Iterator[_Place]:
    """The objects of a document; Jobs inside objects of other kinds instead of these."""
    from joblint.rules.manifests import HOLDERS

    table, version = how.embedded, how.version
    for prefix, value in document.objects() if document.value is not None else ():
        kind = value.get("kind") if isinstance(value, dict) else None
        found = 0
        if kind in HOLDERS or table is not None and kind in [entry.kind for entry in table]:
            from joblint.api.ours import is_ours
            from joblint.rules.owners.embedded import BUILTIN, inner_jobs

            for inner in inner_jobs(document, prefix, value, tuple(dict.fromkeys([*(table or ()), *BUILTIN]))):
                supposed = _template(inner.document, version)
                read = inner.document if supposed is None else supposed.document
                if is_ours(read.value):
                    found += 1
                    yield _Place(read, "", read.value, (value, inner.number), template)
        if not found:
            yield _Place(document, prefix, value, None, template)


def _owned(explanation: Explanation, document: Document, owner: dict[str, Any], number: int) -> Explanation:
    """The explanation of a Job inside an object: at its own line, and, if the object creates Jobs, with the notes on it and
    without those on Jobs that users apply. How long they are kept is up to the owner."""
    from joblint.explain.owners import OF_JOBS_ALONE, OWNERS, job_name, owner_notes

    notes = owner_notes(owner, number)
    if owner.get("kind") not in OWNERS:
        return replace(explanation, notes=(*notes, *explanation.notes)) if notes else explanation
    kept = tuple([note for note in explanation.notes if note[0] not in OF_JOBS_ALONE])
    limits = tuple([limit for limit in explanation.limits if limit.set or limit.name != "ttlSecondsAfterFinished"])
    name = job_name(owner, number) or explanation.name
    line = document.span("spec", "key").line
    return replace(explanation, name=name, line=line, notes=(*notes, *kept), limits=limits)


def _template(document: Document, version: str) -> Supposed | None:
    """The object of a template that was not rendered, as far as it can be read."""
    from joblint.source.unrendered.templates import RENDERED

    if document.skipped not in RENDERED:
        return None
    from joblint.rules.unrendered.supposed import supposed

    return supposed(document, version)


def _may_be_known(document: Document, variables: Mapping[str, str] | None) -> bool:
    """Whether a document contains placeholders whose value variables or their own defaults may define."""
    data = document.source.part.data
    return b"${" in data or bool(variables) and b"$" in data


def _cluster(data: bytes, name: str) -> Cluster:
    """All objects of a file by their owners: Pods and events are not manifests, but show what happened."""
    from joblint.controller.live.objects import Cluster
    from joblint.source.documents import each

    return Cluster([value for d in each(data, name, templates=False) if d.value is not None for _, value in d.objects()])


def _live(cluster: Cluster, value: dict[str, Any], now: float) -> tuple[Live | None, str, Recorded | None]:
    """Where an object of a cluster is, the name of the CronJob that owns it, and what a simulation begins with; None for one of
    another kind."""
    metadata = value.get("metadata")
    namespace = str(metadata.get("namespace") or "") if isinstance(metadata, dict) else ""
    from joblint.controller.live.objects import newest

    if value.get("kind") == "CronJob":
        from joblint.controller.live.cronjob import starts_of, state_of_cronjob

        jobs = cluster.of_cronjob(value)
        live = state_of_cronjob(value, jobs, now, cluster.events(value))
        latest = newest([value, *[job.job for job in jobs]], now)
        return replace(live, namespace=namespace, starts=starts_of(value, jobs, now), newest=latest), "", None
    if value.get("kind") != "Job":
        return None, "", None
    from joblint.controller.live.job import state_of
    from joblint.controller.live.recorded import recorded

    owned = cluster.of_job(value)
    latest = newest([owned.job, owned.pods, owned.events], now)
    found = replace(state_of(owned, now), namespace=namespace, newest=latest)
    return found, cluster.owner_of(value), recorded(owned, found)


def _within(value: Any, namespace: str) -> Any:
    """The object in this namespace, if it has none."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict) or metadata.get("namespace"):
        return value
    return {**value, "metadata": {**metadata, "namespace": namespace}}
