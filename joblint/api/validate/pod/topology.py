"""topologySpreadConstraints: how a Job's Pods spread over nodes and zones; knows labels.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateTopologySpreadConstraints.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.labels import validate_label_selector
from joblint.api.validate.pod.labelkeys import (
    validate_match_and_mismatch_label_keys,
    validate_match_label_keys_in_topology_spread,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_ACTIONS = ("DoNotSchedule", "ScheduleAnyway")
_INCLUSION = ("Honor", "Ignore")
_POSITIVE = "must be greater than zero"


def validate_topology_spread_constraints(constraints: list[dict[str, Any]], path: str, errors: Errors, opts: Gates) -> None:
    """All constraints of a Pod; two of them may not agree in topologyKey and whenUnsatisfiable."""
    kinds = [(c.get("topologyKey") or "", c.get("whenUnsatisfiable") or "") for c in constraints]
    last = {kind: i for i, kind in enumerate(kinds)}
    for i, constraint in enumerate(constraints):
        here = f"{path}[{i}]"
        get = constraint.get
        skew = get("maxSkew") or 0
        if skew <= 0:
            errors.invalid(f"{here}.maxSkew", skew, _POSITIVE)
        key, action = kinds[i]
        if not key:
            errors.required(f"{here}.topologyKey", "can not be empty")
        if action not in _ACTIONS:
            errors.not_supported(f"{here}.whenUnsatisfiable", Typed(action), _ACTIONS)
        if last[kinds[i]] > i:
            errors.duplicate(f"{here}.{{topologyKey, whenUnsatisfiable}}", f"{{{key}, {action}}}")
        least = get("minDomains")
        if least is not None:
            _min_domains(least, action, f"{here}.minDomains", errors)
        for field in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            policy = get(field)
            if policy is not None and policy not in _INCLUSION:
                errors.not_supported(f"{here}.{field}", Typed(policy), _INCLUSION)
        selector = get("labelSelector")
        if keys := get("matchLabelKeys"):
            if opts.on("MatchLabelKeysInPodTopologySpread") and opts.on("MatchLabelKeysInPodTopologySpreadSelectorMerge"):
                validate_match_and_mismatch_label_keys(keys, None, selector, here, errors)
            else:
                validate_match_label_keys_in_topology_spread(keys, selector, f"{here}.matchLabelKeys", errors)
        validate_label_selector(selector, f"{here}.labelSelector", errors)


def _min_domains(least: int, action: str, path: str, errors: Errors) -> None:
    if least <= 0:
        errors.invalid(path, least, _POSITIVE)
    if action != "DoNotSchedule":
        errors.invalid(path, least, f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}")
