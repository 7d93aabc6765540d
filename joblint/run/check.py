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
from joblint.run.processes import at_most, processors, rounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from joblint.api.admission.levels import NamespacePolicies
    from joblint.api.verdict import Verdict
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.facts import Origin
    from joblint.rules.finding import Hit
    from joblint.rules.folder import Facts
    from joblint.rules.ignores.settle import Ignored, Settler
    from joblint.rules.ignores.written import Ignore
    from joblint.rules.outcome import Hidden
    from joblint.run.cache import Cache, Results, Taken
    from joblint.run.elsewhere import Elsewhere
    from joblint.source.documents import Document

    _FolderHit = tuple[Rule, Origin, Hit]
    Watch = Callable[[list[Finding], bool], None]

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
    watch: Watch | None = None,
    elsewhere: Elsewhere | None = None,
) -> Report:
    """Check files; `-` is standard input, which is given where it is among them.

    `jobs` is the number of processes, 0 for as many as pay for themselves. Findings below the severity `least` are only
    counted. Results are taken from the cache and put there, where one is given. `pipes` is what `read_pipes` gave for the
    files, where they are checked more than once. `elsewhere` is who works over single files, if it is not done here.

    `watch` is called after each file, in order, with what is found in it and whether it holds several objects. What only the
    other files of the run can tell is in the report alone: findings of rules over a whole folder, and those of files in which
    an ignore is meant for such a rule.
    """
    engine = engine.showing(least)
    if elsewhere is not None:
        return _done_elsewhere(engine, files, elsewhere)
    once = Once(stdin, read_pipes(files) if pipes is None else pipes)
    if watch is not None:  # what has been shown cannot be taken back: the Namespaces are looked for first
        engine = under_namespaces(engine, _all_namespaces(files, once))
    found = _Gathered(engine, once, watch)
    namespaces = found.take(parts_of(engine, files, jobs, once, cache))
    under = under_namespaces(engine, namespaces) if watch is None else engine
    if under is not engine:  # what their Namespaces allow the objects to be is known only now
        found = _Gathered(under, once, None)
        found.take(parts_of(under, files, jobs, once, cache))
    return found.report()


def _done_elsewhere(engine: Engine, files: tuple[str, ...], elsewhere: Elsewhere) -> Report:
    once = Once(None, {}, far=elsewhere.read)
    found = _Gathered(engine, once, None, elsewhere.whole)
    under = under_namespaces(engine, found.take(elsewhere.parts(engine, files)))
    if under is not engine:
        found = _Gathered(under, once, None, elsewhere.whole)
        found.take(elsewhere.parts(under, files))
    return found.report()


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
    """What can be read only once: standard input, and pipes by their path; documents that are read already, by bytes; `far`
    reads files where they are not on this machine."""

    stdin: Stdin | None
    pipes: dict[str, bytes]
    documents: Mapping[bytes, Document] | None = None
    far: Callable[[str], bytes] | None = None

    def read(self, file: str) -> tuple[str, bytes]:
        """What a file is called in the report, and its content. Raises OSError."""
        if file == "-" and self.stdin is not None:
            return self.stdin.name, self.stdin.data
        data = self.pipes.get(file)
        if data is None:
            data = read_file(file) if self.far is None or file == "-" else self.far(file)
        return file, data

    def again(self, name: str) -> bytes:
        """The content of what is called so in the report. Raises OSError."""
        return self.read("-" if self.stdin is not None and name == self.stdin.name else name)[1]


def parts_of(engine: Engine, files: tuple[str, ...], jobs: int, once: Once, cache: Cache | None) -> Iterator[Part]:
    """What came of each file, in their order."""
    results = cache.results(engine) if cache is not None else None
    count = min(at_most(jobs) or (processors() if len(files) >= FORK_FROM else 1), len(files))
    if count > 1 and hasattr(os, "fork"):
        # What the checks need is imported once, before the processes part.
        yield from _in_turn([each(engine, files[:1], once, results)], results)
        engine.prepare()
        rest = files[1:]
        for round in rounds(count, lambda n: _some(engine, rest[n::count], once, results)):
            yield from _in_turn(round, results)
    else:
        shared = min(at_most(jobs) or processors(), _MOST_SHARED)
        for share in _some(engine, files, once, results, shared):
            yield from _in_turn([share], results)


def _in_turn(shares: list[_Share], results: Results | None) -> Iterator[Part]:
    """The parts of processes that take every n-th file each, in the order of the files."""
    if results is not None:
        for _, taken in shares:
            if taken is not None:
                results.add(taken)
    for i in range(len(shares[0][0])):
        for parts, _ in shares:
            if i < len(parts):
                yield parts[i]


def under_namespaces(engine: Engine, namespaces: list[tuple[str, NamespacePolicies]]) -> Engine:
    """The engine where these Namespaces say what their objects may be; the same one where there are none."""
    if not namespaces:
        return engine
    from joblint.api.admission.asked import Admission

    return engine.under(replace(engine.admission or Admission(), namespaces=tuple(namespaces)))


