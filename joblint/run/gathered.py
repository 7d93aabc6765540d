"""Combining the results of files: findings settled against ignores, rules over all objects of a run; does not read files,
except that it requests one again.
"""

from __future__ import annotations

from joblint.rules.finding import failed
from joblint.rules.skips import in_file
from joblint.run.kept import Kept
from joblint.run.reread import again
from joblint.run.result import Checked, Report
from joblint.run.withdrawn import HELD, held, not_withdrawn, not_withdrawn_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from joblint.api.admission.levels import NamespacePolicies
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.engine import Engine
    from joblint.rules.facts.alike import Alike
    from joblint.rules.facts.folder import Facts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Finding, Hit, RuleCrash
    from joblint.rules.ignores.settle import Ignored, Settler
    from joblint.rules.ignores.written import Ignore
    from joblint.rules.outcome import Hidden, Outcome
    from joblint.rules.skips import Skipped
    from joblint.run.contents import Once
    from joblint.run.parts import Part

    _FolderHit = tuple[Rule, Origin, Hit]
    Watch = Callable[[list[Finding], bool], None]

_FEW = 100
"""With fewer files, it does not matter how much is kept of them."""


class Gathered:
    """The results of the files so far; a file's findings are settled as soon as nothing in other files can change them.

    Unless the files are the `whole` of a check, nothing is reported that depends on other files, including unused ignores.
    """

    def __init__(self, engine: Engine, once: Once, watch: Watch | None, whole: bool = True) -> None:
        self._whole = whole
        self._engine = engine
        self._once = once
        self._watch = watch
        self._order: dict[str, int] = {}
        self._files = 0
        self._documents: Kept[Checked] = Kept()
        self._findings: Kept[Finding] = Kept()
        self._ignored: list[Ignored] = []
        self._skipped: Kept[Skipped] = Kept()
        self._crashes: list[RuleCrash] = []
        self._missing: list[tuple[str, str]] = []
        self._facts: list[Facts] = []
        self._alike: Alike | None = None
        self._hidden: dict[Hidden, int] = {}
        self._heeded: set[tuple[str, int]] = set()
        self._later: list[Finding] = []
        self._held: list[Finding] = []
        self._counted: dict[Hidden, list[str]] = {}
        self._ignores: list[Ignore] = []
        self._settler: Settler | None = None

    def take(self, parts: Iterable[Part]) -> list[tuple[str, NamespacePolicies]]:
        """Add the results of files, in order; return the Namespaces among them."""
        namespaces: list[tuple[str, NamespacePolicies]] = []
        for name, unreadable, outcomes, found in parts:
            self._order[name] = len(self._order)
            self._files += 1
            namespaces += found
            if unreadable:
                self._missing.append((name, unreadable))
            if outcomes:
                try:
                    findings, several = self._take(name, outcomes)
                except MemoryError:
                    raise
                except Exception as error:  # an error in one file must not affect the others
                    self._crashes.append(failed(name, 0, error))
                    continue
                if self._watch is not None and findings:
                    self._watch(findings, several)
        return namespaces

    def _take(self, name: str, outcomes: tuple[Outcome, ...]) -> tuple[list[Finding], bool]:
        """Add the results of a file; return its findings that are settled, and whether it contains several objects."""
        findings: list[Finding] = []
        ignores: list[Ignore] = []
        objects = 0
        for outcome in outcomes:
            if outcome.judged:
                self._documents.extend([Checked(name, j) for j in outcome.judged])
            self._crashes.extend(outcome.crashes)
            if outcome.facts:
                self._facts += outcome.facts if self._files < _FEW else map(self._shared().shared, outcome.facts)
            if outcome.skipped:
                self._skipped.extend([in_file(name, s) for s in outcome.skipped])
            findings.extend(outcome.findings)
            ignores.extend(outcome.ignores)
            objects += len(outcome.judged) + len(outcome.skipped)
            for one in outcome.hidden:
                if one[1] == HELD and self._whole:
                    self._counted.setdefault(one, []).append(name)
                else:
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
        if not self._whole:
            findings = _but_unused(findings)
        elif findings and (waiting := held(findings)):
            self._held += waiting
            findings = [f for f in findings if f.name != HELD]
        if len(findings) > 1:
            findings.sort(key=_in_file)
        if findings:
            self._findings.extend(findings)
        return findings, objects > 1

    def _shared(self) -> Alike:
        if self._alike is None:
            from joblint.rules.facts.alike import Alike

            self._alike = Alike()
        return self._alike

    def _settled_by(self) -> Settler:
        if self._settler is None:
            from joblint.rules.ignores.settle import Settler

            self._settler = Settler(self._engine)
        return self._settler

    def report(self) -> Report:
        """Return the report, with the findings of the rules over a whole directory."""
        late = self._later
        try:
            late = late + self._of_folder()
        except MemoryError:
            raise
        except Exception as error:  # what was found in each file by itself is reported
            self._crashes.append(failed("", 0, error))
        if self._ignores or self._engine.overrides:
            settler = self._settled_by()
            settled = settler.settle(late, self._ignores)
            late = settled.findings + settler.over_overrides()
            self._ignored += settled.ignored
        if not self._whole:
            late = _but_unused(late)
        late = late + not_withdrawn(self._held, self._facts)
        for one, files in self._counted.items():
            if left := not_withdrawn_in(files, self._facts):
                self._hidden[one] = self._hidden.get(one, 0) + left
        if late:
            self._findings.insert(late, lambda f: (self._order.get(f.file, 0), *_in_file(f)))
        return Report(
            self._engine.version,
            self._files - len(self._missing),
            self._documents.whole(),
            self._findings.whole(),
            self._skipped.whole(),
            tuple(self._crashes),
            tuple(self._missing),
            ignored=tuple(self._ignored),
            hidden=tuple(self._hidden.items()),
            late=tuple(late) if self._watch is not None else None,
        )

    def _of_folder(self) -> list[Finding]:
        from joblint.rules.facts.jobs import CronJobFacts, JobFacts, alone

        findings: list[Finding] = []
        if not self._whole or not self._facts or alone(self._facts):
            return findings
        engine = self._engine
        hits, raised = folder_hits(engine, tuple(self._facts))
        self._crashes.extend(raised)
        if any(f.needs.mounted for f in self._facts if isinstance(f, (JobFacts, CronJobFacts))):
            from joblint.run.mounted import mounted_hits

            more, raised = mounted_hits(engine, tuple(self._facts), self._once)
            hits += more
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


