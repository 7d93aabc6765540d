"""Volumes of cloud providers: Google, Amazon, Azure, OpenStack, vSphere; knows names and the errors collector.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go, validate…VolumeSource and validateAzure….
"""

from __future__ import annotations

from joblint.api.validate.meta.names import inclusive_range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.validate.volume.volume import Check
    from joblint.api.version.versions import Gates

_CACHING = ("None", "ReadOnly", "ReadWrite")
_DISK_KINDS = ("Dedicated", "Managed", "Shared")
_MANAGED_URI = "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"
_BLOB_URI = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"


def _partitioned(source: dict[str, Any], name: str, path: str, errors: Errors) -> None:
    if not source.get(name):
        errors.required(f"{path}.{name}")
    partition = source.get("partition") or 0
    if not 0 <= partition <= 255:
        # 0 is also accepted, whatever the text says.
        errors.invalid(f"{path}.partition", partition, inclusive_range(1, 255))


def _gce(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    _partitioned(source, "pdName", path, errors)


def _aws(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    _partitioned(source, "volumeID", path, errors)


def _cinder(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if not source.get("volumeID"):
        errors.required(f"{path}.volumeID")
    secret = source.get("secretRef")
    if secret is not None and not secret.get("name"):
        errors.required(f"{path}.secretRef.name")


def _vsphere(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if not source.get("volumePath"):
        errors.required(f"{path}.volumePath")


def _azure_file(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    for field in ("secretName", "shareName"):
        if not source.get(field):
            errors.required(f"{path}.{field}")


def _azure_disk(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    from joblint.api.errors import Typed

    for field in ("diskName", "diskURI"):
        if not source.get(field):
            errors.required(f"{path}.{field}")
    caching, kind, uri = source.get("cachingMode"), source.get("kind"), source.get("diskURI") or ""
    if caching is not None and caching not in _CACHING:
        errors.not_supported(f"{path}.cachingMode", Typed(caching), _CACHING)
    if kind is not None:
        if kind not in _DISK_KINDS:
            errors.not_supported(f"{path}.kind", Typed(kind), _DISK_KINDS)
        if kind == "Managed" and not uri.startswith("/subscriptions/"):
            errors.not_supported(f"{path}.diskURI", uri, (_MANAGED_URI,))
        if kind != "Managed" and not uri.startswith("https://"):
            errors.not_supported(f"{path}.diskURI", uri, (_BLOB_URI,))


CHECKS: dict[str, Check] = {
    "gcePersistentDisk": _gce,
    "awsElasticBlockStore": _aws,
    "cinder": _cinder,
    "vsphereVolume": _vsphere,
    "azureFile": _azure_file,
    "azureDisk": _azure_disk,
}
