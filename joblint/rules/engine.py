"""The selected rules with their checks and settings, and the findings that they produce.

Gets documents and returns outcomes; `one_document` and `one_object` define how a document and an object go through the rules.
"""

from __future__ import annotations

from joblint.api.verdict import Verdict
from joblint.base.record import replace
from joblint.rules.finding import Finding, Hit, at_least, crashes_of, failed, of_rule
from joblint.rules.manifests import HOLDERS
from joblint.rules.one_document import in_steps, of_document
from joblint.rules.outcome import Outcome, skipped_only
from joblint.rules.skips import NAMED, Skip
from joblint.source.documents import DEEP, UNREAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from joblint.api.admission.asked import Admission
    from joblint.configuration.settings import Override
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.checks import Check
    from joblint.rules.one_document import Over
    from joblint.rules.owners.embedded import Embedded
    from joblint.rules.plan import Plans
    from joblint.source.documents import Document
    from joblint.source.places.spans import Span


class Engine:
    """The selected rules with their checks, ready to run. One engine serves a whole run; it keeps no state between
    documents."""

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
        """`severities` are the severities by rule ID that a configuration sets; `admission` returns the Pod Security level, if
        one is known; `overrides` are those of a configuration; `heeds_ignores` says whether ignores (of manifests and of
        overrides) count; findings below the severity `least` are counted but not created; `variables` are values for
        placeholders such as `${NAME}`; `embedded` is where other objects contain Jobs, None for the known kinds."""
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
        self.refusals: tuple[Rule, ...] = tuple([r for r in rules if r.refuses])
        self._by_name = {r.name: r for r in rules}
        self._plans: Plans | None = None
        self._left_out: tuple[Rule, ...] | None = None

    @property
    def embedded(self) -> tuple[Embedded, ...]:
        """Where other objects contain Jobs."""
        from joblint.rules.owners.embedded import BUILTIN

        return BUILTIN if self._embedded is None else (*self._embedded, *BUILTIN)

    def rule(self, name: str) -> Rule | None:
        """Return the selected rule of that name, None if it is not selected."""
        return self._by_name.get(name)

    def plans(self) -> Plans:
        """Which checks an object gets, computed when first needed; what the API server rejects or warns about is reported by
        `joblint.rules.refusals.explain`, which few files need."""
        if self._plans is None:
            from joblint.rules.plan import Plans

            wanted = [r for r in self.rules if r.scope == "object" and not r.refuses]
            from joblint.rules.checks.table import CHECKS

            checks = [(r, CHECKS.get(r.name) if not r.check else check_of(r)) for r in wanted]
            self._plans = Plans(tuple([(r, check) for r, check in checks if check is not None]))
        return self._plans

    def left_out(self) -> tuple[Rule, ...]:
        """The rules that would explain a rejection but are not selected, computed when first needed."""
        if self._left_out is None:
            from joblint.rules.refusals.explain import left_out

            self._left_out = left_out(self)
        return self._left_out

    def prepare(self) -> None:
        """Import every check now, once for all processes that the work is divided among."""
        self.plans().load()

    def run(self, document: Document, verdicts: Mapping[str, Verdict | None] | None = None, over: Over = map) -> Outcome:
        """Return everything that is found in one document; one that is nested too deeply is reported as not checked. `verdicts`
        are the known verdicts on its objects, by the prefixes of their paths; `over` calls a function for each of its objects
        and gives the results in their order.

        An error in joblint itself is reported for the document, as a crash without a rule.
        """
        if document.bug:
            return Outcome((), (), crashes_of(document), (), ())
        try:
            return self._noted(document, of_document(self, document, verdicts or {}, over))
        except Exception as error:
            return _failed(document, error)

    def steps(self, document: Document) -> Generator[None, None, Outcome]:
        """Return the same as `run` in steps, one for each object."""
        if document.bug:
            return Outcome((), (), crashes_of(document), (), ())
        try:
            return self._noted(document, (yield from in_steps(self, document)))
        except Exception as error:
            return _failed(document, error)

    def _noted(self, document: Document, outcome: Outcome) -> Outcome:
        """The outcome with the document's ignores, and what failed while positions were computed."""
        if self.heeds_ignores and document.mentions(b"joblint") and document.skipped in (None, UNREAD):
            from joblint.rules.ignores.written import ignores, mentioned

            if mentioned(document.source.part.data):
                outcome = replace(outcome, ignores=ignores(document))
        if document.source.bugs:
            outcome = replace(outcome, crashes=outcome.crashes + crashes_of(document))
        return outcome

    def read(self, document: Document) -> Outcome:
        """Return the same for a document without applying its ignores; raises whatever goes wrong."""
        return of_document(self, document, {})

    def severity(self, rule: Rule, hit: Hit) -> str:
        """Return the severity of a rule's hit."""
        return self.severities.get(rule.id) or hit.severity or rule.severity

    def hides(self, rule: Rule, hit: Hit) -> bool:
        """Return whether the finding of a hit is below the lowest severity to show, in a document without ignores."""
        return not self.overrides and not at_least(self.severity(rule, hit), self.least)

    def under(self, admission: Admission) -> Engine:
        """Return the same engine with this Pod Security policy."""
        return self._copy(admission, self.least)

    def showing(self, least: str) -> Engine:
        """Return the same engine, which only counts findings below a severity."""
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
        """Return the finding for a rule's hit, with its texts and its span. `refused` says that the server rejects the
        object."""
        from joblint.rules.whose import whose

        if hit.later is not None:
            hit = hit.later()
        owner = whose(document, prefix, hit.field)
        values = {"field": hit.field, "kind": owner.kind or "object", **hit.values}
        span = hit.span or document.span(prefix + hit.field if hit.field else prefix.rstrip("."), hit.part)
        found = of_rule(
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
        if (
            hit.span is None
            and (".args[" in hit.field or ".command[" in hit.field)
            and document.style(prefix + hit.field) in ("literal", "folded")
        ):
            from joblint.rules.in_block import in_block

            inner = in_block(document, span, found.message, hit.values)
            if inner is not None:
                found = replace(found, span=inner, excerpt=_excerpt(document, inner))
        return replace(found, message=hit.within + found.message) if hit.within else found


def _failed(document: Document, error: Exception) -> Outcome:
    """What comes of a document that joblint itself failed on. Raises MemoryError: that is about the whole file."""
    if isinstance(error, RecursionError):
        return skipped_only(Skip(document.index, NAMED, DEEP.format(line=document.line)))
    if isinstance(error, MemoryError):
        raise error
    return Outcome((), (), (failed(document.file, document.index, error),), (), ())


def check_of(rule: Rule) -> Check | None:
    """The check of a rule, None if there is none (the rule explains the server's errors, or the engine reports it)."""
    if rule.check.startswith("cel:"):
        from joblint.rules.catalogue.cel import check_of

        return check_of(rule)
    from joblint.rules.checks.table import CHECKS

    return CHECKS.get(rule.name)


def _excerpt(document: Document, span: Span) -> tuple[tuple[int, str], ...]:
    """The line of a span with the lines before and after, each with its number."""
    return tuple([(n, t) for n in (span.line - 1, span.line, span.line + 1) if (t := document.source_line(n)) is not None])
