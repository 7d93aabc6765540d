"""Containers of a Pod template: what applies to all kinds, and what to ordinary ones; calls a module for each part.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateContainerCommon and validateContainers.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.shared_names import ALL_CONTAINER_LISTS
from joblint.api.validate.meta.names import is_dns1123_label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def visit_containers(spec: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every container of a Pod spec with its field path, in the server's order: init containers, ordinary and ephemeral
    ones."""
    for kind in ALL_CONTAINER_LISTS:
        for i, container in enumerate(spec.get(kind) or ()):
            yield container, f"{path}.{kind}[{i}]"


def validate_containers(
    spec: dict[str, Any], path: str, errors: Errors, opts: Gates, volumes: dict[str, dict[str, Any]], claims: frozenset[str]
) -> None:
    """The ordinary containers of a Pod spec; `volumes` are its valid volumes by name, `claims` its resource claims' names."""
    containers = spec.get("containers")
    if not containers:
        errors.required(path)
        return
    names = set()
    has_ports = False
    for i, container in enumerate(containers):
        where = f"{path}[{i}]"
        validate_container_common(container, where, errors, opts, volumes, claims, spec)
        name = container.get("name", "")
        if name in names:
            errors.duplicate(f"{where}.name", name)
        names.add(name)
        validate_hooks_and_probes(container, where, errors, opts, spec)
        if "restartPolicy" in container or container.get("restartPolicyRules"):
            from joblint.api.validate.container.restart_rules import validate_container_restart_policy

            if opts.on("ContainerRestartRules"):
                validate_container_restart_policy(container, where, errors, opts)
            elif "restartPolicy" in container:
                errors.forbidden(f"{where}.restartPolicy", "may not be set for non-init containers")
        has_ports = has_ports or "ports" in container
    if has_ports:
        from joblint.api.validate.container.ports import check_host_port_conflicts

        check_host_port_conflicts(containers, path, errors)


def validate_container_common(
    container: dict[str, Any],
    path: str,
    errors: Errors,
    opts: Gates,
    volumes: dict[str, dict[str, Any]],
    claims: frozenset[str],
    spec: dict[str, Any],
) -> None:
    """Validate what applies to ordinary, init and ephemeral containers alike, in the server's order; `spec` is the Pod's."""
    get = container.get
    name = get("name")
    if not name:
        errors.required(f"{path}.name")
    else:
        for message in is_dns1123_label(name):
            errors.invalid(f"{path}.name", name, message)
    if not get("image"):
        errors.required(f"{path}.image")
    policy = get("terminationMessagePolicy")
    if policy not in _MESSAGE_POLICIES:
        if not policy:
            errors.required(f"{path}.terminationMessagePolicy")
        else:
            errors.not_supported(f"{path}.terminationMessagePolicy", Typed(policy), _MESSAGE_POLICIES)
    if ports := get("ports"):
        from joblint.api.validate.container.ports import validate_container_ports

        validate_container_ports(ports, f"{path}.ports", errors)
    if env := get("env"):
        from joblint.api.validate.container.env import validate_env

        validate_env(env, f"{path}.env", errors, opts)
    if env_from := get("envFrom"):
        from joblint.api.validate.container.env import validate_env_from

        validate_env_from(env_from, f"{path}.envFrom", errors, opts)
    mounts, devices = get("volumeMounts"), get("volumeDevices")
    if mounts or devices:
        from joblint.api.validate.container.mounts import (
            validate_volume_devices,
            validate_volume_mounts,
            volume_device_map,
            volume_mount_map,
        )

        device_map = volume_device_map(devices)
        validate_volume_mounts(mounts, f"{path}.volumeMounts", errors, opts, device_map, volumes, container)
        if devices:
            validate_volume_devices(devices, f"{path}.volumeDevices", errors, opts, volume_mount_map(mounts), volumes)
    validate_pull_policy(get("imagePullPolicy"), f"{path}.imagePullPolicy", errors)
    if resources := get("resources"):
        from joblint.api.validate.container.resources import validate_container_resource_requirements

        validate_container_resource_requirements(resources, f"{path}.resources", errors, claims)
    if resize := get("resizePolicy"):
        from joblint.api.validate.container.restart_rules import validate_resize_policy

        validate_resize_policy(resize, f"{path}.resizePolicy", errors, opts, spec.get("restartPolicy"))
    if security := get("securityContext"):
        from joblint.api.validate.container.security import validate_security_context

        validate_security_context(security, f"{path}.securityContext", errors, opts, spec.get("hostUsers") is not False)


def validate_hooks_and_probes(container: dict[str, Any], path: str, errors: Errors, opts: Gates, spec: dict[str, Any]) -> None:
    """Lifecycle hooks and probes of a container that may have them."""
    if "lifecycle" in container:
        from joblint.api.validate.container.lifecycle import validate_lifecycle

        validate_lifecycle(container["lifecycle"], f"{path}.lifecycle", errors, opts, spec)
    for kind in _PROBES:
        if kind in container:
            from joblint.api.validate.container.probe import validate_probes

            validate_probes(container, path, errors)
            return


def validate_pull_policy(policy: str | None, path: str, errors: Errors) -> None:
    """When an image is pulled: of a container or an image volume."""
    if policy in _PULL_POLICIES:
        return
    if not policy:
        errors.required(path)
    else:
        errors.not_supported(path, Typed(policy), _PULL_POLICIES)
