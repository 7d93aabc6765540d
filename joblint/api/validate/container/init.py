"""Init containers and native sidecars (init containers with restartPolicy Always); knows what all containers share.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateInitContainers and
validateInitContainerRestartPolicy.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.container.container import validate_container_common, validate_hooks_and_probes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_SIDECAR_ONLY = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


def validate_init_containers(
    spec: dict[str, Any], path: str, errors: Errors, opts: Gates, volumes: dict[str, dict[str, Any]], claims: frozenset[str]
) -> None:
    """The init containers of a Pod spec, native sidecars among them."""
    names = {container.get("name", "") for container in spec.get("containers") or ()}
    for i, container in enumerate(spec["initContainers"]):
        where = f"{path}[{i}]"
        validate_container_common(container, where, errors, opts, volumes, claims, spec)
        if "restartPolicy" in container or container.get("restartPolicyRules"):
            _validate_restart_policy(container, where, errors, opts)
        name = container.get("name", "")
        if name in names:
            errors.duplicate(f"{where}.name", name)
        elif name:
            names.add(name)
        if "ports" in container:
            from joblint.api.validate.container.ports import check_host_port_conflicts

            # One at a time: they run one after the other. The server counts each from 0, wherever it is.
            check_host_port_conflicts([container], path, errors)
        sidecar = container.get("restartPolicy") == "Always"
        if sidecar:
            validate_hooks_and_probes(container, where, errors, opts, spec)
        else:
            for field in _SIDECAR_ONLY:
                if field in container:
                    errors.forbidden(f"{where}.{field}", "may not be set for init containers without restartPolicy=Always")
        if "resizePolicy" in container and not sidecar and opts.has("ResizePolicyOfInitContainersChecked"):
            _validate_resize_policy(container["resizePolicy"], f"{where}.resizePolicy", errors)


def _validate_restart_policy(container: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules")
    if policy is None:
        errors.required(f"{path}.restartPolicy", "must specify restartPolicy when restart rules are used")
    elif not opts.on("ContainerRestartRules"):
        if policy != "Always":
            errors.not_supported(f"{path}.restartPolicy", Typed(policy), ("Always",))
    elif policy == "Always" and not opts.on("RestartAllContainersOnContainerExits"):
        if rules:
            detail = "restartPolicyRules are not allowed for init containers with restart policy Always"
            errors.forbidden(f"{path}.restartPolicyRules", detail)
    else:
        from joblint.api.validate.container.restart_rules import validate_container_restart_policy

        validate_container_restart_policy(container, path, errors, opts)


def _validate_resize_policy(policies: list[dict[str, Any]], path: str, errors: Errors) -> None:
    for i, policy in enumerate(policies):
        if policy.get("restartPolicy") == "RestartContainer":
            detail = "must not be set to 'RestartContainer' for non-sidecar initContainers"
            errors.invalid(f"{path}[{i}].restartPolicy", "RestartContainer", detail)
