"""Validation of a Pod template as create of a Job or CronJob runs it; calls the modules of each part in the server's order.

`opts` stands for the server's PodValidationOptions: on create they follow from the feature gates alone.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go (ValidatePodTemplateSpec, ValidatePodSpec) and
pkg/api/pod/util.go (GetValidationOptionsFromPodTemplate).
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.shared_names import ALL_CONTAINER_LISTS
from joblint.api.validate.container.container import validate_containers, visit_containers
from joblint.api.validate.meta.labels import validate_labels
from joblint.api.validate.meta.names import inclusive_range, is_dns1123_label, is_dns1123_subdomain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_MAX_INT32 = 2147483647
_RESTART_POLICIES = ("Always", "OnFailure", "Never")
_NO_CLAIMS: frozenset[str] = frozenset()
_NO_VOLUMES: dict[str, dict[str, object]] = {}


def validate_pod_template_spec_for_job(template: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """Add every error of a decoded, defaulted Pod template (v1 field names) to `errors`, in the server's order.

    `path` is the template's field path, as "spec.template". A Job's own rules on restartPolicy are not part of it.
    """
    metadata = template.get("metadata") or {}
    spec = template.get("spec") or {}
    annotations = metadata.get("annotations")
    labels = metadata.get("labels")
    if labels:
        validate_labels(labels, f"{path}.labels", errors)
    if annotations:
        from joblint.api.validate.meta.labels import validate_annotations
        from joblint.api.validate.pod.annotations import validate_pod_specific_annotations

        validate_annotations(annotations, f"{path}.annotations", errors)
        validate_pod_specific_annotations(annotations, f"{path}.annotations", errors, opts, spec)
    validate_pod_spec(spec, f"{path}.spec", errors, opts)
    if annotations:
        from joblint.api.validate.pod.annotations import validate_app_armor_annotations_match, validate_seccomp_annotations_match

        validate_seccomp_annotations_match(annotations, spec, f"{path}.spec", errors)
        validate_app_armor_annotations_match(annotations, spec, f"{path}.spec", errors)
    if spec.get("ephemeralContainers"):
        errors.forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template")


def validate_pod_spec(spec: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """Add every error of the spec of a Pod template: the server has no Pod metadata to look at there."""
    get = spec.get
    if get("terminationGracePeriodSeconds") is None:
        errors.required(f"{path}.terminationGracePeriodSeconds")
    volumes = _NO_VOLUMES
    if get("volumes"):
        from joblint.api.validate.volume.volume import validate_volumes

        volumes = validate_volumes(spec["volumes"], f"{path}.volumes", errors, opts)
    claims = _NO_CLAIMS
    if get("resourceClaims"):
        from joblint.api.validate.pod.claims import pod_claim_names, validate_pod_resource_claims

        claims = frozenset(pod_claim_names(spec["resourceClaims"]))
        validate_pod_resource_claims(spec["resourceClaims"], f"{path}.resourceClaims", errors)
    validate_containers(spec, f"{path}.containers", errors, opts, volumes, claims)
    if get("initContainers"):
        from joblint.api.validate.container.init import validate_init_containers

        validate_init_containers(spec, f"{path}.initContainers", errors, opts, volumes, claims)
    if get("ephemeralContainers"):
        from joblint.api.validate.container.ephemeral import validate_ephemeral_containers

        validate_ephemeral_containers(spec, f"{path}.ephemeralContainers", errors, opts, volumes, claims)
    if get("resources") is not None and opts.on("PodLevelResources"):
        from joblint.api.validate.pod.level import validate_pod_resources

        validate_pod_resources(spec, path, errors, claims)
    if get("hostNetwork"):
        _host_network_ports(get("containers") or [], f"{path}.containers", errors)
    _restart_policy(get("restartPolicy"), f"{path}.restartPolicy", errors)
    if get("dnsPolicy") != "ClusterFirst":
        from joblint.api.validate.pod.dns import validate_dns_policy

        validate_dns_policy(get("dnsPolicy"), f"{path}.dnsPolicy", errors)
    if get("nodeSelector"):
        validate_labels(spec["nodeSelector"], f"{path}.nodeSelector", errors)
    if get("securityContext") or get("shareProcessNamespace"):
        from joblint.api.validate.pod.security import validate_pod_spec_security_context, validate_share_process_namespace

        validate_pod_spec_security_context(spec, f"{path}.securityContext", errors, opts)
        if opts.has("HostFieldsInPodSpec"):
            validate_share_process_namespace(spec, path, errors)
    # imagePullSecrets contain only a name, and the server accepts any name.
    _scheduling(spec, path, errors, opts)
    _host(spec, path, errors, opts)
    _names(spec, path, errors, opts)
    if get("os") is not None:
        from joblint.api.validate.pod.os import validate_pod_os

        validate_pod_os(spec, path, errors, opts)
    if get("schedulingGroup") is not None:
        from joblint.api.validate.pod.scheduling import validate_scheduling_group

        validate_scheduling_group(spec["schedulingGroup"], f"{path}.schedulingGroup", errors)
    if _uses_file_keys(spec):
        from joblint.api.validate.container.mounts import validate_file_key_ref_volumes

        validate_file_key_ref_volumes(spec, path, errors)


def _uses_file_keys(spec: dict[str, Any]) -> bool:
    for kind in ALL_CONTAINER_LISTS:
        for container in spec.get(kind) or ():
            for item in container.get("env") or ():
                if "fileKeyRef" in item.get("valueFrom", ()):
                    return True
    return False


def _host_network_ports(containers: list[dict[str, Any]], path: str, errors: Errors) -> None:
    for i, container in enumerate(containers):
        for j, port in enumerate(container.get("ports") or ()):
            host_port = port.get("hostPort")
            if host_port and host_port != port.get("containerPort", 0):
                where = f"{path}[{i}].ports[{j}].hostPort"
                errors.invalid(where, host_port, "must match `containerPort` when `hostNetwork` is true")


def _restart_policy(policy: str | None, path: str, errors: Errors) -> None:
    if not policy:
        errors.required(path)
    elif policy not in _RESTART_POLICIES:
        errors.not_supported(path, Typed(policy), _RESTART_POLICIES)


def _scheduling(spec: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    get = spec.get
    if get("affinity"):
        from joblint.api.validate.pod.affinity import validate_affinity

        validate_affinity(spec["affinity"], f"{path}.affinity", errors, opts)
    if get("dnsPolicy") == "None" or get("dnsConfig"):
        from joblint.api.validate.pod.dns import validate_pod_dns_config

        validate_pod_dns_config(get("dnsConfig"), f"{path}.dnsConfig", errors, opts, get("dnsPolicy"))
    if get("readinessGates") or get("schedulingGates"):
        from joblint.api.validate.pod.scheduling import validate_readiness_gates, validate_scheduling_gates

        validate_readiness_gates(get("readinessGates"), f"{path}.readinessGates", errors)
        validate_scheduling_gates(get("schedulingGates"), f"{path}.schedulingGates", errors)
    if get("topologySpreadConstraints"):
        from joblint.api.validate.pod.topology import validate_topology_spread_constraints

        validate_topology_spread_constraints(spec["topologySpreadConstraints"], f"{path}.topologySpreadConstraints", errors, opts)


def _host(spec: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """Windows host processes, user namespaces, and the name of the host that the Pod sees."""
    get = spec.get
    if _has_windows_options(spec):
        from joblint.api.validate.pod.host_process import validate_windows_host_process_pod

        validate_windows_host_process_pod(spec, path, errors)
    if get("hostUsers") is False:
        if get("hostNetwork") and not opts.on("UserNamespacesHostNetworkSupport"):
            errors.forbidden(f"{path}.hostNetwork", "when `hostUsers` is false")
        # These two are the server's own spelling of the fields.
        if get("hostPID"):
            errors.forbidden(f"{path}.HostPID", "when `hostUsers` is false")
        if get("hostIPC"):
            errors.forbidden(f"{path}.HostIPC", "when `hostUsers` is false")
        if opts.has("VolumeDevicesNeedHostUsers"):
            for container, where in visit_containers(spec, path):
                if container.get("volumeDevices"):
                    errors.forbidden(f"{where}.volumeDevices", "when `hostUsers` is false")
    if get("hostnameOverride") is not None:
        from joblint.api.validate.pod.scheduling import validate_pod_host_name

        validate_pod_host_name(spec, path, errors)


def _has_windows_options(spec: dict[str, Any]) -> bool:
    if "windowsOptions" in (spec.get("securityContext") or ()):
        return True
    for kind in ALL_CONTAINER_LISTS:
        for container in spec.get(kind) or ():
            if "windowsOptions" in (container.get("securityContext") or ()):
                return True
    return False


def _names(spec: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """Names of other objects, the Pod's own host name, its deadline, and what depends on its class."""
    get = spec.get
    # The deprecated serviceAccount is used if the name is empty.
    if account := get("serviceAccountName") or get("serviceAccount"):
        for message in is_dns1123_subdomain(account):
            errors.invalid(f"{path}.serviceAccountName", account, message)
    if node := get("nodeName"):
        for message in is_dns1123_subdomain(node):
            errors.invalid(f"{path}.nodeName", node, message)
    deadline = get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= _MAX_INT32:
        errors.invalid(f"{path}.activeDeadlineSeconds", deadline, inclusive_range(1, _MAX_INT32))
    for field in ("hostname", "subdomain"):
        if label := get(field):
            for message in is_dns1123_label(label):
                errors.invalid(f"{path}.{field}", label, message)
    if get("tolerations"):
        from joblint.api.validate.pod.tolerations import validate_tolerations

        validate_tolerations(spec["tolerations"], f"{path}.tolerations", errors, opts)
    if get("hostAliases"):
        from joblint.api.validate.pod.dns import validate_host_aliases

        validate_host_aliases(spec["hostAliases"], f"{path}.hostAliases", errors, opts)
    if priority := get("priorityClassName"):
        for message in is_dns1123_subdomain(priority):
            errors.invalid(f"{path}.priorityClassName", priority, message)
    if get("runtimeClassName") is not None:
        from joblint.api.validate.pod.scheduling import validate_runtime_class_name

        validate_runtime_class_name(spec["runtimeClassName"], f"{path}.runtimeClassName", errors)
    if get("preemptionPolicy") is not None:
        from joblint.api.validate.pod.scheduling import validate_preemption_policy

        validate_preemption_policy(spec["preemptionPolicy"], f"{path}.preemptionPolicy", errors)
    if get("overhead") is not None:
        from joblint.api.validate.container.resources import validate_container_resource_requirements

        validate_container_resource_requirements({"limits": spec["overhead"]}, f"{path}.overhead", errors)
