"""The fields that the server drops on create because their feature is disabled in that version; changes the object in place.

Source: Kubernetes 1.37.2 pkg/api/pod/util.go dropDisabledFields, pkg/api/job/util.go DropDisabledFields (1.36.3
pkg/registry/batch/job/strategy.go PrepareForCreate). Features that are enabled in every version that joblint knows are not
listed.
"""

from __future__ import annotations

from joblint.api.shared_names import ALL_CONTAINER_LISTS
from joblint.api.version import versions
from joblint.base.memo import memo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from joblint.api.version.versions import Gates

    Tree: TypeAlias = "dict[str, Tree]"

_USER_FIELDS = (
    *(f"{kind}.defaultUser" for kind in ("secret", "configMap", "downwardAPI", "projected")),
    *(f"{kind}.items.user" for kind in ("secret", "configMap", "downwardAPI")),
    *(f"projected.sources.{kind}.items.user" for kind in ("secret", "configMap", "downwardAPI")),
    *(f"projected.sources.{kind}.user" for kind in ("serviceAccountToken", "clusterTrustBundle", "podCertificate")),
)
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
# (gate, path below the Pod spec): "containers" at the front represents all three lists of containers.
POD_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("UserNamespacesSupport", ("hostUsers",)),
    ("SupplementalGroupsPolicy", ("securityContext", "supplementalGroupsPolicy")),
    ("PodLevelResources", ("resources",)),
    ("DynamicResourceAllocation", ("containers", "resources", "claims")),
    ("DynamicResourceAllocation", ("resourceClaims",)),
    ("ClusterTrustBundleProjection", ("volumes", "projected", "sources", "clusterTrustBundle")),
    ("PodCertificateRequest", ("volumes", "projected", "sources", "podCertificate")),
    ("GenericWorkload", ("schedulingGroup",)),
    ("GenericWorkload", ("workloadRef",)),
    ("InPlacePodVerticalScaling", ("containers", "resizePolicy")),
    ("HostnameOverride", ("hostnameOverride",)),
    ("EnvFiles", ("containers", "env", "valueFrom", "fileKeyRef")),
    ("SELinuxChangePolicy", ("securityContext", "seLinuxChangePolicy")),
    ("ContainerStopSignals", ("containers", "lifecycle", "stopSignal")),
    ("EmptyDirVolumeMode", ("volumes", "emptyDir", "mode")),
    ("VolumeBindMountOptions", ("containers", "volumeMounts", "bindMountOptions")),
    ("EvictionRequestAPI", ("evictionResponders",)),
    *(("GRPCContainerProbeTLS", ("containers", probe, "grpc", "mode")) for probe in _PROBES),
    *(("H2CContainerProbe", ("containers", probe, "httpGet", "protocol")) for probe in _PROBES),
    *(("H2CContainerProbe", ("containers", "lifecycle", hook, "httpGet", "protocol")) for hook in ("postStart", "preStop")),
    *(("AtomicWriteVolumeUserFields", ("volumes", *path.split("."))) for path in _USER_FIELDS),
)
JOB_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (("JobManagedBy", ("managedBy",)), ("WorkloadWithJob", ("scheduling",)))
# Gates whose fields no older schema has: nothing to look for there.
_SINCE = {
    "AtomicWriteVolumeUserFields": 37,
    "EmptyDirVolumeMode": 37,
    "EvictionRequestAPI": 37,
    "GRPCContainerProbeTLS": 37,
    "H2CContainerProbe": 37,
    "VolumeBindMountOptions": 37,
    "WorkloadWithJob": 37,
}

_RESTART_RULES_SINCE = 34  # before, the server's code does not know restart policies of containers, and drops none


def drop_disabled(obj: dict[str, Any], gates: Gates) -> tuple[str, ...]:
    """Remove from a decoded Job or CronJob what the server drops; return the paths of what was set, in the server's words."""
    dropped: list[str] = []
    job, path = obj["spec"], "spec"
    if obj["kind"] == "Job":
        _drop_all("Job", job, path, gates, dropped)
    else:
        job, path = job["jobTemplate"]["spec"], "spec.jobTemplate.spec"
        if gates.has("JobFieldsDroppedFromCronJobs"):
            _drop_all("Job", job, path, gates, dropped)
    spec, path = job["template"]["spec"], f"{path}.template.spec"
    _drop_all("Pod", spec, path, gates, dropped)
    if not gates.on("ProcMountType"):
        _reset_proc_mount(spec, path, dropped)
    if not gates.on("ContainerRestartRules") and gates.minor >= _RESTART_RULES_SINCE:
        _drop_restart_rules(spec, path, dropped)
    if not gates.on("ImageVolume"):
        _drop_image_volumes(spec, path, dropped)
    return tuple(dropped)


