"""A Job's podFailurePolicy, successPolicy and podReplacementPolicy; knows JobSpec and errors.

Source: Kubernetes 1.36.3 pkg/apis/batch/validation/validation.go.
"""

from __future__ import annotations

from joblint.api.errors import OMIT, Typed
from joblint.api.shared_names import CONTAINER_LISTS
from joblint.api.validate.meta.names import byte_len, is_qualified_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors

_MAX_RULES = 20
_MAX_PATTERNS = 20
_MAX_EXIT_CODES = 255
_MAX_INDEXES_TEXT = 64 * 1024  # bytes

_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
_OPERATORS = ("In", "NotIn")
_STATUSES = ("False", "True", "Unknown")
_REPLACEMENTS = ("Failed", "TerminatingOrFailed")


def _one_of(value: str, path: str, errors: Errors, valid: tuple[str, ...]) -> None:
    """A required value from a short list."""
    if value == "":
        listed = " ".join(f'"{item}"' for item in valid)
        errors.required(path, f"valid values: [{listed}]")
    elif value not in valid:
        errors.not_supported(path, Typed(value), valid)


def validate_pod_failure_policy(spec: dict[str, Any], path: str, errors: Errors) -> None:
    """spec.podFailurePolicy, which is there; `path` is its own."""
    rules = spec["podFailurePolicy"].get("rules") or ()
    if len(rules) > _MAX_RULES:
        errors.too_many(f"{path}.rules", len(rules), _MAX_RULES)
    pod = spec.get("template", {}).get("spec", {})
    containers = {c.get("name", "") for field in CONTAINER_LISTS for c in pod.get(field) or ()}
    for i, rule in enumerate(rules):
        here = f"{path}.rules[{i}]"
        action = rule.get("action", "")
        if action == "FailIndex":
            if "backoffLimitPerIndex" not in spec:
                errors.invalid(f"{here}.action", Typed(action), "requires the backoffLimitPerIndex to be set")
        else:
            _one_of(action, f"{here}.action", errors, _ACTIONS)
        exit_codes, conditions = rule.get("onExitCodes"), rule.get("onPodConditions")
        if exit_codes is not None:
            _validate_exit_codes(exit_codes, f"{here}.onExitCodes", errors, containers)
        if conditions:
            _validate_conditions(conditions, f"{here}.onPodConditions", errors)
        if exit_codes is not None and conditions:
            errors.invalid(here, OMIT, "specifying both OnExitCodes and OnPodConditions is not supported")
        if exit_codes is None and not conditions:
            errors.invalid(here, OMIT, "specifying one of OnExitCodes and OnPodConditions is required")


def _validate_exit_codes(requirement: dict[str, Any], path: str, errors: Errors, containers: set[str]) -> None:
    operator, values = requirement.get("operator", ""), requirement.get("values")
    _one_of(operator, f"{path}.operator", errors, _OPERATORS)
    container = requirement.get("containerName")
    if container is not None and container not in containers:
        detail = "must be one of the container or initContainer names in the pod template"
        errors.invalid(f"{path}.containerName", container, detail)
    if not values:
        errors.invalid(f"{path}.values", values, "at least one value is required")
        return
    if len(values) > _MAX_EXIT_CODES:
        errors.too_many(f"{path}.values", len(values), _MAX_EXIT_CODES)
    seen: set[int] = set()
    for i, value in enumerate(values):
        if operator == "In" and value == 0:
            errors.invalid(f"{path}.values[{i}]", value, "must not be 0 for the In operator")
        if value in seen:
            errors.duplicate(f"{path}.values[{i}]", value)
        seen.add(value)
    if any(before > after for before, after in zip(values, values[1:], strict=False)):
        errors.invalid(f"{path}.values", values, "must be ordered")


def _validate_conditions(patterns: list[dict[str, Any]], path: str, errors: Errors) -> None:
    if len(patterns) > _MAX_PATTERNS:
        errors.too_many(path, len(patterns), _MAX_PATTERNS)
    for i, pattern in enumerate(patterns):
        for message in is_qualified_name(pattern.get("type", "")):
            errors.invalid(f"{path}[{i}].type", pattern.get("type", ""), message)
        _one_of(pattern.get("status", ""), f"{path}[{i}].status", errors, _STATUSES)


def validate_success_policy(spec: dict[str, Any], path: str, errors: Errors) -> None:
    """Validate spec.successPolicy of an Indexed Job, which is set; `path` is its own.

    The server itself fails if completions is missing; the checks that need it are then skipped here.
    """
    rules = spec["successPolicy"].get("rules") or ()
    if not rules:
        errors.required(f"{path}.rules", "at least one rules must be specified when the successPolicy is specified")
    if len(rules) > _MAX_RULES:
        errors.too_many(f"{path}.rules", len(rules), _MAX_RULES)
    for i, rule in enumerate(rules):
        _validate_success_rule(rule, f"{path}.rules[{i}]", errors, spec.get("completions"))


def _validate_success_rule(rule: dict[str, Any], path: str, errors: Errors, completions: int | None) -> None:
    count, indexes = rule.get("succeededCount"), rule.get("succeededIndexes")
    if count is None and indexes is None:
        errors.required(path, "at least one of succeededCount or succeededIndexes must be specified")
    total = 0
    if indexes is not None:
        from joblint.api.validate.job.indexes import IndexesError, count_indexes

        if byte_len(indexes) > _MAX_INDEXES_TEXT:
            errors.too_long(f"{path}.succeededIndexes", _MAX_INDEXES_TEXT)
        if completions is not None:
            try:
                total = count_indexes(indexes, completions)
            except IndexesError as error:
                errors.invalid(f"{path}.succeededIndexes", indexes, f"error parsing succeededIndexes: {error}")
    if count is None:
        return
    here = f"{path}.succeededCount"
    if count < 0:
        errors.invalid(here, count, "must be greater than or equal to 0")
    if completions is not None and count > completions:
        errors.invalid(here, count, f"must be less than or equal to {completions} (the number of specified completions)")
    if indexes is not None and count > total:
        named = "the number of indexes in the specified succeededIndexes field"
        errors.invalid(here, count, f"must be less than or equal to {total} ({named})")


def validate_pod_replacement_policy(spec: dict[str, Any], path: str, errors: Errors) -> None:
    """spec.podReplacementPolicy; with a podFailurePolicy only Failed will do."""
    policy = spec.get("podReplacementPolicy")
    if policy is None:
        return
    valid = ("Failed",) if "podFailurePolicy" in spec else _REPLACEMENTS
    if policy not in valid:
        errors.not_supported(path, Typed(policy), valid)
