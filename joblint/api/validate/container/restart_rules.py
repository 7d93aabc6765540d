"""When one container restarts: its own restartPolicy with rules, and its resizePolicy; knows errors only.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateContainerRestartPolicy and validateResizePolicy.
"""

from __future__ import annotations

from joblint.api.errors import Typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_POLICIES = ("Always", "Never", "OnFailure")
_OPERATORS = ("In", "NotIn")
_RESOURCES = ("cpu", "memory")
_RESIZE_POLICIES = ("NotRequired", "RestartContainer")


def validate_container_restart_policy(container: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """The restartPolicy and restartPolicyRules of a container whose field path is `path`."""
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or ()
    if policy is None:
        if not rules:
            return
        errors.required(f"{path}.restartPolicy", "must specify restartPolicy when restart rules are used")
    elif policy not in _POLICIES:
        errors.not_supported(f"{path}.restartPolicy", Typed(policy), _POLICIES)
    if len(rules) > 20:
        _too_many(f"{path}.restartPolicyRules", len(rules), 20, errors, opts)
    actions: tuple[str, ...] = ("Restart",)
    if opts.on("RestartAllContainersOnContainerExits"):
        actions = ("Restart", "RestartAllContainers")
    for i, rule in enumerate(rules):
        where = f"{path}.restartPolicyRules[{i}]"
        action = rule.get("action", "")
        if action not in actions:
            errors.not_supported(f"{where}.action", Typed(action), actions)
        exit_codes = rule.get("exitCodes")
        if exit_codes is None:
            errors.required(f"{where}.exitCodes", "must be specified")
            continue
        operator, values = exit_codes.get("operator", ""), exit_codes.get("values") or ()
        if operator not in _OPERATORS:
            errors.not_supported(f"{where}.exitCodes.operator", Typed(operator), _OPERATORS)
        if len(values) > 255:
            _too_many(f"{where}.exitCodes.values", len(values), 255, errors, opts)


def _too_many(path: str, count: int, limit: int, errors: Errors, opts: Gates) -> None:
    if opts.has("RestartRulesCounted"):
        errors.too_many(path, count, limit)
    else:
        errors.too_long(path, limit)


def validate_resize_policy(
    policies: list[dict[str, Any]], path: str, errors: Errors, opts: Gates, pod_policy: str | None
) -> None:
    """The resizePolicy of a container in a Pod of restartPolicy `pod_policy`; the server names the list, not the item."""
    seen = set()
    for i, item in enumerate(policies):
        resource, policy = item.get("resourceName", ""), item.get("restartPolicy", "")
        if resource in seen:
            errors.duplicate(f"{path}[{i}]", Typed(resource, bare=True))
        seen.add(resource)
        for value, supported in ((Typed(resource, bare=True), _RESOURCES), (Typed(policy), _RESIZE_POLICIES)):
            if not value.value:
                errors.required(path)
            elif value.value not in supported:
                errors.not_supported(path, value, supported)
        if pod_policy == "Never" and policy != "NotRequired":
            whose = "pod " if opts.has("ResizePolicyTextNamesPod") else ""
            errors.invalid(path, Typed(policy), f"must be 'NotRequired' when {whose}`restartPolicy` is 'Never'")