def gate_of(path: str) -> str | None:
    """The feature gate whose being off drops the field at this path (one that `drop_disabled` has given)."""
    keys = [part.partition("[")[0] for part in path.split(".")]
    if "template" not in keys:
        return next((gate for gate, parts in JOB_FIELDS if parts[-1] == keys[-1]), None)
    below = keys[keys.index("template") + 2 :]
    if below[0] in ALL_CONTAINER_LISTS:
        below[0] = "containers"
    if below[-1] in _SPECIAL:
        return _SPECIAL[below[-1]]
    return next((gate for gate, parts in POD_FIELDS if list(parts) == below), None)


_SPECIAL = {
    "procMount": "ProcMountType",
    "restartPolicy": "ContainerRestartRules",
    "restartPolicyRules": "ContainerRestartRules",
    "volumes": "ImageVolume",
    "volumeMounts": "ImageVolume",
}


def _drop_all(part: str, node: dict[str, Any], path: str, gates: Gates, dropped: list[str]) -> None:
    paths, tree = _off(part, gates.version)
    if not _holds(node, tree):
        return
    for parts in paths:
        for first in ALL_CONTAINER_LISTS if parts[0] == "containers" else parts[:1]:
            if first in node:
                _drop(node, (first, *parts[1:]), path, dropped)


@memo(32)
def _off(part: str, version: str) -> tuple[list[tuple[str, ...]], Tree]:
    """The rows that are off in a version, and the same as a tree, to see at a glance whether any of them is there."""
    gates = versions.gates(version)
    table = JOB_FIELDS if part == "Job" else POD_FIELDS
    paths = [parts for gate, parts in table if not gates.on(gate) and gates.minor >= _SINCE.get(gate, 0)]
    tree: Tree = {}
    for parts in paths:
        for first in ALL_CONTAINER_LISTS if parts[0] == "containers" else parts[:1]:
            node = tree
            for key in (first, *parts[1:]):
                node = node.setdefault(key, {})
    return paths, tree


def _holds(node: dict[str, Any], tree: Tree) -> bool:
    """Whether a path of the tree leads to something that is there."""
    for key, below in tree.items():
        if key in node:
            if not below:
                return True
            value = node[key]
            for item in value if isinstance(value, list) else (value,):
                if _holds(item, below):
                    return True
    return False


def _drop(node: dict[str, Any], parts: tuple[str, ...], path: str, dropped: list[str]) -> None:
    key = parts[0]
    if key not in node:
        return
    path = f"{path}.{key}"
    value = node[key]
    if len(parts) == 1:
        del node[key]
        dropped.append(path)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            _drop(item, parts[1:], f"{path}[{i}]", dropped)
    else:
        before = len(dropped)
        _drop(value, parts[1:], path, dropped)
        if key == "lifecycle" and not value and len(dropped) > before:
            del node[key]  # nothing was in it but the stop signal


def _reset_proc_mount(spec: dict[str, Any], path: str, dropped: list[str]) -> None:
    for kind in ALL_CONTAINER_LISTS:
        for i, container in enumerate(spec.get(kind, ())):
            context = container.get("securityContext")
            if context and context.get("procMount", "Default") != "Default":
                context["procMount"] = "Default"
                dropped.append(f"{path}.{kind}[{i}].securityContext.procMount")


def _drop_restart_rules(spec: dict[str, Any], path: str, dropped: list[str]) -> None:
    """Rules go, and every restart policy of a container but the Always that makes an init container a sidecar."""
    for kind in ALL_CONTAINER_LISTS:
        for i, container in enumerate(spec.get(kind, ())):
            policy = container.get("restartPolicy")
            if policy is not None and (kind != "initContainers" or policy != "Always"):
                _drop(container, ("restartPolicy",), f"{path}.{kind}[{i}]", dropped)
            _drop(container, ("restartPolicyRules",), f"{path}.{kind}[{i}]", dropped)


def _drop_image_volumes(spec: dict[str, Any], path: str, dropped: list[str]) -> None:
    """Image volumes are dropped, and their mounts with them."""
    volumes = spec.get("volumes", [])
    gone = {volume["name"] for volume in volumes if "image" in volume}
    if gone:
        _drop_named(spec, path, gone, dropped)
    # The server makes both lists again: an empty one is a missing one then.
    for owner in (spec, *(c for kind in ALL_CONTAINER_LISTS for c in spec.get(kind, ()))):
        for key in ("volumes", "volumeMounts"):
            if owner.get(key) == []:
                del owner[key]


def _drop_named(spec: dict[str, Any], path: str, gone: set[str], dropped: list[str]) -> None:
    volumes = spec["volumes"]
    dropped.extend(f"{path}.volumes[{i}]" for i, volume in enumerate(volumes) if "image" in volume)
    spec["volumes"] = [volume for volume in volumes if "image" not in volume]
    for kind in ALL_CONTAINER_LISTS:
        for i, container in enumerate(spec.get(kind, ())):
            mounts = container.get("volumeMounts", [])
            kept = [mount for mount in mounts if mount["name"] not in gone]
            if len(kept) < len(mounts):
                dropped.extend(f"{path}.{kind}[{i}].volumeMounts[{j}]" for j, m in enumerate(mounts) if m["name"] in gone)
                container["volumeMounts"] = kept