_POD_SECURITY = b"pod-security.kubernetes.io/"


def _all_namespaces(files: tuple[str, ...], once: Once) -> list[tuple[str, NamespacePolicies]]:
    found: list[tuple[str, NamespacePolicies]] = []
    for file in files:
        try:
            name, data = once.read(file)
            if _POD_SECURITY in data:
                found += _namespaces(data, name)
        except (OSError, MemoryError):
            continue  # it is told when the file is checked
    return found


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

    return check_documents(engine, data, name, ((d, {}) for d in read_manifests(data, name, holders=engine.holders)))


def check_outcomes(
    engine: Engine, data: bytes, name: str, outcomes: Iterable[Outcome], documents: Mapping[bytes, Document]
) -> Report:
    """The report on a file whose documents are read and judged already, each by itself."""
    found = _Gathered(engine, Once(Stdin(name, data), {}, documents), None)
    found.take([(name, "", tuple(outcomes), ())])
    return found.report()


def with_namespaces(engine: Engine, data: bytes, name: str) -> Engine:
    """The engine that knows the Pod Security levels of the Namespaces in a file; the same one where there are none."""
    return under_namespaces(engine, _namespaces(data, name)) if _POD_SECURITY in data else engine


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
    found = _Gathered(engine, Once(Stdin(name, data), {}), None)
    found.take([(name, "", outcomes, ())])
    return found.report()


Part = tuple[str, str, tuple[Outcome, ...], tuple["tuple[str, NamespacePolicies]", ...]]
"""A file: its name in the report, why it could not be read, what came of its documents, the Namespaces in it."""
_Share = tuple[list[Part], "Taken | None"]
"""Some files, and what there is of them for the cache."""

AT_ONCE = 32
"""Files that a process checks before it tells what came of them."""


SHARED_FROM = 1 << 20
"""Bytes of a file from which on a second process pays for itself."""

_MOST_SHARED = 8


def _some(engine: Engine, files: tuple[str, ...], once: Once, results: Results | None, processes: int = 1) -> Iterator[_Share]:
    for i in range(0, len(files), AT_ONCE):
        yield each(engine, files[i : i + AT_ONCE], once, results, processes)


def each(engine: Engine, files: tuple[str, ...], once: Once, results: Results | None, processes: int = 1) -> _Share:
    """Works over files one after the other; whatever is wrong with one is told of it alone. The documents of a large one may
    be shared among processes."""
    from joblint.source.unrendered.kustomize_patches import Patches

    patches = Patches()
    parts: list[Part] = []
    for file in files:
        try:
            name, data = once.read(file)
        except OSError as error:
            parts.append((file, error.strerror or str(error), (), ()))
            continue
        try:
            namespaces = tuple(_namespaces(data, name)) if _POD_SECURITY in data else ()
            key = results.key(file, data) if results is not None and file != "-" else b""
            outcomes = results.get(key) if results is not None and key else None
            if outcomes is None:
                outcomes = _outcomes(engine, data, name, patches.why_skipped(file) if file != "-" else None, processes)
                if results is not None and key:
                    results.put(key, outcomes)
            parts.append((name, "", outcomes, namespaces))
        except MemoryError:
            parts.append((name, TOO_LARGE, (), ()))
        except Exception as error:  # one bad file must not take the others with it
            parts.append((name, "", (_bug(name, error),), ()))
    return parts, results.taken() if results is not None else None


def _outcomes(engine: Engine, data: bytes, name: str, patched: str | None, processes: int = 1) -> tuple[Outcome, ...]:
    if processes > 1 and len(data) >= SHARED_FROM and data.count(b"\n---") >= AT_ONCE and hasattr(os, "fork"):
        return _shared(engine, data, name, patched, processes)
    return tuple(_run(engine, data, name, patched))


def _run(engine: Engine, data: bytes, name: str, patched: str | None, share: tuple[int, int] | None = None) -> Iterator[Outcome]:
    """What comes of the documents of a file, or of some of them (see joblint.source.documents.each)."""
    from joblint.rules.manifests import read_manifests

    for document in read_manifests(data, name, holders=engine.holders, share=share):
        if patched and document.value is not None:
            document = replace(document, skipped=document.skipped or patched)
        yield engine.run(document)


def _shared(engine: Engine, data: bytes, name: str, patched: str | None, processes: int) -> tuple[Outcome, ...]:
    """What comes of the documents of a large file, shared among processes: each takes every n-th one, some at once."""

    def work(n: int) -> Iterator[list[Outcome]]:
        some: list[Outcome] = []
        for outcome in _run(engine, data, name, patched, (1 + n, processes)):
            some.append(outcome)
            if len(some) == AT_ONCE:
                yield some
                some = []
        if some:
            yield some

    first = next(_run(engine, data, name, patched))  # what the checks need is imported once, before the processes part
    engine.prepare()
    found = [first]
    for round in rounds(processes, work):
        for i in range(len(round[0])):
            found += [share[i] for share in round if i < len(share)]
    return tuple(found)


