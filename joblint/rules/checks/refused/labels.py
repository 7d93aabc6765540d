"""Labels, annotations and selectors that the API server rejects, explained with the manifest: what to type instead."""

from __future__ import annotations

from joblint.api.shared_names import GENERATED_LABELS, UID_LABELS
from joblint.base.words import listed
from joblint.rules.finding import Hit
from joblint.rules.subject import as_dict, relative, sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject

_VALUE = (
    "A label value has at most 63 letters, digits, dashes, underscores and dots, and starts and ends with a letter "
    "or digit. A key may have a domain prefix and a slash."
)
_OPERATOR = "In and NotIn compare a label with values, Exists and DoesNotExist only check whether the key exists."
_NODES = "In an affinity for nodes, Gt and Lt compare it with one integer."


def label_invalid(s: Subject, error: ApiError) -> Hit:
    """Points at the entry: the server mentions only the map, and omits `metadata` in the template's maps."""
    at = error.field.replace("template.labels", "template.metadata.labels").replace(
        "template.annotations", "template.metadata.annotations"
    )
    values = _texts(error, at)
    entries = sent_value(s.object, at)
    key = error.key or error.value
    if not isinstance(entries, dict) or not isinstance(key, str) or key not in entries:
        return Hit(error.field, values)
    part = "value" if error.value == entries[key] and error.value != key else "key"
    return Hit(error.field, values, span=s.document.span(f"{s.prefix}{at}[{key}]", part))


def _texts(error: ApiError, at: str) -> dict[str, str]:
    """Why, and what to type, for the place of an error: labels, annotations, a selector or its expressions."""
    name = at.rpartition(".")[2]
    if name in ("values", "operator"):  # of matchExpressions; a value itself is values[0]
        nodes = "nodeAffinity" in at
        why = f"{_OPERATOR} {_NODES}" if nodes else _OPERATOR
        if name == "operator":
            return {"reason": why, "advice": f"operator: In    or NotIn, Exists, DoesNotExist{', Gt, Lt' if nodes else ''}"}
        if error.type == "FieldValueForbidden":
            return {"reason": why, "advice": "Remove values, or use operator: In or NotIn."}
        if "single value" in error.message:
            return {"reason": why, "advice": 'values: ["<number>"]    one integer in quotes'}
        return {"reason": why, "advice": "values: [<value>]    or use operator: Exists"}
    if "annotations" in at:
        return {
            "reason": "A key may have a domain prefix and a slash. Annotations accept any text, up to 256 KiB in total.",
            "advice": "Move long texts into a ConfigMap." if error.type == "FieldValueTooLong" else "Correct the key.",
        }
    if ".nodeSelector" in at or ".match" in at:
        return {"reason": _VALUE, "advice": "Correct the key or value."}
    return {"reason": _VALUE, "advice": "Correct the key or value. For free text, use an annotation: its value may be any text."}


def selector_set_by_hand(s: Subject, error: ApiError) -> Hit:
    """Points at the selector, and distinguishes an exported one from a hand-written one."""
    own = as_dict(as_dict(as_dict(s.sent_spec.get("template")).get("metadata")).get("labels"))
    exported = any(label in own for label in UID_LABELS)
    written = "selector" in s.sent_spec
    at = s.spec_at + ".selector" if written else error.field
    if not exported and s.sent_spec.get("manualSelector") is True:
        says = f"{relative(error.field)}: {error.detail or error.message}"
        values = {
            "says_short": f"with manualSelector the template's labels must match the selector ({says}).",
            "advice": "Remove manualSelector and selector, or give the template the labels of the selector.",
        }
        if written:
            return Hit(at, values, part="key", label="does not match the template")
        values["advice"] = "Remove manualSelector: the server then generates a selector."
        span = s.document.span(f"{s.prefix}{s.spec_at}.manualSelector", "key")
        return Hit(at, values, part="key", label="needs a selector", span=span)
    generated = listed([label for label in GENERATED_LABELS if label in own])
    if exported and not written:
        short = "it was exported from a cluster and contains the generated labels of the old Job."
        return Hit(at, {"says_short": short, "advice": f"Remove from the template's labels: {generated}."}, part="key")
    short = "a Job's selector is generated; this one was set manually."
    advice = f"Remove {s.spec_at}.selector."
    if exported:
        short = "it was exported from a cluster and contains the generated selector and labels of the old Job."
        advice += f" Also remove from the template's labels: {generated}."
    return Hit(at, {"says_short": short, "advice": advice}, part="key")
