"""Volumes whose drivers were removed from Kubernetes, although their fields are still validated; knows names and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go, validate…VolumeSource.
"""

from __future__ import annotations

from joblint.api.validate.meta.names import byte_len, is_dns1123_label
from joblint.api.validate.volume.paths import validate_local_descending_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.validate.volume.volume import Check
    from joblint.api.version.versions import Gates


def _required(source: dict[str, Any], fields: tuple[str, ...], path: str, errors: Errors) -> None:
    for field in fields:
        if not source.get(field):
            errors.required(f"{path}.{field}")


def _git_repo(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    _required(source, ("repository",), path, errors)
    validate_local_descending_path(source.get("directory") or "", f"{path}.directory", errors)


def _glusterfs(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    _required(source, ("endpoints", "path"), path, errors)


def _flocker(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    name, uuid = source.get("datasetName") or "", source.get("datasetUUID")
    if not name and not uuid:
        errors.required(path, "one of datasetName and datasetUUID is required")
    if name and uuid:
        errors.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously")
    if "/" in name:
        errors.invalid(f"{path}.datasetName", name, "must not contain '/'")


def _quobyte(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    registry, detail = source.get("registry") or "", "must be a host:port pair or multiple pairs separated by commas"
    if not registry:
        errors.required(f"{path}.registry", detail)
    elif byte_len(source.get("tenant") or "") >= 65:
        errors.required(f"{path}.tenant", "must be a UUID and may not exceed a length of 64 characters")
    else:
        for pair in registry.split(","):
            if not _is_host_port(pair):
                errors.invalid(f"{path}.registry", registry, detail)
    _required(source, ("volume",), path, errors)


def _is_host_port(text: str) -> bool:
    """Whether Go's net.SplitHostPort accepts the text; any text may be the host or the port."""
    host, colon, port = text.rpartition(":")
    if not colon:
        return False
    if not text.startswith("["):
        return ":" not in host and "[" not in text and "]" not in text
    # A host in brackets, then the last colon; no other bracket anywhere.
    return text.find("]") == len(host) - 1 and "[" not in text[1:] and "]" not in port


def _photon(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    _required(source, ("pdID",), path, errors)


def _scale_io(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    _required(source, ("gateway", "system", "volumeName"), path, errors)


def _storageos(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    _required(source, ("volumeName",), path, errors)
    for field in ("volumeName", "volumeNamespace"):
        if value := source.get(field):
            for message in is_dns1123_label(value):
                errors.invalid(f"{path}.{field}", value, message)
    secret = source.get("secretRef")
    if secret is not None and not secret.get("name"):
        errors.required(f"{path}.secretRef.name")


CHECKS: dict[str, Check] = {
    "gitRepo": _git_repo,
    "glusterfs": _glusterfs,
    "flocker": _flocker,
    "quobyte": _quobyte,
    "photonPersistentDisk": _photon,
    "scaleIO": _scale_io,
    "storageos": _storageos,
}
