"""From paths to explanations: reads files, validates, explains; knows nothing about output formats."""

from __future__ import annotations

from joblint.base.record import record, replace
from joblint.rules.finding import RuleCrash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from joblint.api.verdict import Verdict
    from joblint.controller.live.objects import Cluster
    from joblint.controller.live.states import Live
    from joblint.controller.scenario.recorded import Recorded
    from joblint.controller.scenario.scenario import Scenario
    from joblint.explain.explanation import Explanation
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.rules.owners.embedded import Embedded
    from joblint.rules.skips import Skip, Skipped
    from joblint.rules.unrendered.supposed import Supposed
    from joblint.run.projects import Project
    from joblint.source.documents import Document


@record
class Explained:
    """The explanations in the order of the files; `skipped` are documents that were not explained, `sources` the text of each
    file that has one, by name; `findings` are those of its files, on request; `crashes` are documents with an error in joblint
    itself."""

    explanations: tuple[Explanation, ...]
    skipped: tuple[Skipped, ...]
    sources: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = ()
    crashes: tuple[RuleCrash, ...] = ()


def explain_files(
    files: Iterable[tuple[str, bytes]],
    version: str,
    *,
    scenario: Scenario | str | None = None,
    run: float | None = None,
    until: float | None = None,
    now: float = 0.0,
    engine: Engine | None = None,
    ladder: bool = False,
    namespace: str = "",
    variables: Mapping[str, str] | None = None,
    embedded: tuple[Embedded, ...] | None = None,
) -> Explained:
    """Explain every Job and CronJob of files given as names and contents; see `joblint.explain.build.explain`.

    `namespace` is that of objects without one. With an `engine` its findings are included, with `ladder` the results for other
    run times. `variables` are values for placeholders such as `${NAME}`, `embedded` is where other objects contain Jobs, in
    addition to the known kinds.
    """
    from joblint.api.exported import from_cluster, without_server_fields
    from joblint.api.judge import judge
    from joblint.explain.build import explain
    from joblint.rules.finding import failed, noting
    from joblint.rules.manifests import read_manifests
    from joblint.rules.refusals.placeholders import with_known
    from joblint.rules.skips import NAMED, UNREADABLE, Skip, Skipped, in_file, of_object, skip, unreadable
    from joblint.source.documents import DEEP

    holders = tuple([entry.kind for entry in embedded or ()])
    how: dict[str, Any] = {"scenario": scenario, "run": run, "until": until, "now": now}
    explanations: list[Explanation] = []
    skipped: list[Skipped] = []
    sources: list[tuple[str, str]] = []
    findings: list[Finding] = []
    crashes: list[RuleCrash] = []

    def one_document(
        name: str, data: bytes, read: Document, verdicts: dict[str, Verdict | None], clusters: list[Cluster]
    ) -> None:
        document = read if not _may_be_known(read, variables) else with_known(read, variables or {}).document
        template = _template(document, version)
        passed = skip(document) if template is None else None
        if passed is not None:
            skipped.append(in_file(name, passed))
            return
        problem = unreadable(document) if template is None else None
        if problem is not None:
            why = f"invalid YAML at {problem.span.line}:{problem.span.column}: {problem.message}"
            skipped.append(Skipped(name, document.index, UNREADABLE, why))
            return
        if template is not None:
            document = template.document
        for part, prefix, value, owner_of in _objects(document, embedded, version):
            try:
                sent, live, owner, recorded = value, None, "", None
                if from_cluster(value):
                    if not clusters:
                        clusters.append(_cluster(data, name))
                    live, owner, recorded = _live(clusters[0], value, now)
                    sent = without_server_fields(value) if live is not None else value
                sent = _within(sent, namespace) if namespace else sent
                verdict = judge(sent, version) if isinstance(sent, dict) else None
                if verdict is not None and sent is value and part is document and template is None:
                    verdicts[prefix] = verdict
                found: Explanation | Skip = of_object(document, sent)
                if verdict is not None:
                    found = explain(part, prefix, sent, verdict, version, **how, ladder=ladder, recorded=recorded)
                    if owner_of is not None:
                        found = _owned(found, part, *owner_of)
                    if template is not None:
                        found = replace(found, notes=(("not rendered", template.words), *found.notes))
                    if live is not None:
                        found = replace(found, live=live, owner=owner)
            except RecursionError:
                found = Skip(document.index, NAMED, DEEP.format(line=document.line))
            except MemoryError:
                raise
            except Exception as error:  # an error in one object must not affect the others
                crashes.append(failed(name, document.index, error))
                continue
            kind = value.get("kind") if isinstance(value, dict) else None
            if isinstance(found, Skip) and clusters and kind in ("Pod", "Event"):
                continue  # evidence: it is reported with its Job
            if isinstance(found, Skip):
                skipped.append(in_file(name, found))
            else:
                explanations.append(found)

    def one(name: str, data: bytes) -> None:
        before = len(explanations)
        clusters: list[Cluster] = []
        seen: list[tuple[Document, dict[str, Verdict | None]]] = []
        for read in noting(read_manifests(data, name, holders=holders), crashes):
            verdicts: dict[str, Verdict | None] = {}
            if engine is not None:
                seen.append((read, verdicts))
            try:
                one_document(name, data, read, verdicts, clusters)
            except RecursionError:
                skipped.append(Skipped(name, read.index, NAMED, DEEP.format(line=read.line)))
            except MemoryError:
                raise
            except Exception as error:  # an error in one document must not affect the others
                crashes.append(failed(name, read.index, error))
        if len(explanations) > before:
            sources.append((name, data.decode("utf-8", "replace")))
            if engine is not None:
                from joblint.run.check import check_documents

                report = check_documents(engine, data, name, seen)
                findings.extend(report.findings)
                crashes.extend([c for c in report.crashes if c not in crashes])

    for name, data in files:
        try:
            one(name, data)
        except RecursionError:
            skipped.append(Skipped(name, 0, NAMED, DEEP.format(line=1)))
        except MemoryError:
            raise
        except Exception as error:  # an error in one file must not affect the others
            crashes.append(failed(name, 0, error))
    return Explained(tuple(explanations), tuple(skipped), tuple(sources), tuple(findings), tuple(crashes))


