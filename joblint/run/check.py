"""From paths to a report: reads files, runs the engine over each, gathers; knows no output format.

A thousand files are shared among processes; one file never pays for that.
"""

from __future__ import annotations

import os

from joblint.base.content import manifests, standard_input
from joblint.base.record import record, replace
from joblint.rules.engine import Engine
from joblint.rules.finding import Finding, RuleCrash, failed
from joblint.rules.outcome import Judged, Outcome
from joblint.rules.skips import NAMED, Skip, Skipped, in_file
from joblint.run.processes import at_most, processors, spread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from joblint.api.admission.levels import NamespacePolicies
    from joblint.api.verdict import Verdict
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.facts import Origin
    from joblint.rules.finding import Hit
    from joblint.rules.folder import Facts
    from joblint.rules.ignores.settle import Ignored
    from joblint.rules.outcome import Hidden
    from joblint.run.cache import Cache, Results, Taken
    from joblint.source.documents import Document

    _FolderHit = tuple[Rule, Origin, Hit]

TOO_LARGE = "too large for the memory that joblint may use"

FORK_FROM = 48
"""From this many files on, a second process pays for itself."""


@record
class Checked:
    """One judged object of a file."""

    file: str
    judged: Judged


@record
class Report:
    """Everything there is to say of a run. `files` counts the files read, `documents` the Jobs and CronJobs judged (and
    documents that cannot be read); `missing` are paths that are not there or may not be read, `passed` what of a folder was
    not walked, both with the reason; `ignored` are findings that somebody does not want, `known` those
    of a baseline, `fixed` is how many of it are gone; `unchanged` counts objects left out since they did not change;
    `hidden` counts findings that were not made, by rule (ID and name) and severity."""

    kubernetes: str
    files: int
    documents: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    crashes: tuple[RuleCrash, ...]
    missing: tuple[tuple[str, str], ...]
    passed: tuple[tuple[str, str], ...] = ()
    ignored: tuple[Ignored, ...] = ()
    known: tuple[Finding, ...] = ()
    fixed: int = 0
    unchanged: int = 0
    hidden: tuple[tuple[Hidden, int], ...] = ()


@record
class Stdin:
    """Standard input, read once: what it is called in the report, and its content."""

    name: str
    data: bytes


def check_files(
    engine: Engine,
    files: tuple[str, ...],
    jobs: int = 0,
    stdin: Stdin | None = None,
    least: str = "info",
    cache: Cache | None = None,
    pipes: dict[str, bytes] | None = None,
) -> Report:
    """Check files; `-` is standard input, which is given where it is among them.

    `jobs` is the number of processes, 0 for as many as pay for themselves. Findings below the severity `least` are only
    counted. Results are taken from the cache and put there, where one is given. `pipes` is what `read_pipes` gave for the
    files, where they are checked more than once.
    """
    engine = engine.showing(least)
    once = Once(stdin, read_pipes(files) if pipes is None else pipes)
    parts, namespaces = _parts(engine, files, jobs, once, cache)
    under = _under(engine, namespaces)
    if under is not engine:  # what their Namespaces allow the objects to be is known only now
        engine = under
        parts, _ = _parts(engine, files, jobs, once, cache)
    return _gather(engine, parts, once)


def read_pipes(files: tuple[str, ...]) -> dict[str, bytes]:
    """The content of the pipes among the files, each of which gives what it holds only once."""
    found = {}
    for file in files:
        if file != "-" and not os.path.isfile(file):
            try:
                found[file] = read_file(file)
            except (OSError, MemoryError):
                continue  # it is told when the file is checked
    return found


@record
class Once:
    """What can be read only once: standard input, and pipes by their path; and documents that are read already, by bytes."""

    stdin: Stdin | None
    pipes: dict[str, bytes]
    documents: Mapping[bytes, Document] | None = None

    def read(self, file: str) -> tuple[str, bytes]:
        """What a file is called in the report, and its content. Raises OSError."""
        if file == "-" and self.stdin is not None:
            return self.stdin.name, self.stdin.data
        data = self.pipes.get(file)
        return file, read_file(file) if data is None else data

    def again(self, name: str) -> bytes:
        """The content of what is called so in the report. Raises OSError."""
        return self.read("-" if self.stdin is not None and name == self.stdin.name else name)[1]


