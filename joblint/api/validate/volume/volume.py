"""A Pod's volumes: names, one source each, and the sources that nearly every Pod uses; the others are looked up in volume_*.py.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go ValidateVolumes and validateVolumeSource.
"""

from __future__ import annotations

from joblint.api.validate.meta.names import is_dns1123_label
from joblint.api.validate.volume.paths import validate_local_non_reserved_path, validate_path_no_backsteps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

    Check = Callable[[dict[str, Any], str, Errors, Gates], None]

FILE_MODE = "must be a number between 0 and 0777 (octal), both inclusive"
MORE_THAN_ONE = "may not specify more than 1 volume type"

# The sources in the order in which the server looks at them, and the module of those that are not checked here.
SOURCES = {
    "emptyDir": "",
    "hostPath": "",
    "gitRepo": "gone",
    "gcePersistentDisk": "cloud",
    "awsElasticBlockStore": "cloud",
    "secret": "",
    "nfs": "network",
    "iscsi": "network",
    "glusterfs": "gone",
    "flocker": "gone",
    "persistentVolumeClaim": "",
    "rbd": "network",
    "cinder": "cloud",
    "cephfs": "network",
    "quobyte": "gone",
    "downwardAPI": "projected",
    "fc": "network",
    "flexVolume": "driver",
    "configMap": "",
    "azureFile": "cloud",
    "vsphereVolume": "cloud",
    "photonPersistentDisk": "gone",
    "portworxVolume": "driver",
    "azureDisk": "cloud",
    "storageos": "gone",
    "projected": "projected",
    "scaleIO": "gone",
    "csi": "driver",
    "ephemeral": "claim",
    "image": "driver",
}
# Where the server's own field paths differ from the field's name: as a second source, and as the only one.
_SECOND_PATH = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
_OWN_PATH = {"gcePersistentDisk": "persistentDisk"}

_HOST_PATH_TYPES = ("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")


def validate_volumes(volumes: list[dict[str, Any]], path: str, errors: Errors, opts: Gates) -> dict[str, dict[str, Any]]:
    """Add the errors of all volumes; returns the volumes without errors by name, which are those that mounts may name."""
    good: dict[str, dict[str, Any]] = {}
    for i, volume in enumerate(volumes):
        here = f"{path}[{i}]"
        before = len(errors)
        _validate_source(volume, here, errors, opts)
        name = volume.get("name") or ""
        if not name:
            errors.required(f"{here}.name")
        else:
            for message in is_dns1123_label(name):
                errors.invalid(f"{here}.name", name, message)
            if name in good:
                errors.duplicate(f"{here}.name", name)
        if len(errors) == before:
            good[name] = volume
    return good


def _validate_source(volume: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if len(volume) == 2 and "name" in volume:
        first, second = volume
        found = second if first == "name" else first
        if found in SOURCES and volume[found] is not None:
            _check_of(found)(volume[found], f"{path}.{_OWN_PATH.get(found, found)}", errors, opts)
            if found == "iscsi":
                _validate_initiator_length(volume, path, errors)
            return
    seen = False
    for source in SOURCES:
        if volume.get(source) is None:
            continue
        if seen:
            errors.forbidden(f"{path}.{_SECOND_PATH.get(source, source)}", MORE_THAN_ONE)
        else:
            seen = True
            _check_of(source)(volume[source], f"{path}.{_OWN_PATH.get(source, source)}", errors, opts)
        if source == "iscsi":
            _validate_initiator_length(volume, path, errors)
    if not seen:
        errors.required(path, "must specify a volume type")


def _check_of(source: str) -> Check:
    module = SOURCES[source]
    if not module:
        return _HERE[source]
    check: Check = __import__(f"joblint.api.validate.volume.{module}", fromlist=("CHECKS",)).CHECKS[source]
    return check


def _validate_initiator_length(volume: dict[str, Any], path: str, errors: Errors) -> None:
    from joblint.api.validate.meta.names import byte_len

    iscsi, name = volume["iscsi"], volume.get("name") or ""
    if iscsi.get("initiatorName") is not None and byte_len(f"{name}:{iscsi.get('targetPortal') or ''}") > 64:
        errors.invalid(
            f"{path}.name",
            name,
            "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.",
        )


def validate_mode(value: int | None, path: str, errors: Errors) -> None:
    """A file mode; None (not set) is a good one."""
    if value is not None and not 0 <= value <= 0o777:
        errors.invalid(path, value, FILE_MODE)


def validate_user(holder: dict[str, Any], field: str, path: str, errors: Errors) -> None:
    """Validate the owner of files, if the version keeps it (before 1.38 it is dropped by default)."""
    user = holder.get(field)
    if user is not None:
        from joblint.api.validate.meta.names import is_valid_id

        for message in is_valid_id(user):
            errors.invalid(f"{path}.{field}", user, message)


def validate_key_to_path(item: dict[str, Any], path: str, errors: Errors) -> None:
    """One item of a Secret's or ConfigMap's `items`."""
    target = item.get("path") or ""
    if not item.get("key"):
        errors.required(f"{path}.key")
    if not target:
        errors.required(f"{path}.path")
    elif target[0] == "/" or ".." in target:
        validate_local_non_reserved_path(target, f"{path}.path", errors)
    if "mode" in item:
        validate_mode(item["mode"], f"{path}.mode", errors)
    validate_user(item, "user", path, errors)


def _empty_dir(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    limit = source.get("sizeLimit")
    if limit is not None:
        from joblint.api.go.quantity import from_json

        if from_json(limit).sign() < 0:
            errors.forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")


def _host_path(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    target = source.get("path") or ""
    if not target:
        errors.required(f"{path}.path")
        return
    validate_path_no_backsteps(target, f"{path}.path", errors)
    kind = source.get("type") or ""
    if kind not in _HOST_PATH_TYPES:
        from joblint.api.errors import Typed

        errors.not_supported(f"{path}.type", Typed(kind), _HOST_PATH_TYPES)


def _secret(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if not source.get("secretName"):
        errors.required(f"{path}.secretName")
    _files(source, path, errors)


def _config_map(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if not source.get("name"):
        errors.required(f"{path}.name")
    _files(source, path, errors)


def _files(source: dict[str, Any], path: str, errors: Errors) -> None:
    validate_mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    validate_user(source, "defaultUser", path, errors)
    for i, item in enumerate(source.get("items") or ()):
        validate_key_to_path(item, f"{path}.items[{i}]", errors)


def _claim(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if not source.get("claimName"):
        errors.required(f"{path}.claimName")


_HERE: dict[str, Check] = {
    "emptyDir": _empty_dir,
    "hostPath": _host_path,
    "secret": _secret,
    "configMap": _config_map,
    "persistentVolumeClaim": _claim,
}