def _but_unused(findings: list[Finding]) -> list[Finding]:
    """The findings without those on unused ignores."""
    from joblint.rules.ignores.settle import UNUSED

    return [f for f in findings if f.name != UNUSED]


def _in_file(finding: Finding) -> tuple[int, int, str]:
    return finding.span.line, finding.span.column, finding.rule


def folder_hits(engine: Engine, facts: tuple[Facts, ...]) -> tuple[list[_FolderHit], list[RuleCrash]]:
    """Return the findings of the rules over a whole directory, and the rules that raised an exception."""
    from joblint.rules.facts import folder

    hits, raised = folder.run(engine, facts)
    return hits, [failed("", 0, e, r.id, r.name) for r, e in raised]


def _add_folder(engine: Engine, hits: list[_FolderHit], findings: list[Finding], crashes: list[RuleCrash], once: Once) -> None:
    """Add the findings of the rules over a whole directory. Only facts were kept: the files they point at are read again."""
    found: dict[str, list[_FolderHit]] = {}
    for hit in hits:
        found.setdefault(hit[1].file, []).append(hit)
    for file, of_file in found.items():
        of_document: dict[int, list[_FolderHit]] = {}
        for hit in of_file:
            of_document.setdefault(hit[1].document, []).append(hit)
        try:
            for document in again(file, set(of_document), once):
                for rule, where, told in of_document[document.index]:
                    try:
                        findings.append(engine.finding(rule, document, where.prefix, told))
                    except Exception as error:
                        crashes.append(failed(where.file, where.document, error, rule.id, rule.name))
        except MemoryError:
            raise
        except Exception as error:
            crashes.append(failed(file, 0, error))
