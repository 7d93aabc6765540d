"""Labels, annotations and label selectors: the API server's validation, and whether one matches.

Knows names and the errors collector.

Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/apis/meta/v1/validation/validation.go, pkg/apis/meta/v1/helpers.go
(LabelSelectorAsSelector), pkg/labels/selector.go and pkg/api/validation/objectmeta.go (annotations). The server walks maps in
Go's random order; here it is the order of the keys.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.names import byte_len, is_qualified_name, is_valid_label_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors


def validate_label_name(key: str, path: str, errors: Errors) -> None:
    """A label's key."""
    for message in is_qualified_name(key):
        errors.invalid(path, key, message)


def validate_labels(labels: dict[str, str] | None, path: str, errors: Errors) -> None:
    """Validate a map of labels: complaints about keys and values are both at the map's own path."""
    if not labels:
        return
    for key in labels if len(labels) == 1 else sorted(labels):
        for message in is_qualified_name(key):
            errors.invalid(path, key, message, key)
        value = labels[key]
        for message in is_valid_label_value(value):
            errors.invalid(path, value, message, key)


ANNOTATIONS_LIMIT = 256 * 1024  # bytes of all keys and values together


def validate_annotations(annotations: dict[str, str] | None, path: str, errors: Errors) -> None:
    """A map of annotations: keys as those of labels but in any case, and a limit for the whole."""
    if not annotations:
        return
    for key in annotations if len(annotations) == 1 else sorted(annotations):
        for message in is_qualified_name(key.lower()):
            errors.invalid(path, key, message, key)
    if sum(byte_len(key) + byte_len(value) for key, value in annotations.items()) > ANNOTATIONS_LIMIT:
        errors.too_long(path, ANNOTATIONS_LIMIT)


def validate_label_selector(
    selector: dict[str, Any] | None,
    path: str,
    errors: Errors,
    allow_invalid_values: bool = False,
    allow_unknown_operator: bool = False,
) -> None:
    """A LabelSelector (matchLabels and matchExpressions); None is a good one."""
    if not selector:
        return
    validate_labels(selector.get("matchLabels"), f"{path}.matchLabels", errors)
    for i, requirement in enumerate(selector.get("matchExpressions") or ()):
        validate_label_selector_requirement(
            requirement, f"{path}.matchExpressions[{i}]", errors, allow_invalid_values, allow_unknown_operator
        )


def validate_label_selector_requirement(
    requirement: dict[str, Any],
    path: str,
    errors: Errors,
    allow_invalid_values: bool = False,
    allow_unknown_operator: bool = False,
) -> None:
    """One item of matchExpressions."""
    operator = requirement.get("operator", "")
    values = requirement.get("values") or ()
    if operator in ("In", "NotIn"):
        if not values:
            errors.required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            errors.forbidden(f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
    elif not allow_unknown_operator:
        errors.invalid(f"{path}.operator", Typed(operator), "not a valid selector operator")
    validate_label_name(requirement.get("key", ""), f"{path}.key", errors)
    if not allow_invalid_values:
        for i, value in enumerate(values):
            for message in is_valid_label_value(value):
                errors.invalid(f"{path}.values[{i}]", value, message)


def has_invalid_values(selector: dict[str, Any] | None) -> bool:
    """Whether a value of matchExpressions is not a label value, which an update may then keep."""
    for requirement in (selector or {}).get("matchExpressions") or ():
        for value in requirement.get("values") or ():
            if is_valid_label_value(value):
                return True
    return False


def is_well_formed(selector: dict[str, Any]) -> bool:
    """Whether the server can make a selector of it at all (LabelSelectorAsSelector gives no error)."""
    for key, value in (selector.get("matchLabels") or {}).items():
        if is_qualified_name(key) or is_valid_label_value(value):
            return False
    for requirement in selector.get("matchExpressions") or ():
        operator, values = requirement.get("operator", ""), requirement.get("values") or ()
        if operator in ("In", "NotIn"):
            if not values:
                return False
        elif operator not in ("Exists", "DoesNotExist") or values:
            return False
        if is_qualified_name(requirement.get("key", "")) or any(map(is_valid_label_value, values)):
            return False
    return True


def matches(selector: dict[str, Any] | None, labels: dict[str, str]) -> bool:
    """Whether a well-formed LabelSelector matches the labels: None matches nothing, an empty one everything."""
    if selector is None:
        return False
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    for requirement in selector.get("matchExpressions") or ():
        operator, key = requirement.get("operator", ""), requirement.get("key", "")
        if operator == "In":
            if key not in labels or labels[key] not in requirement["values"]:
                return False
        elif operator == "NotIn":
            if key in labels and labels[key] in requirement["values"]:
                return False
        elif (operator == "Exists") != (key in labels):
            return False
    return True
