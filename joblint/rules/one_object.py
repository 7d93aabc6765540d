"""Running the rules over one Job or CronJob: what the API server rejects, what it accepts and then does.

Takes an object with its verdict, gives an outcome; a check that raises becomes a RuleCrash and the others still run.
"""

from __future__ import annotations

from joblint.api.verdict import Verdict
from joblint.base import shared
from joblint.controller.prediction.patterns import pattern as pattern_of
from joblint.rules.facts.jobs import facts_of
from joblint.rules.finding import SEVERITIES, Finding, RuleCrash, crash
from joblint.rules.outcome import Judged, Outcome
from joblint.rules.skips import NAMED, Skip
from joblint.rules.subject import Subject, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.admission.pod_security import PodSecurity
    from joblint.rules.engine import Engine
    from joblint.rules.facts.folder import Facts
    from joblint.rules.outcome import Hidden
    from joblint.rules.plan import Text
    from joblint.source.documents import Document


_ACCEPTED = Verdict(True, None, (), ())


def of_workload(engine: Engine, document: Document, prefix: str, value: dict[str, Any], verdict: Verdict, text: Text) -> Outcome:
    """What comes of a Job or CronJob, or of what was meant as one."""
    ways: tuple[tuple[Verdict, dict[str, Any]], ...] = ((verdict, value),)
    tokens: tuple[dict[str, str], ...] = ({},)
    findings: list[Finding] = []
    crashes: list[RuleCrash] = []
    if not verdict.accepted or verdict.dropped:
        from joblint.rules.refusals.explain import explain

        explained = explain(engine, document, prefix, value, verdict)
        ways, tokens = explained.ways, explained.tokens
        findings += explained.findings
        crashes += explained.crashes
    pattern = pod_security = None
    facts: tuple[Facts, ...] = ()
    hidden: list[Hidden] = []
    limits: list[Skip] = []
    if all(accepted.defaulted is not None for accepted, _ in ways):
        if engine.admission is not None and verdict.accepted:
            pod_security = _pod_security(engine, verdict, as_dict(value.get("metadata")).get("namespace"))
        subjects = [Subject(document, prefix, sent, verdict, to, engine.version, pod_security) for to, sent in ways]
        seen = text if len(ways) == 1 else text.filled()
        checked = [_check(engine, subject, seen) for subject in subjects]
        crashes += checked[0][1]
        hidden = [h for h in checked[0][2] if all(h in others for _, _, others in checked)]
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
        (judged_as(document, prefix, value, verdict, pattern, pod_security),),
        tuple(findings),
        tuple(crashes),
        facts,
        tuple(limits),
        hidden=tuple(hidden),
    )


def _check(engine: Engine, subject: Subject, text: Text) -> tuple[list[Finding], list[RuleCrash], list[Hidden]]:
    """What the checks find in an object that the server accepts, or would with little changed; those that raised; and
    what is only counted."""
    findings: list[Finding] = []
    crashes: list[RuleCrash] = []
    hidden: list[Hidden] = []
    document, verdict = subject.document, subject.verdict
    refused = tuple(e.field for e in verdict.errors)
    plan = engine.plans().of(subject, text)
    if verdict.warnings:
        from joblint.rules.refusals.explain import warning_steps

        plan = warning_steps(engine) + plan
    for rule, check in plan:
        try:
            for hit in check(subject):
                if refused and any(_covers(field, hit.field) for field in refused):
                    continue  # the server's own finding on that field says it already
                if text.least and SEVERITIES.index(severity := engine.severity(rule, hit)) < text.least:
                    hidden.append((rule.id, rule.name, severity))
                    continue
                findings.append(engine.finding(rule, document, subject.prefix, hit))
        except Exception as error:  # a bug in one rule must not hide the others
            crashes.append(crash(rule, document, error))
    return findings, crashes, hidden


def _pod_security(engine: Engine, verdict: Verdict, namespace: Any) -> PodSecurity | None:
    """What Pod Security Admission says of an accepted object; None where no level is known for its namespace."""
    policy = engine.admission.of(_text(namespace) or "") if engine.admission is not None else None
    if policy is None or verdict.defaulted is None:
        return None
    from joblint.api.admission.pod_security import evaluate

    return evaluate(verdict.defaulted, policy, engine.version)


def judged_as(
    document: Document,
    prefix: str,
    value: dict[str, Any],
    verdict: Verdict,
    pattern: str | None,
    pod_security: PodSecurity | None,
) -> Judged:
    """The record of an object and its verdict that a run keeps."""
    meta = as_dict(value.get("metadata"))
    return Judged(
        document.index,
        document.line_of(prefix),
        _shared(value.get("apiVersion")),
        _shared(value.get("kind")),
        _shared(meta.get("namespace")),
        _text(meta.get("name")) or _text(meta.get("generateName")),
        _kept(verdict),
        pattern,
        pod_security,
    )


def _kept(verdict: Verdict) -> Verdict:
    """The verdict without the defaulted object, which would be most of what a run keeps."""
    if verdict.accepted and not verdict.warnings and not verdict.dropped:
        return _ACCEPTED
    return Verdict(verdict.accepted, verdict.stage, verdict.errors, verdict.warnings, None, verdict.dropped)


def _covers(refused: str, field: str) -> bool:
    return refused != "" and (field == refused or field.startswith((refused + ".", refused + "[")))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _shared(value: Any) -> str | None:
    found = _text(value)
    return found and shared.text(found)


def _pattern(subject: Subject) -> str | None:
    try:
        return pattern_of(subject.job)
    except (TypeError, ValueError, AttributeError):  # an object the API server rejects may contain anything
        return None
