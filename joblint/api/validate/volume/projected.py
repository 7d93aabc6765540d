"""Projected and downward API volumes: several sources in one directory; knows paths and field references.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateProjectionSources and validateDownwardAPIVolumeFile.
"""

from __future__ import annotations

from joblint.api.validate.container.fieldref import (
    VOLUME_FIELDS,
    validate_object_field_selector,
    validate_resource_field_selector,
)
from joblint.api.validate.volume.paths import take, validate_local_non_reserved_path
from joblint.api.validate.volume.volume import validate_key_to_path, validate_mode, validate_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.validate.volume.volume import Check
    from joblint.api.version.versions import Gates


def _downward_api(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    validate_mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    validate_user(source, "defaultUser", path, errors)
    for file in source.get("items") or ():
        # The server names the volume here, not the item.
        _downward_api_file(file, path, errors)


def _downward_api_file(file: dict[str, Any], path: str, errors: Errors) -> None:
    target = file.get("path") or ""
    if not target:
        errors.required(f"{path}.path")
    validate_local_non_reserved_path(target, f"{path}.path", errors)
    field, resource = file.get("fieldRef"), file.get("resourceFieldRef")
    if field is not None:
        validate_object_field_selector(field, f"{path}.fieldRef", errors, VOLUME_FIELDS)
        if resource is not None:
            errors.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
    elif resource is not None:
        validate_resource_field_selector(resource, f"{path}.resourceFieldRef", errors, volume=True)
    else:
        errors.required(path, "one of fieldRef and resourceFieldRef is required")
    validate_mode(file.get("mode"), f"{path}.mode", errors)
    validate_user(file, "user", path, errors)


def _projected(volume: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    validate_mode(volume.get("defaultMode"), f"{path}.defaultMode", errors)
    validate_user(volume, "defaultUser", path, errors)
    taken: set[str] = set()
    for i, source in enumerate(volume.get("sources") or ()):
        here = f"{path}.sources[{i}]"
        seen = 0
        for kind in ("secret", "configMap"):
            if (keys := source.get(kind)) is not None:
                seen += 1
                _projected_keys(keys, f"{here}.{kind}", errors, path, taken)
        if (downward := source.get("downwardAPI")) is not None:
            seen += 1
            for file in downward.get("items") or ():
                _downward_api_file(file, f"{here}.downwardAPI", errors)
                target = file.get("path") or ""
                take(target, target, path, errors, taken)
        if (token := source.get("serviceAccountToken")) is not None:
            seen += 1
            _token(token, f"{here}.serviceAccountToken", errors, path)
        if source.get("clusterTrustBundle") is not None:
            from joblint.api.validate.volume.certificates import validate_cluster_trust_bundle

            seen += 1
            validate_cluster_trust_bundle(source["clusterTrustBundle"], f"{here}.clusterTrustBundle", errors, opts, path, taken)
        if source.get("podCertificate") is not None:
            from joblint.api.validate.volume.certificates import validate_pod_certificate

            seen += 1
            validate_pod_certificate(source["podCertificate"], f"{here}.podCertificate", errors, path, taken)
        if seen > 1:
            errors.forbidden(here, "may not specify more than 1 volume type per source")


def _projected_keys(source: dict[str, Any], path: str, errors: Errors, volume_path: str, taken: set[str]) -> None:
    name = source.get("name") or ""
    if not name:
        errors.required(f"{path}.name")
    for i, item in enumerate(source.get("items") or ()):
        validate_key_to_path(item, f"{path}.items[{i}]", errors)
        take(item.get("path") or "", name, volume_path, errors, taken)


def _token(token: dict[str, Any], path: str, errors: Errors, volume_path: str) -> None:
    seconds = token.get("expirationSeconds") or 0
    if seconds < 600:
        errors.invalid(f"{path}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")
    if seconds > 1 << 32:
        errors.invalid(f"{path}.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds")
    target = token.get("path") or ""
    # The token's path is reported as if it were the volume's; it is not checked for conflicts either.
    if not target:
        errors.required(f"{volume_path}.path")
    else:
        validate_local_non_reserved_path(target, f"{volume_path}.path", errors)
    validate_user(token, "user", path, errors)


CHECKS: dict[str, Check] = {"projected": _projected, "downwardAPI": _downward_api}
