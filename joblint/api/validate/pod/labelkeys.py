"""matchLabelKeys and mismatchLabelKeys of Pod affinity and topology spread constraints; knows labels only.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go ValidateMatchLabelKeysAndMismatchLabelKeys and
ValidateMatchLabelKeysInTopologySpread.
"""

from __future__ import annotations

from joblint.api.validate.meta.labels import validate_label_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors

_IN_SELECTOR = "exists in both matchLabelKeys and labelSelector"
_NO_SELECTOR = "must not be specified when labelSelector is not set"


def validate_match_and_mismatch_label_keys(
    match: list[str] | None, mismatch: list[str] | None, selector: dict[str, Any] | None, path: str, errors: Errors
) -> None:
    """Both lists of keys next to the label selector that they add to; `path` is the term that contains them."""
    _label_keys(match, selector, f"{path}.matchLabelKeys", errors)
    _label_keys(mismatch, selector, f"{path}.mismatchLabelKeys", errors)
    if selector is not None and match:
        # Only a key that is defined twice in the selector itself is found: the server expects its own merge to have happened.
        index = {key: i for i, key in enumerate(match)}
        seen = set(selector.get("matchLabels") or ())
        for requirement in selector.get("matchExpressions") or ():
            key = requirement.get("key") or ""
            if key in index and key in seen:
                errors.invalid(f"{path}[{index[key]}]", key, _IN_SELECTOR)
            seen.add(key)
    for i, key in enumerate(match or ()):
        if key in (mismatch or ()):
            errors.invalid(f"{path}.matchLabelKeys[{i}]", key, "exists in both matchLabelKeys and mismatchLabelKeys")


def _label_keys(keys: list[str] | None, selector: dict[str, Any] | None, path: str, errors: Errors) -> None:
    if not keys:
        return
    if selector is None:
        errors.forbidden(path, _NO_SELECTOR)
        return
    for i, key in enumerate(keys):
        validate_label_name(key, f"{path}[{i}]", errors)


def validate_match_label_keys_in_topology_spread(
    keys: list[str] | None, selector: dict[str, Any] | None, path: str, errors: Errors
) -> None:
    """The rule before Kubernetes 1.34: no key may be in the selector; `path` is that of the list."""
    if not keys:
        return
    taken: set[str] = set()
    if selector is None:
        errors.forbidden(path, _NO_SELECTOR)
    else:
        taken.update(selector.get("matchLabels") or ())
        taken.update(requirement.get("key") or "" for requirement in selector.get("matchExpressions") or ())
    for i, key in enumerate(keys):
        validate_label_name(key, f"{path}[{i}]", errors)
        if key in taken:
            errors.invalid(f"{path}[{i}]", key, _IN_SELECTOR)
