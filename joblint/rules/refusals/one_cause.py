"""Errors with one cause are listed below it: the consequences of a misplaced field, a wrong kind or a rejected volume.

Knows the rules by name, the subject and the server's errors; creates no finding.
"""

from __future__ import annotations

from joblint.rules.subject import Subject, as_dict, as_list, sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import ApiError
    from joblint.rules.catalogue.rule import Rule

UNMOUNTED = "mount-without-volume"
MISPLACED = "unknown-field"
REQUIRED = "FieldValueRequired"


def one_cause(groups: list[tuple[Rule, list[ApiError]]], subject: Subject) -> list[tuple[Rule, list[ApiError]]]:
    """If there is no template at all, the fields that it is missing are not separate causes; nor is what is missing in a
    mapping that is in a field unknown to the server."""
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
    """If a Job has the spec of a CronJob, its kind is the only cause of all unknown and missing fields in it."""
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
    """What is missing in a mapping because its field has another name, or is misspelled, is not a separate cause."""
    from joblint.rules.refusals.renamed import is_variable, meant_sibling, misspelled_sibling

    for rule, errors in groups:
        if rule.name != MISPLACED or errors[0].type != "Strict" or not errors[0].field:
            continue
        field = errors[0].field
        name = "name" if is_variable(subject, field) else meant_sibling(subject, field) or misspelled_sibling(subject, field)
        lacking = f"{field.rpartition('.')[0]}.{name}" if name else ""
        for _, others in groups if lacking else ():
            if others is not errors and (under := [e for e in others if e.field == lacking]):
                errors.extend(under)
                others[:] = [e for e in others if e not in under]
    return [(rule, errors) for rule, errors in groups if errors]


def _under_the_volume(groups: list[tuple[Rule, list[ApiError]]], subject: Subject) -> list[tuple[Rule, list[ApiError]]]:
    """The server drops a volume that it rejects, so that mounts of it fail: the volume is the cause."""
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
    """A required field that is in the wrong place is not also missing: one cause, one fix."""
    from joblint.rules.checks.refused.fields import place_of

    for rule, errors in groups:
        if rule.name != MISPLACED or errors[0].type != "Strict":
            continue
        place = place_of(subject, errors[0].field)
        for _, others in groups if place else ():
            if others is not errors and (missing := [e for e in others if e.type == REQUIRED and e.field == place]):
                errors.extend(missing)
                others[:] = [e for e in others if e not in missing]
