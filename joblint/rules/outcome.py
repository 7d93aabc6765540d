"""The result for one document: verdicts, findings, crashes, facts, what was skipped; runs no rules."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.admission.pod_security import PodSecurity
    from joblint.api.verdict import Verdict
    from joblint.rules.facts.folder import Facts
    from joblint.rules.finding import Finding, RuleCrash
    from joblint.rules.ignores.written import Ignore
    from joblint.rules.skips import Skip

    Hidden = tuple[str, str, str]
    """A finding that is only counted: ID and name of its rule, and its severity."""


class Judged(Record):
    """One object with the server's verdict, without the defaulted object; `kind` is None for a document that cannot be read;
    `template` is set if it was read without rendering it."""

    document: int
    line: int
    api_version: str | None
    kind: str | None
    namespace: str | None
    name: str | None
    verdict: Verdict
    pattern: str | None
    pod_security: PodSecurity | None = None
    template: bool = False


class Outcome(Record):
    """The result for one document: verdicts, findings, crashes, facts for the rules over a whole directory, why it was skipped,
    its ignores, which are applied later (joblint.rules.ignores.settle), and the findings that are only counted, each as its
    rule's ID and name and its severity."""

    judged: tuple[Judged, ...]
    findings: tuple[Finding, ...]
    crashes: tuple[RuleCrash, ...]
    facts: tuple[Facts, ...]
    skipped: tuple[Skip, ...]
    ignores: tuple[Ignore, ...] = ()
    hidden: tuple[Hidden, ...] = ()


def skipped_only(skip: Skip) -> Outcome:
    """Return the outcome of a document without findings."""
    return Outcome((), (), (), (), (skip,))


def joined(outcomes: list[Outcome]) -> Outcome:
    """Return the outcomes of the objects of one document, as one."""
    return Outcome(
        tuple([j for o in outcomes for j in o.judged]),
        tuple([f for o in outcomes for f in o.findings]),
        tuple([c for o in outcomes for c in o.crashes]),
        tuple([f for o in outcomes for f in o.facts]),
        tuple([s for o in outcomes for s in o.skipped]),
        hidden=tuple([h for o in outcomes for h in o.hidden]),
    )