def _parts(
    engine: Engine, files: tuple[str, ...], jobs: int, once: Once, cache: Cache | None
) -> tuple[list[_Part], list[tuple[str, NamespacePolicies]]]:
    """What came of each file, in order, and the Namespaces among them."""
    results = cache.results(engine) if cache is not None else None
    count = min(at_most(jobs) or (processors() if len(files) >= FORK_FROM else 1), len(files))
    if count > 1 and hasattr(os, "fork"):
        first = _each(engine, files[:1], once, results)  # what the checks need is imported once, before the processes part
        engine.prepare()
        rest = files[1:]
        shares = [first, *spread(count, lambda n: _each(engine, rest[n::count], once, results))]
        parts = shares[0].parts + [shares[1 + i % count].parts[i // count] for i in range(len(rest))]
    else:
        shares = [_each(engine, files, once, results)]
        parts = shares[0].parts
    if results is not None:
        for share in shares:
            results.add(share.taken)
    found = {name: policies for share in shares for name, policies in share.namespaces.items()}
    return parts, [policy for name, _, _ in parts for policy in found.get(name, ())] if found else []


def _under(engine: Engine, namespaces: list[tuple[str, NamespacePolicies]]) -> Engine:
    if not namespaces:
        return engine
    from joblint.api.admission.asked import Admission

    return engine.under(replace(engine.admission or Admission(), namespaces=tuple(namespaces)))


_POD_SECURITY = b"pod-security.kubernetes.io/"


def _namespaces(data: bytes, file: str) -> list[tuple[str, NamespacePolicies]]:
    from joblint.api.admission.asked import labelled
    from joblint.source.documents import read

    try:
        values = [value for document in read(data, file) if document.value is not None for _, value in document.objects()]
        return [found for value in values if (found := labelled(value)) is not None]
    except Exception:
        return []  # whatever is wrong with the file is told when it is checked


def check_text(engine: Engine, data: bytes, name: str) -> Report:
    """Check one file's content, named `name` in the report."""
    from joblint.rules.manifests import read_manifests

    return check_documents(engine, data, name, ((d, {}) for d in read_manifests(data, name)))


def check_outcomes(
    engine: Engine, data: bytes, name: str, outcomes: Iterable[Outcome], documents: Mapping[bytes, Document]
) -> Report:
    """The report on a file whose documents are read and judged already, each by itself."""
    return _gather(engine, [(name, "", tuple(outcomes))], Once(Stdin(name, data), {}, documents))


def with_namespaces(engine: Engine, data: bytes, name: str) -> Engine:
    """The engine that knows the Pod Security levels of the Namespaces in a file; the same one where there are none."""
    return _under(engine, _namespaces(data, name)) if _POD_SECURITY in data else engine


def check_documents(
    engine: Engine, data: bytes, name: str, documents: Iterable[tuple[Document, dict[str, Verdict | None]]]
) -> Report:
    """Check the documents of a file that is read already, each with the verdicts that are known (see `Engine.run`)."""
    engine = with_namespaces(engine, data, name)
    try:
        outcomes = tuple([engine.run(document, verdicts) for document, verdicts in documents])
    except MemoryError:
        raise
    except Exception as error:
        outcomes = (_bug(name, error),)
    return _gather(engine, [(name, "", outcomes)], Once(Stdin(name, data), {}))


_Part = tuple[str, str, tuple[Outcome, ...]]  # file as named in the report, why it could not be read, its documents


class _Share:
    """What one process came to: its files, the Namespaces in them, and what it has for the cache."""

    __slots__ = ("namespaces", "parts", "taken")

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self.namespaces: dict[str, list[tuple[str, NamespacePolicies]]] = {}
        self.taken: Taken = ({}, {}, set())


def _each(engine: Engine, files: Iterable[str], once: Once, results: Results | None) -> _Share:
    from joblint.source.unrendered.kustomize_patches import Patches

    patches = Patches()
    share = _Share()
    for file in files:
        try:
            name, data = once.read(file)
        except OSError as error:
            share.parts.append((file, error.strerror or str(error), ()))
            continue
        try:
            if _POD_SECURITY in data:
                share.namespaces[name] = _namespaces(data, name)
            key = results.key(file, data) if results is not None and file != "-" else b""
            outcomes = results.get(key) if results is not None and key else None
            if outcomes is None:
                outcomes = _outcomes(engine, data, name, patches.why_skipped(file) if file != "-" else None)
                if results is not None and key:
                    results.put(key, outcomes)
            share.parts.append((name, "", outcomes))
        except MemoryError:
            share.parts.append((name, TOO_LARGE, ()))
        except Exception as error:  # one bad file must not take the others with it
            share.parts.append((name, "", (_bug(name, error),)))
    if results is not None:
        share.taken = results.taken()
    return share


def _outcomes(engine: Engine, data: bytes, name: str, patched: str | None) -> tuple[Outcome, ...]:
    from joblint.rules.manifests import read_manifests

    documents = read_manifests(data, name)
    if patched:
        documents = (replace(d, skipped=d.skipped or patched) if d.value is not None else d for d in documents)
    return tuple([engine.run(d) for d in documents])


def _bug(name: str, error: Exception) -> Outcome:
    if isinstance(error, RecursionError):
        return Outcome((), (), (), (), (Skip(0, NAMED, "nested too deeply to check"),))
    return Outcome((), (), (failed(name, 0, error),), (), ())


def read_file(file: str) -> bytes:
    """The content of a file, `-` being standard input. Raises OSError."""
    if file == "-":
        return standard_input()
    return manifests(file)


def _gather(engine: Engine, parts: list[_Part], once: Once) -> Report:
    documents: list[Checked] = []
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    crashes: list[RuleCrash] = []
    from joblint.rules.facts import alone

    facts: list[Facts] = []
    missing: list[tuple[str, str]] = []
    hidden: dict[Hidden, int] = {}
    for name, unreadable, outcomes in parts:
        if unreadable:
            missing.append((name, unreadable))
        for outcome in outcomes:
            documents.extend([Checked(name, j) for j in outcome.judged])
            findings.extend(outcome.findings)
            crashes.extend(outcome.crashes)
            facts.extend(outcome.facts)
            skipped.extend([in_file(name, s) for s in outcome.skipped])
            for each in outcome.hidden:
                hidden[each] = hidden.get(each, 0) + 1
    ignores = [i for _, _, outcomes in parts for o in outcomes for i in o.ignores]
    if facts and not alone(facts):
        hits, raised = folder_hits(engine, tuple(facts))
        crashes.extend(raised)
        ignoring = {(i.file, i.document) for i in ignores}
        shown = []
        for hit in hits:
            rule, where, told = hit
            if engine.hides(rule, told) and (where.file, where.document) not in ignoring:
                key = (rule.id, rule.name, engine.severity(rule, told))
                hidden[key] = hidden.get(key, 0) + 1
            else:
                shown.append(hit)
        _add_folder(engine, shown, findings, crashes, once)
    ignored: list[Ignored] = []
    if ignores or engine.overrides:
        from joblint.rules.ignores.settle import over_overrides, settle

        settled = settle(engine, findings, ignores)
        findings, ignored = settled.findings + over_overrides(engine), settled.ignored
    if len(findings) > 1:
        order = {name: i for i, (name, _, _) in enumerate(parts)}
        findings.sort(key=lambda f: (order.get(f.file, 0), f.span.line, f.span.column, f.rule))
    return Report(
        engine.version,
        len(parts) - len(missing),
        tuple(documents),
        tuple(findings),
        tuple(skipped),
        tuple(crashes),
        tuple(missing),
        ignored=tuple(ignored),
        hidden=tuple(hidden.items()),
    )


def without_verdict(report: Report) -> Report:
    """The report without the findings on what the API server, or kubectl before it, rejects."""
    return replace(report, findings=tuple([f for f in report.findings if not f.refused]))


def folder_hits(engine: Engine, facts: tuple[Facts, ...]) -> tuple[list[_FolderHit], list[RuleCrash]]:
    """What the rules over a whole folder find, and those of them that raised."""
    from joblint.rules import folder

    hits, raised = folder.run(engine, facts)
    return hits, [failed("", 0, e, r.id, r.name) for r, e in raised]


def _add_folder(engine: Engine, hits: list[_FolderHit], findings: list[Finding], crashes: list[RuleCrash], once: Once) -> None:
    """Adds the findings of the rules over a whole folder. Only facts were kept: the files they point at are read again."""
    found: dict[str, list[_FolderHit]] = {}
    for hit in hits:
        found.setdefault(hit[1].file, []).append(hit)
    for file, of_file in found.items():
        of_document: dict[int, list[_FolderHit]] = {}
        for hit in of_file:
            of_document.setdefault(hit[1].document, []).append(hit)
        for document in _again(file, set(of_document), once):
            for rule, where, told in of_document[document.index]:
                try:
                    findings.append(engine.finding(rule, document, where.prefix, told))
                except Exception as error:
                    crashes.append(failed(where.file, where.document, error, rule.id, rule.name))


def _again(file: str, wanted: set[int], once: Once) -> Iterator[Document]:
    """The documents of those numbers in a file; where the file has become another one meanwhile, empty ones."""
    from joblint.rules.manifests import read_manifests

    try:
        data = once.again(file)
    except OSError:
        data = b""
    left = set(wanted)
    for document in read_manifests(data, file, once.documents):
        if document.index in left:
            left.discard(document.index)
            yield document
        if not left:
            return
    for index in sorted(left):
        yield replace(next(read_manifests(b"", file)), index=index)
