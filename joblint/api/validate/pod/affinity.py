"""Node affinity, Pod affinity and anti-affinity; knows labels and names.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateAffinity and what it calls.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.labels import validate_label_name, validate_label_selector
from joblint.api.validate.meta.names import is_dns1123_label, is_dns1123_subdomain, is_valid_label_value
from joblint.api.validate.pod.labelkeys import validate_match_and_mismatch_label_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_BAD_OPERATOR = "not a valid selector operator"


def validate_affinity(affinity: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """All three parts of a Pod's affinity."""
    node = affinity.get("nodeAffinity")
    if node is not None:
        required = node.get(_REQUIRED)
        if required is not None:
            validate_node_selector(required, f"{path}.nodeAffinity.{_REQUIRED}", errors, opts)
        for i, term in enumerate(node.get(_PREFERRED) or ()):
            here = f"{path}.nodeAffinity.{_PREFERRED}[{i}]"
            _weight(term.get("weight") or 0, f"{here}.weight", errors)
            # A bad label value among mere preferences is only warned of (pod_warnings.py).
            _node_selector_term(term.get("preference") or {}, f"{here}.preference", errors, label_values=False)
    for part in ("podAffinity", "podAntiAffinity"):
        pods = affinity.get(part)
        if pods is None:
            continue
        for i, term in enumerate(pods.get(_REQUIRED) or ()):
            _pod_affinity_term(term, f"{path}.{part}.{_REQUIRED}[{i}]", errors)
        for i, weighted in enumerate(pods.get(_PREFERRED) or ()):
            here = f"{path}.{part}.{_PREFERRED}[{i}]"
            _weight(weighted.get("weight") or 0, f"{here}.weight", errors)
            _pod_affinity_term(weighted.get("podAffinityTerm") or {}, f"{here}.podAffinityTerm", errors)


def _weight(weight: int, path: str, errors: Errors) -> None:
    if not 1 <= weight <= 100:
        errors.invalid(path, weight, "must be in the range 1-100")


def validate_node_selector(selector: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """Validate a NodeSelector: terms of which one must match."""
    label_values = opts.has("NodeAffinityValuesChecked")
    terms = selector.get("nodeSelectorTerms")
    if not terms:
        errors.required(f"{path}.nodeSelectorTerms", "must have at least one node selector term")
        return
    for i, term in enumerate(terms):
        _node_selector_term(term, f"{path}.nodeSelectorTerms[{i}]", errors, label_values)


def _node_selector_term(term: dict[str, Any], path: str, errors: Errors, label_values: bool) -> None:
    for i, requirement in enumerate(term.get("matchExpressions") or ()):
        _node_requirement(requirement, f"{path}.matchExpressions[{i}]", errors, label_values)
    for i, requirement in enumerate(term.get("matchFields") or ()):
        _node_field_requirement(requirement, f"{path}.matchFields[{i}]", errors)


def _node_requirement(requirement: dict[str, Any], path: str, errors: Errors, label_values: bool) -> None:
    operator, values = requirement.get("operator") or "", requirement.get("values") or ()
    if operator in ("In", "NotIn"):
        if not values:
            errors.required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            errors.forbidden(f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
    elif operator in ("Gt", "Lt"):
        if len(values) != 1:
            errors.required(f"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
    else:
        errors.invalid(f"{path}.operator", Typed(operator), _BAD_OPERATOR)
    validate_label_name(requirement.get("key") or "", f"{path}.key", errors)
    if label_values:
        for i, value in enumerate(values):
            for message in is_valid_label_value(value):
                errors.invalid(f"{path}.values[{i}]", value, message)


def _node_field_requirement(requirement: dict[str, Any], path: str, errors: Errors) -> None:
    operator, values = requirement.get("operator") or "", requirement.get("values") or ()
    if operator in ("In", "NotIn"):
        if len(values) != 1:
            detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
            errors.required(f"{path}.values", detail)
    else:
        errors.invalid(f"{path}.operator", Typed(operator), _BAD_OPERATOR)
    key = requirement.get("key") or ""
    if key != "metadata.name":
        errors.invalid(f"{path}.key", key, "not a valid field selector key")
        return
    for i, value in enumerate(values):
        for message in is_dns1123_subdomain(value):
            errors.invalid(f"{path}.values[{i}]", value, message)


def _pod_affinity_term(term: dict[str, Any], path: str, errors: Errors) -> None:
    get = term.get
    selector = get("labelSelector")
    validate_label_selector(selector, f"{path}.labelSelector", errors)
    validate_label_selector(get("namespaceSelector"), f"{path}.namespaceSelector", errors)
    for name in get("namespaces") or ():
        for message in is_dns1123_label(name):
            # The server omits the "s" and the index.
            errors.invalid(f"{path}.namespace", name, message)
    match, mismatch = get("matchLabelKeys"), get("mismatchLabelKeys")
    if match or mismatch:
        validate_match_and_mismatch_label_keys(match, mismatch, selector, path, errors)
    key = get("topologyKey") or ""
    if not key:
        errors.required(f"{path}.topologyKey", "can not be empty")
    validate_label_name(key, f"{path}.topologyKey", errors)
