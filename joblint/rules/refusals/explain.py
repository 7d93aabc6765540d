"""Findings on what the API server rejects: one for each cause, with the texts of the rule that explains it; knows nothing
about output.

It only runs if the API server rejects something (or drops a field), so its speed does not matter.
"""

from __future__ import annotations

from joblint.api.create.request import KINDS
from joblint.api.ours import meant_kind
from joblint.base.record import Record, replace
from joblint.rules.finding import Hit, crash
from joblint.rules.refusals.one_cause import REQUIRED, one_cause
from joblint.rules.subject import Subject, relative, sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError, Verdict
    from joblint.rules.catalogue.rule import Rule, ServerError
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding, RuleCrash
    from joblint.rules.plan import Step
    from joblint.source.documents import Document

ANY_REFUSAL = "rejected-by-api-server"
UNKNOWN = "rejected as written; its final value is unknown here"
DROPPED = "field-dropped"
WARNS = "server-warns"
INDENTATION = "wrong-indentation"


class Explained(Record):
    """The findings on a verdict that rejects, warns or drops fields.

    `ways` are the objects to check further: the closest object that the server accepts, with its verdict, as far as it can be
    found, otherwise the verdict and the object as they are; several if placeholders stand for unknown values, and `tokens` then
    says which words of each stand for which placeholder.
    """

    ways: tuple[tuple[Verdict, dict[str, Any]], ...]
    tokens: tuple[dict[str, str], ...]
    findings: tuple[Finding, ...]
    crashes: tuple[RuleCrash, ...]


_OWN_NAME = "metadata.name"
"""As `sent` of a rule's pattern: the value that the server rejects is the object's name, which it adds as a label."""

_LABELS = ("spec.template.labels", "metadata.labels")


def explain(engine: Engine, document: Document, prefix: str, value: dict[str, Any], verdict: Verdict) -> Explained:
    """Return the findings on a verdict that rejects, or that accepts and drops fields."""
    indentation = engine.rule(INDENTATION)
    if indentation is not None and not verdict.accepted:
        from joblint.rules.refusals.wrong_levels import wrong_levels

        hit = wrong_levels(document, prefix, value, verdict, engine.version)
        if hit is not None:  # nothing else is checked in a field that is in the wrong place
            told = engine.finding(indentation, document, prefix, hit, refused=True)
            return Explained(((replace(verdict, defaulted=None), value),), ({},), (told,), ())
    from joblint.rules.refusals.nearest_accepted import nearest_accepted
    from joblint.rules.refusals.placeholders import RULE, advice, named, with_placeholders
    from joblint.rules.refusals.unknown import unknown

    found = unknown(document, prefix, value, verdict, engine.version)
    nearest = tuple([nearest_accepted(way.object, way.verdict, engine.version) for way in found.ways])
    ways = tuple([(n.verdict, n.object) for n in nearest])
    known = value if value.get("kind") in KINDS else {**value, "kind": meant_kind(value) or "Job"}
    subject = Subject(document, prefix, known, verdict, nearest[0].verdict, engine.version)
    tokens = found.ways[0].tokens
    behind = nearest[0].behind
    errors = found.errors + (tuple([with_placeholders(e, tokens) for e in behind]) if tokens else behind)
    findings: list[Finding] = []
    crashes: list[RuleCrash] = []
    patch = _is_patch(document)
    for rule, cause in one_cause(_grouped(engine, subject.kind, errors, value), subject):
        if engine.rule(rule.name) is None:  # not selected: no other rule reports it instead
            continue
        # A patch need not have what the object has that it is merged into.
        elsewhere = patch and all(e.type == REQUIRED and sent_value(value, e.field) is None for e in cause)
        try:
            hit = _hit(rule, subject, cause)
            if elsewhere:
                hit = replace(hit, severity="info", confidence="hint")
            findings.append(engine.finding(rule, document, prefix, hit, refused=not elsewhere))
        except Exception as error:  # a bug in one rule must not hide the others
            crashes.append(crash(rule, document, error))
            findings.append(engine.finding(rule, document, prefix, _plain(subject, cause), refused=True))
    placeholder = engine.rule(RULE)
    if placeholder is not None:
        for field, text in found.fields:
            values = {"placeholder": named(text), "known": UNKNOWN, "advice": advice(text, document.file)}
            findings.append(engine.finding(placeholder, document, prefix, Hit(field, values)))
    dropped = engine.rule(DROPPED)
    if dropped is not None and verdict.dropped:
        from joblint.rules.checks.refused.accepted import dropped_hit

        for field in verdict.dropped:
            findings.append(engine.finding(dropped, document, prefix, dropped_hit(subject, field)))
    return Explained(ways, tuple([way.tokens for way in found.ways]), tuple(findings), tuple(crashes))


def left_out(engine: Engine) -> tuple[Rule, ...]:
    """Return the built-in rules that explain errors of the server and are not selected: an error that one of them explains is
    not reported by the general rule. If only the general rule is selected, it reports every rejection."""
    if not any(r.server for r in engine.refusals):
        return ()
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.catalogue.select import Selection, chosen

    others = tuple([r for r in builtin() if r.server and engine.rule(r.name) is None])
    return chosen(others, Selection(profile="strict"), engine.version)


def warning_steps(engine: Engine) -> tuple[Step, ...]:
    """Return the rule for the server's warnings with its check, if it is selected."""
    from joblint.rules.checks.table import CHECKS

    rule = engine.rule(WARNS)
    return ((rule, CHECKS[WARNS]),) if rule is not None else ()