def _objects(
    document: Document, table: tuple[Embedded, ...] | None, version: str
) -> Iterator[tuple[Document, str, Any, tuple[dict[str, Any], int] | None]]:
    """The objects of a document, each with the document that contains its positions, its prefix there, and the object that
    creates it with the number of its item there; Jobs inside objects of other kinds instead of these."""
    from joblint.rules.manifests import HOLDERS

    for prefix, value in document.objects() if document.value is not None else ():
        kind = value.get("kind") if isinstance(value, dict) else None
        found = 0
        if kind in HOLDERS or table is not None and kind in [entry.kind for entry in table]:
            from joblint.api.ours import is_ours
            from joblint.rules.owners.embedded import BUILTIN, inner_jobs

            for inner in inner_jobs(document, prefix, value, tuple(dict.fromkeys([*(table or ()), *BUILTIN]))):
                template = _template(inner.document, version)
                made = inner.document if template is None else template.document
                if is_ours(made.value):
                    found += 1
                    yield made, "", made.value, (value, inner.number)
        if not found:
            yield document, prefix, value, None


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
    if value.get("kind") == "CronJob":
        from joblint.controller.live.cronjob import state_of_cronjob

        live = state_of_cronjob(value, cluster.of_cronjob(value), now, cluster.events(value))
        return replace(live, namespace=namespace), "", None
    if value.get("kind") != "Job":
        return None, "", None
    from joblint.controller.live.job import state_of
    from joblint.controller.live.recorded import recorded

    owned = cluster.of_job(value)
    found = replace(state_of(owned, now), namespace=namespace)
    return found, cluster.owner_of(value), recorded(owned, found)


def _within(value: Any, namespace: str) -> Any:
    """The object in this namespace, if it has none."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict) or metadata.get("namespace"):
        return value
    return {**value, "metadata": {**metadata, "namespace": namespace}}


def explain_projects(
    projects: tuple[Project, ...],
    files: list[tuple[str, bytes]],
    *,
    scenario: Scenario | str | None = None,
    run: float | None = None,
    until: float | None = None,
    now: float = 0.0,
    findings: bool = False,
    ladder: bool = False,
    stdin: str = "",
    namespace: str = "",
) -> Explained:
    """Explain files by the (last) version of their project, in the order of the files; `stdin` is the name of `-`."""
    engine_of = {(stdin or "<stdin>") if file == "-" else file: p.engines[-1] for p in projects for file in p.files}
    parts: list[Explained] = []
    begin = 0
    for i in range(1, len(files) + 1):
        engine = engine_of[files[begin][0]]
        if i == len(files) or engine_of[files[i][0]] is not engine:
            part = explain_files(
                files[begin:i],
                engine.version,
                scenario=scenario,
                run=run,
                until=until,
                now=now,
                engine=engine if findings else None,
                ladder=ladder,
                variables=engine.variables,
                embedded=engine.embedded,
                namespace=namespace,
            )
            parts.append(part)
            begin = i
    return joined_parts(parts)


def joined_parts(parts: list[Explained]) -> Explained:
    """Return explanations of several groups of files as one."""
    if len(parts) == 1:
        return parts[0]
    return Explained(
        tuple([e for p in parts for e in p.explanations]),
        tuple([s for p in parts for s in p.skipped]),
        tuple([s for p in parts for s in p.sources]),
        tuple([f for p in parts for f in p.findings]),
        tuple([c for p in parts for c in p.crashes]),
    )
