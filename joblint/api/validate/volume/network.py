"""Volumes on the network: NFS, iSCSI, Fibre Channel, Ceph; knows names and the errors collector.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go, validate…VolumeSource.
"""

from __future__ import annotations

from joblint.api.validate.meta.names import inclusive_range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.validate.volume.volume import Check
    from joblint.api.version.versions import Gates

_QUALIFIED_NAMES = {
    # An iSCSI name begins with its kind; only the first kind may be anywhere in the text (the server's pattern has no start).
    "iqn": r"iqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.-]+:[^,;*&$|\t\n\f\r ]+\Z",
    "eui": r"\Aeui.[A-Za-z0-9]{16}\Z",
    "naa": r"\Anaa.[A-Za-z0-9]{32}\Z",
}
_LUN_RANGE = inclusive_range(0, 255)


def _nfs(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if not source.get("server"):
        errors.required(f"{path}.server")
    target = source.get("path") or ""
    if not target:
        errors.required(f"{path}.path")
    if not target.startswith("/"):
        errors.invalid(f"{path}.path", target, "must be an absolute path")


def _iscsi(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    get = source.get
    if not get("targetPortal"):
        errors.required(f"{path}.targetPortal")
    if not get("iqn"):
        errors.required(f"{path}.iqn")
    else:
        _validate_iscsi_name(source["iqn"], f"{path}.iqn", errors)
    lun = get("lun") or 0
    if not 0 <= lun <= 255:
        errors.invalid(f"{path}.lun", lun, _LUN_RANGE)
    if (get("chapAuthDiscovery") or get("chapAuthSession")) and get("secretRef") is None:
        errors.required(f"{path}.secretRef")
    initiator = get("initiatorName")
    if initiator is not None:
        _validate_iscsi_name(initiator, f"{path}.initiatorname", errors)


def _validate_iscsi_name(name: str, path: str, errors: Errors) -> None:
    from re import search

    pattern = _QUALIFIED_NAMES.get(name[:3])
    if pattern is None:
        errors.invalid(path, name, "must be valid format starting with iqn, eui, or naa")
    elif not search(pattern, name):
        errors.invalid(path, name, "must be valid format")


def _fc(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    names = source.get("targetWWNs")
    if not names and not source.get("wwids"):
        errors.required(f"{path}.targetWWNs", "must specify either targetWWNs or wwids, but not both")
    if names and source.get("wwids"):
        errors.invalid(f"{path}.targetWWNs", names, "targetWWNs and wwids can not be specified simultaneously")
    if names:
        lun = source.get("lun")
        if lun is None:
            errors.required(f"{path}.lun", "lun is required if targetWWNs is specified")
        elif not 0 <= lun <= 255:
            errors.invalid(f"{path}.lun", lun, _LUN_RANGE)


def _rbd(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    for field in ("monitors", "image"):
        if not source.get(field):
            errors.required(f"{path}.{field}")


def _cephfs(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if not source.get("monitors"):
        errors.required(f"{path}.monitors")


CHECKS: dict[str, Check] = {"nfs": _nfs, "iscsi": _iscsi, "fc": _fc, "rbd": _rbd, "cephfs": _cephfs}
