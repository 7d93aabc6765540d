"""Findings on what the API server rejects: one for one cause, told by the rule that explains it; knows no output.

Only runs where the API server rejects something (or forgets a field), so it may take its time.
"""

from __future__ import annotations

from joblint.api.create.request import KINDS
from joblint.api.ours import meant_kind
from joblint.base.record import record, replace
from joblint.rules.finding import Hit, crash
from joblint.rules.subject import Subject, as_dict, as_list, relative, sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError, Verdict
    from joblint.rules.catalogue.rule import Rule, ServerError
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding, RuleCrash
    from joblint.rules.plan import Step
    from joblint.source.documents import Document

ANY_REFUSAL = "refused-by-api-server"
UNKNOWN = "the API server rejects it as written; its final value is unknown here"
DROPPED = "field-dropped"
WARNS = "server-warns"
UNMOUNTED = "mount-without-volume"
MISPLACED = "unknown-field"
INDENTATION = "wrong-indentation"
REQUIRED = "FieldValueRequired"


@record
class Explained:
    """What there is to say of a verdict that is not plainly good.

    `ways` are what to look for traps in: the nearest object that the server accepts with the verdict on it, as far as one can
    be told, else the verdict and the object as they are; several where placeholders stand for values that are not known,
    `tokens` then tells which words of each stand for which.
    """

    ways: tuple[tuple[Verdict, dict[str, Any]], ...]
    tokens: tuple[dict[str, str], ...]
    findings: tuple[Finding, ...]
    crashes: tuple[RuleCrash, ...]


def explain(engine: Engine, document: Document, prefix: str, value: dict[str, Any], verdict: Verdict) -> Explained:
    """The findings on a verdict that refuses, or that accepts and forgets fields."""
    indentation = engine.rule(INDENTATION)
    if indentation is not None and not verdict.accepted:
        from joblint.rules.refusals.wrong_levels import wrong_levels

        hit = wrong_levels(document, prefix, value, verdict, engine.version)
        if hit is not None:  # nothing more is looked for in what stands in the wrong place
            told = engine.finding(indentation, document, prefix, hit, refused=True)
            return Explained(((replace(verdict, defaulted=None), value),), ({},), (told,), ())
    from joblint.rules.refusals.nearest_accepted import nearest_accepted
    from joblint.rules.refusals.placeholders import RULE, advice, unknown, with_placeholders

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
    for rule, cause in _one_cause(_grouped(engine, subject.kind, errors, value), subject):
        if engine.rule(rule.name) is None:  # left out by whoever asks: no other rule tells of it instead
            continue
        # What a patch does not have, the object has that it is merged into.
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
            values = {"placeholder": text, "known": UNKNOWN, "advice": advice(text, document.file)}
            findings.append(engine.finding(placeholder, document, prefix, Hit(field, values)))
    dropped = engine.rule(DROPPED)
    if dropped is not None and verdict.dropped:
        from joblint.rules.checks.refused.accepted import dropped_hit

        for field in verdict.dropped:
            findings.append(engine.finding(dropped, document, prefix, dropped_hit(subject, field)))
    return Explained(ways, tuple([way.tokens for way in found.ways]), tuple(findings), tuple(crashes))


def left_out(engine: Engine) -> tuple[Rule, ...]:
    """The built-in rules that explain errors of the server and were not chosen: what one of them explains is no refusal
    without a rule. Where no other than the rule for these was chosen, that one tells of every refusal."""
    if not any(r.server for r in engine.refusals):
        return ()
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.catalogue.select import Selection, chosen

    others = tuple([r for r in builtin() if r.server and engine.rule(r.name) is None])
    return chosen(others, Selection(profile="strict"), engine.version)


def warning_steps(engine: Engine) -> tuple[Step, ...]:
    """The rule that tells of the server's warnings with its check, where it was chosen."""
    from joblint.rules.checks.table import CHECKS

    rule = engine.rule(WARNS)
    return ((rule, CHECKS[WARNS], ""),) if rule is not None else ()


def explains(pattern: ServerError, error: ApiError, value: Any) -> bool:
    """Whether a rule's pattern means this error of an object."""
    if pattern.type and pattern.type != error.type:
        return False
    if pattern.message and pattern.message not in error.message:
        return False
    if pattern.field and not any(_field_matches(pattern.field, f) for f in (error.field, relative(error.field))):
        return False
    return not pattern.sent or pattern.sent == (_sent(value, error.field) or "nothing")


def _sent(value: Any, field: str) -> str:
    found = sent_value(value, field)
    return "" if found is None else str(found)


def _field_matches(pattern: str, field: str) -> bool:
    import re

    text = re.escape(pattern).replace(r"\[\*\]", r"\[[^\]]*\]").replace(r"\*\*", ".*")
    return re.fullmatch(text, field) is not None


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
        # Where one field has several errors, the most telling rule speaks and the others go under it.
        key = (rule.id, "" if rule.gather else relative(error.field))
        at_field = first_at.get(error.field) if error.field and rule is fallback else None
        found = groups.setdefault(at_field or key, (rule, []))[1]
        found.append(error)
        if len(found) == 1:
            first_at.setdefault(error.field, at_field or key)
    return list(groups.values())


def _first(rules: tuple[Rule, ...], kind: str, error: ApiError, value: Any) -> Rule | None:
    """The first of the rules that explains an error of an object of that kind."""
    return next((r for r in rules if kind in r.kinds and any(explains(p, error, value) for p in r.server)), None)


