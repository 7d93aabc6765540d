"""Where a container mounts its volumes and block devices, and files that env reads from volumes; knows paths only.

Several field paths here lack the item's index or name a neighbor: so does the server.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go ValidateVolumeMounts, ValidateVolumeDevices and
validateFileKeyRefVolumes.
"""

from __future__ import annotations

from joblint.api.shared_names import ALL_CONTAINER_LISTS
from joblint.api.validate.volume.paths import has_backsteps, validate_local_descending_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
_RECURSIVE = ("Disabled", "Enabled", "IfPossible")


def volume_mount_map(mounts: list[dict[str, Any]] | None) -> dict[str, str]:
    """The mount path of each volume's name; the last mount of a volume counts."""
    return {mount.get("name") or "": mount.get("mountPath") or "" for mount in mounts or ()}


def volume_device_map(devices: list[dict[str, Any]] | None) -> dict[str, str]:
    """The device path of each volume's name; the last one counts."""
    return {device.get("name") or "": device.get("devicePath") or "" for device in devices or ()}


def validate_volume_mounts(
    mounts: list[dict[str, Any]] | None,
    path: str,
    errors: Errors,
    opts: Gates,
    devices: dict[str, str],
    volumes: dict[str, dict[str, Any]],
    container: dict[str, Any] | None,
) -> None:
    """A container's volumeMounts; `devices` is its volume_device_map, `volumes` the Pod's valid volumes by name."""
    seen: set[str] = set()
    for i, mount in enumerate(mounts or ()):
        name, where = mount.get("name") or "", mount.get("mountPath") or ""
        if name not in volumes:
            if not name:
                errors.required(f"{path}[{i}].name")
            errors.not_found(f"{path}[{i}].name", name)
        if not where:
            errors.required(f"{path}[{i}].mountPath")
        if where in seen:
            errors.invalid(f"{path}[{i}].mountPath", where, "must be unique")
        seen.add(where)
        if devices:
            if name in devices:
                errors.invalid(f"{path}[{i}].name", name, "must not already exist in volumeDevices")
            if where in devices.values():
                errors.invalid(f"{path}[{i}].mountPath", where, "must not already exist as a path in volumeDevices")
        if len(mount) > 2:
            _validate_mount_options(mount, i, path, errors, container)


def _validate_mount_options(mount: dict[str, Any], i: int, path: str, errors: Errors, container: dict[str, Any] | None) -> None:
    get = mount.get
    if sub_path := get("subPath"):
        validate_local_descending_path(sub_path, f"{path}.subPath", errors)
    if expression := get("subPathExpr"):
        if sub_path:
            errors.invalid(f"{path}[{i}].subPathExpr", expression, "subPathExpr and subPath are mutually exclusive")
        validate_local_descending_path(expression, f"{path}.subPathExpr", errors)
    propagation = get("mountPropagation")
    if propagation is not None:
        _validate_propagation(propagation, f"{path}.mountPropagation", errors, container)
    recursive = get("recursiveReadOnly")
    if recursive is not None:
        _validate_recursive_read_only(recursive, mount, f"{path}.recursiveReadOnly", errors)


def _validate_propagation(value: str, path: str, errors: Errors, container: dict[str, Any] | None) -> None:
    if value not in _PROPAGATIONS:
        from joblint.api.errors import Typed

        errors.not_supported(path, Typed(value), _PROPAGATIONS)
    if container is not None and value == "Bidirectional":
        if not (container.get("securityContext") or {}).get("privileged"):
            errors.forbidden(path, "Bidirectional mount propagation is available only to privileged containers")


def _validate_recursive_read_only(value: str, mount: dict[str, Any], path: str, errors: Errors) -> None:
    if value in ("Enabled", "IfPossible"):
        if not mount.get("readOnly"):
            errors.forbidden(path, "may only be specified when readOnly is true")
        if mount.get("mountPropagation") not in (None, "None"):
            errors.forbidden(path, "may only be specified when mountPropagation is None or not specified")
    elif value != "Disabled":
        from joblint.api.errors import Typed

        errors.not_supported(path, Typed(value), _RECURSIVE)


def validate_volume_devices(
    devices: list[dict[str, Any]] | None,
    path: str,
    errors: Errors,
    opts: Gates,
    mounts: dict[str, str],
    volumes: dict[str, dict[str, Any]],
) -> None:
    """A container's volumeDevices; `mounts` is its volume_mount_map, `volumes` the Pod's valid volumes by name."""
    names: set[str] = set()
    paths: set[str] = set()
    for i, device in enumerate(devices or ()):
        here = f"{path}[{i}]"
        name, where = device.get("name") or "", device.get("devicePath") or ""
        if not name:
            errors.required(f"{here}.name")
        if name in names:
            errors.invalid(f"{here}.name", name, "must be unique")
        source = volumes.get(name)
        if source is None:
            errors.not_found(f"{here}.name", name)
        elif source.get("persistentVolumeClaim") is None and source.get("ephemeral") is None:
            detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            errors.invalid(f"{here}.name", name, detail)
        if not where:
            errors.required(f"{here}.devicePath")
        if where in paths:
            errors.invalid(f"{here}.devicePath", where, "must be unique")
        if has_backsteps(where):
            errors.invalid(f"{here}.devicePath", where, "can not contain backsteps ('..')")
        else:
            paths.add(where)
        if name in mounts:
            errors.invalid(f"{here}.name", name, "must not already exist in volumeMounts")
        if where in mounts.values():
            errors.invalid(f"{here}.devicePath", where, "must not already exist as a path in volumeMounts")
        if name:
            names.add(name)


def validate_file_key_ref_volumes(spec: dict[str, Any], path: str, errors: Errors) -> None:
    """Every fileKeyRef of env must name a volume of type emptyDir; the volumes' own errors do not matter here."""
    volumes: dict[str, dict[str, Any]] | None = None
    for field in ALL_CONTAINER_LISTS:
        for i, container in enumerate(spec.get(field) or ()):
            for j, item in enumerate(container.get("env") or ()):
                ref = item["valueFrom"].get("fileKeyRef") if item.get("valueFrom") else None
                if ref is None:
                    continue
                if volumes is None:
                    volumes = {volume.get("name") or "": volume for volume in spec.get("volumes") or ()}
                name, where = ref.get("volumeName") or "", f"{path}.{field}[{i}].env[{j}].valueFrom.fileKeyRef.volumeName"
                if name not in volumes:
                    errors.not_found(where, name)
                elif volumes[name].get("emptyDir") is None:
                    errors.invalid(where, name, "referenced volume must be of type emptyDir")
