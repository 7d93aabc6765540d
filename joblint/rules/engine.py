"""Running the rules over one document: what the reader noticed, what the API server rejects, what it accepts and then does.

Takes documents, gives findings; a check that raises becomes a RuleCrash and the others still run.
"""

from __future__ import annotations

from joblint.api.verdict import Verdict
from joblint.base import shared
from joblint.base.record import replace
from joblint.rules.finding import SEVERITIES, Finding, Hit, RuleCrash, at_least, crash, failed, of_rule
from joblint.rules.manifests import HOLDERS, OTHERS
from joblint.rules.outcome import Judged, Outcome, joined, skipped_only
from joblint.rules.skips import ASSERTION, NAMED, NO_OBJECT, Skip, is_assertion, of_object, skip
from joblint.rules.subject import Subject, as_dict
from joblint.source.documents import DEEP, UNREAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from joblint.api.admission.asked import Admission
    from joblint.api.admission.pod_security import PodSecurity
    from joblint.configuration.settings import Override
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.checks import Check
    from joblint.rules.embedded import Embedded
    from joblint.rules.folder import Facts
    from joblint.rules.outcome import Hidden
    from joblint.rules.plan import Plans, Text
    from joblint.source.documents import Document
    from joblint.source.places.spans import Span


ARRAY = "array-of-objects"
"""The rule that tells of an array that holds Jobs."""

LEVELS, REPEATED = "wrong-indentation", "duplicate-key"

_ACCEPTED = Verdict(True, None, (), ())