def _one_cause(groups: list[tuple[Rule, list[ApiError]]], subject: Subject) -> list[tuple[Rule, list[ApiError]]]:
    """Where there is no template at all, the fields that it lacks are no causes of their own; nor is what a mapping lacks
    where it stands in a field that the server does not know there."""
    for _, errors in groups:
        if errors and errors[0].type == "Strict" and errors[0].field.endswith("].source"):
            claim = errors[0].field.removesuffix(".source")
            for _, others in groups:
                if others is not errors:
                    errors.extend([e for e in others if e.field == claim])
                    others[:] = [e for e in others if e.field != claim]
    groups = _under_the_renamed(_under_the_kind(groups, subject), subject)
    groups = _under_the_volume(groups, subject)
    _under_the_misplaced(groups, subject)
    groups = [(rule, errors) for rule, errors in groups if errors]
    template = next((errors for rule, errors in groups if rule.name == "template-required"), None)
    if template is None or subject.sent_pod:
        return groups
    for rule, errors in groups:
        if rule.name == "restart-policy-required":
            template.extend(errors)
    return [(rule, errors) for rule, errors in groups if rule.name != "restart-policy-required"]


def _under_the_kind(groups: list[tuple[Rule, list[ApiError]]], subject: Subject) -> list[tuple[Rule, list[ApiError]]]:
    """Where a Job has the spec of a CronJob, its kind is the one cause of all that the server does not know in it, or misses."""
    from joblint.rules.checks.refused.fields import meant_cronjob

    first = next((errors for rule, errors in groups if rule.name == MISPLACED and errors[0].field == "spec.jobTemplate"), None)
    if first is None or not meant_cronjob(subject):
        return groups
    for _, others in groups:
        if others is not first:
            under = [e for e in others if _of_a_cronjob(e)]
            first.extend(under)
            others[:] = [e for e in others if e not in under]
    return [(rule, errors) for rule, errors in groups if errors]


def _under_the_renamed(groups: list[tuple[Rule, list[ApiError]]], subject: Subject) -> list[tuple[Rule, list[ApiError]]]:
    """What a mapping lacks because its field has another name is no cause of its own."""
    from joblint.rules.refusals.renamed import is_variable, meant_sibling

    for rule, errors in groups:
        if rule.name != MISPLACED or errors[0].type != "Strict" or not errors[0].field:
            continue
        field = errors[0].field
        name = "name" if is_variable(subject, field) else meant_sibling(subject, field)
        lacking = f"{field.rpartition('.')[0]}.{name}" if name else ""
        for _, others in groups if lacking else ():
            if others is not errors and (under := [e for e in others if e.field == lacking]):
                errors.extend(under)
                others[:] = [e for e in others if e not in under]
    return [(rule, errors) for rule, errors in groups if errors]


def _under_the_volume(groups: list[tuple[Rule, list[ApiError]]], subject: Subject) -> list[tuple[Rule, list[ApiError]]]:
    """The server forgets a volume that it rejects, so that nothing may mount it: the volume is the cause."""
    names = [as_dict(volume).get("name") for volume in as_list(subject.sent_pod.get("volumes"))]
    for rule, errors in groups:
        if rule.name != UNMOUNTED:
            continue
        name = sent_value(subject.object, errors[0].field)
        at = f"{subject.pod_at}.volumes[{names.index(name)}]" if isinstance(name, str) and name in names else ""
        cause = next((found for _, found in groups if at and found and f"{found[0].field}.".startswith(f"{at}.")), None)
        if cause is not None:
            cause.extend(errors)
            errors.clear()
    return [(rule, errors) for rule, errors in groups if errors]


def _of_a_cronjob(error: ApiError) -> bool:
    if error.type == REQUIRED:
        return error.field.startswith("spec.template.")
    return error.type == "Strict" and error.field.count(".") == 1 and error.field.startswith("spec.")


def _under_the_misplaced(groups: list[tuple[Rule, list[ApiError]]], subject: Subject) -> None:
    """A required field that stands in the wrong place is not missing besides: one cause, one fix."""
    from joblint.rules.checks.refused.fields import place_of

    for rule, errors in groups:
        if rule.name != MISPLACED or errors[0].type != "Strict":
            continue
        place = place_of(subject, errors[0].field)
        for _, others in groups if place else ():
            if others is not errors and (missing := [e for e in others if e.type == REQUIRED and e.field == place]):
                errors.extend(missing)
                others[:] = [e for e in others if e not in missing]


def _is_patch(document: Document) -> bool:
    """Whether a file's name, or that of its folder, says that it is a patch: kustomize merges it into an object that has the
    rest. The templates of a chart are no patches, whatever they do."""
    import re

    path = document.file.lower().replace("\\", "/").split("/")
    return "templates" not in path[:-1] and not {"patch", "patches"}.isdisjoint(re.split(r"[^a-z]+", "/".join(path[-2:])))


def _plain(subject: Subject, errors: list[ApiError]) -> Hit:
    """The hit in the server's words alone, with every value that the texts of explaining rules may name."""
    errors = [_without_made_up_uid(e) for e in errors]
    first = errors[0]
    also = tuple([f"{e.field}: {e.message}" if e.field else e.message for e in errors[1:]])
    values = {
        "says": first.message,
        "says_at": f"{first.field}: {first.message}" if first.field else first.message,
        "says_short": first.message,
        "who": "The API server",
        "hint": first.message,
        "advice": "Correct the field as the message says.",
        "value": sent_value(subject.object, first.field),
        "kind": subject.kind,
        "name": first.field.rpartition(".")[2] or "the field",
        "what": "value",
        "choices": "other values",
        "length": len(subject.name),
    }
    return Hit(first.field, values, also=also)


def _without_made_up_uid(error: ApiError) -> ApiError:
    """The error without the uid that stands for the one that the server would generate."""
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