def _bug(name: str, error: Exception) -> Outcome:
    if isinstance(error, RecursionError):
        return Outcome((), (), (), (), (Skip(0, NAMED, "nested too deeply to check"),))
    return Outcome((), (), (failed(name, 0, error),), (), ())


def read_file(file: str) -> bytes:
    """The content of a file, `-` being standard input. Raises OSError."""
    if file == "-":
        return standard_input()
    return manifests(file)


class _Gathered:
    """What came of the files so far; a file's findings are settled as soon as nothing in other files can change them.

    Unless the files are the `whole` of a check, nothing is said that depends on other files: nor that an ignore has no use.
    """

    def __init__(self, engine: Engine, once: Once, watch: Watch | None, whole: bool = True) -> None:
        self._whole = whole
        self._engine = engine
        self._once = once
        self._watch = watch
        self._order: dict[str, int] = {}
        self._files = 0
        self._documents: list[Checked] = []
        self._findings: list[Finding] = []
        self._ignored: list[Ignored] = []
        self._skipped: list[Skipped] = []
        self._crashes: list[RuleCrash] = []
        self._missing: list[tuple[str, str]] = []
        self._facts: list[Facts] = []
        self._hidden: dict[Hidden, int] = {}
        self._heeded: set[tuple[str, int]] = set()
        self._later: list[Finding] = []
        self._ignores: list[Ignore] = []
        self._settler: Settler | None = None

    def take(self, parts: Iterable[Part]) -> list[tuple[str, NamespacePolicies]]:
        """Takes what came of files, in their order; the Namespaces among them."""
        namespaces: list[tuple[str, NamespacePolicies]] = []
        for name, unreadable, outcomes, found in parts:
            self._order[name] = len(self._order)
            self._files += 1
            namespaces += found
            if unreadable:
                self._missing.append((name, unreadable))
            if outcomes:
                self._take(name, outcomes)
        return namespaces

    def _take(self, name: str, outcomes: tuple[Outcome, ...]) -> None:
        findings: list[Finding] = []
        ignores: list[Ignore] = []
        objects = 0
        for outcome in outcomes:
            self._documents.extend([Checked(name, j) for j in outcome.judged])
            self._crashes.extend(outcome.crashes)
            self._facts.extend(outcome.facts)
            self._skipped.extend([in_file(name, s) for s in outcome.skipped])
            findings.extend(outcome.findings)
            ignores.extend(outcome.ignores)
            objects += len(outcome.judged) + len(outcome.skipped)
            for one in outcome.hidden:
                self._hidden[one] = self._hidden.get(one, 0) + 1
        if ignores or (self._engine.overrides and findings):
            settler = self._settled_by()
            self._heeded.update([(i.file, i.document) for i in ignores])
            if settler.waits(ignores):
                self._later += findings
                self._ignores += ignores
                findings = []
            else:
                settled = settler.settle(findings, ignores)
                findings = settled.findings
                self._ignored += settled.ignored
        if len(findings) > 1:
            findings.sort(key=_in_file)
        self._findings += findings
        if self._watch is not None and findings:
            self._watch(findings, objects > 1)

    def _settled_by(self) -> Settler:
        if self._settler is None:
            from joblint.rules.ignores.settle import Settler

            self._settler = Settler(self._engine)
        return self._settler

    def report(self) -> Report:
        """The report, with what the rules over a whole folder find."""
        late = self._later + self._of_folder()
        if self._ignores or self._engine.overrides:
            settler = self._settled_by()
            settled = settler.settle(late, self._ignores)
            late = settled.findings + settler.over_overrides()
            self._ignored += settled.ignored
        if late:
            self._findings += late
            self._findings.sort(key=lambda f: (self._order.get(f.file, 0), *_in_file(f)))
        if not self._whole:
            from joblint.rules.ignores.settle import UNUSED

            self._findings = [f for f in self._findings if f.name != UNUSED]
        return Report(
            self._engine.version,
            self._files - len(self._missing),
            tuple(self._documents),
            tuple(self._findings),
            tuple(self._skipped),
            tuple(self._crashes),
            tuple(self._missing),
            ignored=tuple(self._ignored),
            hidden=tuple(self._hidden.items()),
        )

    def _of_folder(self) -> list[Finding]:
        from joblint.rules.facts import alone

        findings: list[Finding] = []
        if not self._whole or not self._facts or alone(self._facts):
            return findings
        engine = self._engine
        hits, raised = folder_hits(engine, tuple(self._facts))
        self._crashes.extend(raised)
        shown = []
        for hit in hits:
            rule, where, told = hit
            if engine.hides(rule, told) and (where.file, where.document) not in self._heeded:
                key = (rule.id, rule.name, engine.severity(rule, told))
                self._hidden[key] = self._hidden.get(key, 0) + 1
            else:
                shown.append(hit)
        _add_folder(engine, shown, findings, self._crashes, self._once)
        return findings


def _in_file(finding: Finding) -> tuple[int, int, str]:
    return finding.span.line, finding.span.column, finding.rule


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
