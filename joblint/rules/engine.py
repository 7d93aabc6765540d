"""The chosen rules with their checks and settings, and the findings that they make.

Takes documents, gives outcomes; how a document and an object go through the rules is in `one_document` and `one_object`.
"""

from __future__ import annotations

from joblint.api.verdict import Verdict
from joblint.base.record import replace
from joblint.rules.finding import Finding, Hit, RuleCrash, at_least, failed, of_rule
from joblint.rules.manifests import HOLDERS
from joblint.rules.one_document import of_document
from joblint.rules.outcome import Outcome, skipped_only
from joblint.rules.skips import NAMED, Skip
from joblint.source.documents import DEEP, UNREAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from joblint.api.admission.asked import Admission
    from joblint.configuration.settings import Override
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.checks import Check
    from joblint.rules.embedded import Embedded
    from joblint.rules.plan import Plans
    from joblint.source.documents import Document
    from joblint.source.places.spans import Span


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
            outcome = of_document(self, document, verdicts or {})
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
        return of_document(self, document, {})

    def severity(self, rule: Rule, hit: Hit) -> str:
        """How grave a hit of a rule is."""
        return self.severities.get(rule.id) or hit.severity or rule.severity

    def hides(self, rule: Rule, hit: Hit) -> bool:
        """Whether nobody wants to see the finding that a hit makes, in a document without ignores."""
        return not self.overrides and not at_least(self.severity(rule, hit), self.least)

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