class Engine:
    """The chosen rules with their checks, ready to run. One engine serves a whole run; it holds nothing between documents."""

    def __init__(
        self,
        rules: tuple[Rule, ...],
        version: str,
        severities: dict[str, str] | None = None,
        admission: Admission | None = None,
        overrides: tuple[Override, ...] = (),
        heeds_ignores: bool = True,
        least: str = "info",
        variables: Mapping[str, str] | None = None,
        embedded: tuple[Embedded, ...] | None = None,
    ) -> None:
        """`severities` are those that a configuration gives to rules by ID, whatever the rules themselves say; `admission`
        tells which Pod Security level holds, if one is known; `overrides` are those of a configuration; `heeds_ignores` is
        whether ignores (of manifests and of overrides) count; findings below the severity `least` are counted and not made;
        `variables` are values for placeholders such as `${NAME}`; `embedded` is where Jobs stand in other objects, None for
        where they are known to."""
        self.least = least
        self._embedded = embedded
        self.holders = HOLDERS if embedded is None else (*HOLDERS, *[e.kind for e in embedded])
        self.variables: Mapping[str, str] = variables or {}
        self.overrides = overrides
        self.heeds_ignores = heeds_ignores
        self.admission = admission
        self.version = version
        self.severities = severities or {}
        self.rules = rules
        self.refusals: tuple[Rule, ...] = tuple([r for r in rules if r.server or r.family == "refused"])
        self._by_name = {r.name: r for r in rules}
        self._plans: Plans | None = None
        self._left_out: tuple[Rule, ...] | None = None

    @property
    def embedded(self) -> tuple[Embedded, ...]:
        """Where Jobs stand in other objects."""
        from joblint.rules.embedded import BUILTIN

        return BUILTIN if self._embedded is None else (*self._embedded, *BUILTIN)

    def rule(self, name: str) -> Rule | None:
        """The chosen rule of that name, None where it was not selected."""
        return self._by_name.get(name)

    def plans(self) -> Plans:
        """Which checks an object gets, worked out when first asked for; what the API server rejects or warns of is told by
        `joblint.rules.refusals.explain`, which few files need."""
        if self._plans is None:
            from joblint.rules.plan import Plans

            wanted = [r for r in self.rules if r.scope == "object" and not r.server and r.family != "refused"]
            self._plans = Plans(tuple([(r, check) for r in wanted if (check := check_of(r)) is not None]))
        return self._plans

    def left_out(self) -> tuple[Rule, ...]:
        """The rules that would explain a rejection and were not chosen, worked out when first asked for."""
        if self._left_out is None:
            from joblint.rules.refusals.explain import left_out

            self._left_out = left_out(self)
        return self._left_out

    def prepare(self) -> None:
        """Import every check now: whoever divides the work among processes does so once for all of them."""
        self.plans().load()

    def run(self, document: Document, verdicts: Mapping[str, Verdict | None] | None = None) -> Outcome:
        """Everything there is to say of one document; one that is nested too deeply is named as not checked. `verdicts` are
        those on its objects that are known already, by the prefixes of their paths.

        What goes wrong in joblint itself over a document is told of that document, as a crash without a rule.
        """
        if document.bug:
            return Outcome((), (), (RuleCrash("", "", document.file, document.index, document.bug),), (), ())
        try:
            outcome = self._run(document, verdicts or {})
            if self.heeds_ignores and document.mentions(b"joblint") and document.skipped in (None, UNREAD):
                from joblint.rules.ignores.written import ignores, mentioned

                if mentioned(document.source.part.data):
                    outcome = replace(outcome, ignores=ignores(document))
            return outcome
        except RecursionError:
            return skipped_only(Skip(document.index, NAMED, DEEP.format(line=document.line)))
        except MemoryError:
            raise
        except Exception as error:
            return Outcome((), (), (failed(document.file, document.index, error),), (), ())

    def read(self, document: Document) -> Outcome:
        """The same of a document as it is, without the ignores that it holds; raises whatever goes wrong."""
        return self._run(document, {})

    def _run(self, document: Document, verdicts: Mapping[str, Verdict | None]) -> Outcome:
        passed = skip(document) if document.skipped or document.problems else None
        if passed is not None and document.source.whole is not None and passed.what == NAMED:
            from joblint.rules.unrendered.judged import judged

            return judged(self, document) or skipped_only(passed)
        if passed is not None:
            return skipped_only(passed)
        noticed = Outcome((), (), (), (), ())
        if document.problems:
            from joblint.rules import reader_findings as reading

            unreadable = reading.unreadable(document)
            noticed = Outcome((unreadable,) if unreadable else (), tuple(reading.findings(self, document)), (), (), ())
            if unreadable:
                return noticed
        if document.value is None:
            return noticed
        if isinstance(document.value, dict) and "items" in document.value:
            from joblint.rules.live.look import is_look, of_document

            if is_look(document.value):
                from time import time

                return of_document(self, document, time())
        from joblint.rules.plan import Text

        data = document.source.part.data
        if data.find(b"${") >= 0 or self.variables and data.find(b"$") >= 0:
            from joblint.rules.refusals.placeholders import defaults_told, with_known

            known = with_known(document, self.variables)
            document = known.document
            if known.defaults:
                noticed = replace(noticed, findings=noticed.findings + defaults_told(self, known))
        text = Text(document, SEVERITIES.index(self._least_made(document)))
        found = [self._guarded(document, prefix, value, text, verdicts) for prefix, value in document.objects()]
        if not found:
            found.append(skipped_only(Skip(document.index, NO_OBJECT, "an empty List")))
        if noticed.findings and any(f.name == LEVELS for o in found for f in o.findings):
            # Two keys on one level, since their indentation is lost, are not the same key twice.
            noticed = replace(noticed, findings=tuple([f for f in noticed.findings if f.name != REPEATED]))
        return joined([noticed, *found]) if noticed.findings or len(found) > 1 else found[0]

    def _guarded(
        self, document: Document, prefix: str, value: Any, text: Text, verdicts: Mapping[str, Verdict | None]
    ) -> Outcome:
        """One object; what goes wrong over it must not hide the other items of a List."""
        try:
            if prefix in verdicts:
                verdict = verdicts[prefix]
            else:
                from joblint.api.judge import judge

                verdict = judge(value, self.version)
            return self._object(document, prefix, value, verdict, text)
        except (RecursionError, MemoryError):
            raise
        except Exception as error:
            return Outcome((), (), (failed(document.file, document.index, error),), (), ())

    def _object(self, document: Document, prefix: str, value: Any, verdict: Verdict | None, text: Text) -> Outcome:
        """What comes of one object of a document, whatever it is."""
        if verdict is not None and isinstance(value, dict):
            if "status" in value and verdict.errors and is_assertion(value, document.file):
                return skipped_only(Skip(document.index, NAMED, f"kind {value['kind']}, {ASSERTION}"))
            return self._workload(document, prefix, value, verdict, text)
        if verdict is not None:
            return self._array(document, prefix, value, verdict, text)
        if isinstance(value, dict) and value.get("kind") in self.holders:
            from joblint.rules.embedded import judged_within

            found = judged_within(self, document, prefix, value)
            if found is not None:
                return found
        facts: tuple[Facts, ...] = ()
        if isinstance(value, dict) and value.get("kind") in OTHERS:
            from joblint.rules.others import facts_of_other

            facts = (facts_of_other(document, prefix, value),)
        return Outcome((), (), (), facts, (of_object(document, value),))

    def _array(self, document: Document, prefix: str, value: list[Any], verdict: Verdict, text: Text) -> Outcome:
        """What comes of an array that holds Jobs: kubectl refuses it as a whole; its items are told of, none is judged."""
        rule = self.rule(ARRAY)
        says = verdict.errors[0].message
        in_braces = document.source.part.data.lstrip()[:1] == b"["
        whole = '{"apiVersion": "v1", "kind": "List", "items": [ … ]}    around the array'
        above = "apiVersion: v1\nkind: List\nitems:    above the array"
        hit = Hit("", {"says": says, "advice": whole if in_braces else above})
        found = [self.finding(rule, document, prefix, hit, refused=True)] if rule is not None else []
        items = [self._guarded(document, f"{prefix.rstrip('.')}[{i}].", item, text, {}) for i, item in enumerate(value)]
        judged = _judged(document, prefix, {}, verdict, None, None)
        outcome = Outcome((judged,), tuple(found), (), (), ())
        return joined([outcome, *[replace(item, judged=()) for item in items]])

    def _workload(self, document: Document, prefix: str, value: dict[str, Any], verdict: Verdict, text: Text) -> Outcome:
        """What comes of a Job or CronJob, or of what was meant as one."""
        ways: tuple[tuple[Verdict, dict[str, Any]], ...] = ((verdict, value),)
        tokens: tuple[dict[str, str], ...] = ({},)
        findings: list[Finding] = []
        crashes: list[RuleCrash] = []
        if not verdict.accepted or verdict.dropped:
            from joblint.rules.refusals.explain import explain

            explained = explain(self, document, prefix, value, verdict)
            ways, tokens = explained.ways, explained.tokens
            findings += explained.findings
            crashes += explained.crashes
        pattern = pod_security = None
        facts: tuple[Facts, ...] = ()
        hidden: list[Hidden] = []
        limits: list[Skip] = []
        if all(accepted.defaulted is not None for accepted, _ in ways):
            if self.admission is not None and verdict.accepted:
                pod_security = self._pod_security(verdict, as_dict(value.get("metadata")).get("namespace"))
            subjects = [Subject(document, prefix, sent, verdict, to, self.version, pod_security) for to, sent in ways]
            seen = text if len(ways) == 1 else text.filled()
            checked = [self._check(subject, seen) for subject in subjects]
            crashes += checked[0][1]
            hidden = [h for h in checked[0][2] if all(h in others for _, _, others in checked)]
            from joblint.rules.facts import facts_of

            if len(ways) == 1:
                findings += checked[0][0]
                pattern, facts = _pattern(subjects[0]), (facts_of(subjects[0]),)
            else:
                from joblint.rules.refusals.agreed import agreed, agreed_facts

                findings += agreed([found for found, _, _ in checked], tokens)
                facts = agreed_facts([facts_of(subject) for subject in subjects])
                patterns = {_pattern(subject) for subject in subjects}
                pattern = patterns.pop() if len(patterns) == 1 else None
            limits = [Skip(document.index, NAMED, limit) for limit in subjects[0].limits()]
            for subject in subjects:
                subject.forget()
        return Outcome(
            (_judged(document, prefix, value, verdict, pattern, pod_security),),
            tuple(findings),
            tuple(crashes),
            facts,
            tuple(limits),
            hidden=tuple(hidden),
        )

    def _least_made(self, document: Document) -> str:
        """The least severity of which findings are made: ignores are held against all that there are."""
        if self.overrides or self.heeds_ignores and document.mentions(b"joblint"):
            return "info"
        return self.least

    def severity(self, rule: Rule, hit: Hit) -> str:
        """How grave a hit of a rule is."""
        return self.severities.get(rule.id) or hit.severity or rule.severity

    def hides(self, rule: Rule, hit: Hit) -> bool:
        """Whether nobody wants to see the finding that a hit makes, in a document without ignores."""
        return not self.overrides and not at_least(self.severity(rule, hit), self.least)

    def _check(self, subject: Subject, text: Text) -> tuple[list[Finding], list[RuleCrash], list[Hidden]]:
        """What the checks find in an object that the server accepts, or would with little changed; those that raised; and
        what is only counted."""
        from joblint.rules.signs import OF_SUBJECT

        findings: list[Finding] = []
        crashes: list[RuleCrash] = []
        hidden: list[Hidden] = []
        document, verdict = subject.document, subject.verdict
        refused = tuple(e.field for e in verdict.errors)
        plan = self.plans().of(subject, text)
        signs: dict[str, bool] = {"": True}
        if verdict.warnings:
            from joblint.rules.refusals.explain import warning_steps

            plan = warning_steps(self) + plan
        for rule, check, sign in plan:
            try:
                if sign not in signs:
                    signs[sign] = OF_SUBJECT[sign](subject)
                if not signs[sign]:
                    continue
                for hit in check(subject):
                    if refused and any(_covers(field, hit.field) for field in refused):
                        continue  # the server's own finding on that field says it already
                    if text.least and SEVERITIES.index(severity := self.severity(rule, hit)) < text.least:
                        hidden.append((rule.id, rule.name, severity))
                        continue
                    findings.append(self.finding(rule, document, subject.prefix, hit))
            except Exception as error:  # a bug in one rule must not hide the others
                crashes.append(crash(rule, document, error))
        return findings, crashes, hidden

    def _pod_security(self, verdict: Verdict, namespace: Any) -> PodSecurity | None:
        """What Pod Security Admission says of an accepted object; None where no level is known for its namespace."""
        policy = self.admission.of(_text(namespace) or "") if self.admission is not None else None
        if policy is None or verdict.defaulted is None:
            return None
        from joblint.api.admission.pod_security import evaluate

        return evaluate(verdict.defaulted, policy, self.version)

    def under(self, admission: Admission) -> Engine:
        """The same engine where this Pod Security policy holds."""
        return self._copy(admission, self.least)

    def showing(self, least: str) -> Engine:
        """The same engine that only counts findings below a severity."""
        return self if least == self.least else self._copy(self.admission, least)

    def _copy(self, admission: Admission | None, least: str) -> Engine:
        return Engine(
            self.rules,
            self.version,
            self.severities,
            admission,
            self.overrides,
            self.heeds_ignores,
            least,
            self.variables,
            self._embedded,
        )

    def finding(self, rule: Rule, document: Document, prefix: str, hit: Hit, refused: bool = False) -> Finding:
        """The finding that a hit of a rule makes: texts filled in, the span looked up. `refused`: the server rejects it."""
        from joblint.rules.whose import whose

        owner = whose(document, prefix, hit.field)
        values = {"field": hit.field, "kind": owner.kind or "object", **hit.values}
        span = hit.span or document.span(prefix + hit.field if hit.field else prefix.rstrip("."), hit.part)
        return of_rule(
            rule,
            self.severity(rule, hit),
            values,
            file=document.file,
            document=document.index,
            field=hit.field,
            span=span,
            label=hit.label or None,
            fix=hit.fix,
            confidence=hit.confidence or rule.confidence,
            also=hit.also,
            excerpt=_excerpt(document, span),
            object=owner,
            refused=refused,
        )