def explains(pattern: ServerError, error: ApiError, value: Any) -> bool:
    """Return whether a rule's pattern matches this error of an object."""
    if pattern.type and pattern.type != error.type:
        return False
    if pattern.message and pattern.message not in error.message:
        return False
    if pattern.field and not any(_field_matches(pattern.field, f) for f in (error.field, relative(error.field))):
        return False
    if pattern.sent == _OWN_NAME:
        return _is_of_name(error, value)
    return not pattern.sent or pattern.sent == (_sent(value, error.field) or "nothing")


def _sent(value: Any, field: str) -> str:
    found = sent_value(value, field)
    return "" if found is None else str(found)


def _field_matches(pattern: str, field: str) -> bool:
    import re

    return re.fullmatch(_expression(pattern), field) is not None


def _expression(pattern: str) -> str:
    import re

    return re.escape(pattern).replace(r"\[\*\]", r"\[[^][]*\]").replace(r"\*\*", ".*")


def _grouped(engine: Engine, kind: str, errors: tuple[ApiError, ...], value: Any) -> list[tuple[Rule, list[ApiError]]]:
    """The errors by cause: those of one rule at one field together, all of a rule that gathers, in the order of the first."""
    fallback = engine.rule(ANY_REFUSAL)
    groups: dict[tuple[str, str], tuple[Rule, list[ApiError]]] = {}
    first_at: dict[str, tuple[str, str]] = {}  # the group whose first error is that of a field
    for error in errors:
        rule = _first(engine.refusals, kind, error, value)
        if rule is None and fallback is not None:
            rule = _first(engine.left_out(), kind, error, value) or fallback
        if rule is None:
            continue
        # If one field has several errors, the most specific rule reports them; the others are listed below it.
        key = (rule.id, "" if rule.gather else relative(error.field))
        at_field = first_at.get(error.field) if error.field and rule is fallback else None
        if error.field in _LABELS and "metadata.name" in first_at and _is_of_name(error, value):
            at_field = first_at["metadata.name"]
        found = groups.setdefault(at_field or key, (rule, []))[1]
        found.append(error)
        if len(found) == 1:
            first_at.setdefault(error.field, at_field or key)
    return list(groups.values())


def _is_of_name(error: ApiError, value: Any) -> bool:
    """Whether an invalid label is the name, which the API server adds to the labels of the Pods, and to a Job without labels:
    nobody wrote it."""
    from joblint.api.errors import go_quote
    from joblint.rules.subject import as_dict

    job = as_dict(value)
    name = as_dict(job.get("metadata")).get("name")
    template = as_dict(as_dict(as_dict(as_dict(job.get("spec")).get("template")).get("metadata")).get("labels"))
    own = [*template.values(), *as_dict(as_dict(job.get("metadata")).get("labels")).values()]
    return isinstance(name, str) and go_quote(name) in error.message and name not in own


def _first(rules: tuple[Rule, ...], kind: str, error: ApiError, value: Any) -> Rule | None:
    """The first of the rules that explains an error of an object of that kind."""
    return next((r for r in rules if kind in r.kinds and any(explains(p, error, value) for p in r.server)), None)


def _is_patch(document: Document) -> bool:
    """Whether the name of a file, or of its directory, says that it is a patch: kustomize merges it into an object that has the
    rest. The templates of a chart are not patches, whatever their name."""
    import re

    path = document.file.lower().replace("\\", "/").split("/")
    return "templates" not in path[:-1] and not {"patch", "patches"}.isdisjoint(re.split(r"[^a-z]+", "/".join(path[-2:])))


def _plain(subject: Subject, errors: list[ApiError]) -> Hit:
    """The hit with the server's text alone, with every value that the texts of explaining rules may contain."""
    errors = [_without_made_up_uid(e) for e in errors]
    first = errors[0]
    also = tuple([f"{e.field}: {e.message}" if e.field else e.message for e in errors[1:]])
    values = {
        "says": first.message,
        "says_at": f"{first.field}: {first.message}" if first.field else first.message,
        "says_short": first.message,
        "who": "The API server",
        "hint": first.message,
        "advice": "Correct the field shown in the message.",
        "reason": "The API server checks each field before it stores the object.",
        "value": sent_value(subject.object, first.field),
        "kind": subject.kind,
        "name": first.field.rpartition(".")[2] or "the field",
        "what": "value",
        "choices": "other values",
        "length": len(subject.name),
    }
    return Hit(first.field, values, also=also)


def _without_made_up_uid(error: ApiError) -> ApiError:
    """The error without the uid that represents the one that the server would generate."""
    from joblint.api.create.prepare import UID

    return replace(error, message=error.message.replace(UID, "<uid of the new Job>")) if UID in error.message else error


def _hit(rule: Rule, subject: Subject, errors: list[ApiError]) -> Hit:
    from joblint.rules.checks.table import EXPLANATIONS
    from joblint.rules.refusals.remedies import remedy_for

    plain = _plain(subject, errors)
    explanation = EXPLANATIONS.get(rule.name)
    hit = explanation(subject, errors[0]) if explanation is not None else None
    fix = remedy_for(rule.name, subject, errors[0])
    if hit is None:
        return replace(plain, fix=fix)
    return replace(hit, values={**plain.values, **hit.values}, also=hit.also or plain.also, fix=hit.fix or fix)