def _judged(
    document: Document,
    prefix: str,
    value: dict[str, Any],
    verdict: Verdict,
    pattern: str | None,
    pod_security: PodSecurity | None,
) -> Judged:
    meta = as_dict(value.get("metadata"))
    return Judged(
        document.index,
        document.span(prefix.rstrip(".")).line if prefix else document.line,
        _shared(value.get("apiVersion")),
        _shared(value.get("kind")),
        _shared(meta.get("namespace")),
        _text(meta.get("name")) or _text(meta.get("generateName")),
        _kept(verdict),
        pattern,
        pod_security,
    )


def _kept(verdict: Verdict) -> Verdict:
    """The verdict without the defaulted object, which would be most of what a run holds on to."""
    if verdict.accepted and not verdict.warnings and not verdict.dropped:
        return _ACCEPTED
    return Verdict(verdict.accepted, verdict.stage, verdict.errors, verdict.warnings, None, verdict.dropped)


def check_of(rule: Rule) -> Check | None:
    """The check of a rule, None where there is none (the rule explains the server's errors, or the engine tells of it)."""
    if rule.check.startswith("cel:"):
        from joblint.rules.catalogue.cel import check_of

        return check_of(rule)
    from joblint.rules.checks.table import CHECKS

    return CHECKS.get(rule.name)


def _excerpt(document: Document, span: Span) -> tuple[tuple[int, str], ...]:
    """The line of a span with one line before and one after, each with its number."""
    return tuple([(n, t) for n in (span.line - 1, span.line, span.line + 1) if (t := document.source_line(n)) is not None])


def _covers(refused: str, field: str) -> bool:
    return refused != "" and (field == refused or field.startswith((refused + ".", refused + "[")))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _shared(value: Any) -> str | None:
    found = _text(value)
    return found and shared.text(found)


def _pattern(subject: Subject) -> str | None:
    from joblint.controller.prediction.patterns import pattern

    try:
        return pattern(subject.job)
    except (TypeError, ValueError, AttributeError):  # an object the API server rejects may hold anything
        return None
