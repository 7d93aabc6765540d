"""Volumes that a driver outside of Kubernetes or an image gives: CSI, FlexVolume, Portworx, image; knows names.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go, validate…VolumeSource and ValidateCSIDriverName.
"""

from __future__ import annotations

from joblint.api.validate.meta.names import byte_len, is_dns1123_subdomain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.validate.volume.volume import Check
    from joblint.api.version.versions import Gates

_PULL_POLICIES = ("Always", "IfNotPresent", "Never")


def _csi(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    driver = source.get("driver") or ""
    if not driver:
        errors.required(f"{path}.driver")
    if driver or not opts.has("EmptyCsiDriverToldOnce"):
        if byte_len(driver) > 63:
            errors.too_long(f"{path}.driver", 63)
        for message in is_dns1123_subdomain(driver.lower()):
            errors.invalid(f"{path}.driver", driver, message)
    secret = source.get("nodePublishSecretRef")
    if secret is not None:
        name = secret.get("name") or ""
        if not name:
            errors.required(f"{path}.nodePublishSecretRef.name")
        else:
            # The server reports a bad name at "name", one level too high.
            for message in is_dns1123_subdomain(name):
                errors.invalid(f"{path}.name", name, message)


def _flex(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if not source.get("driver"):
        errors.required(f"{path}.driver")
    for key in sorted(source.get("options") or ()):
        namespace = "." + key.partition("/")[0].lower()
        if namespace.endswith((".kubernetes.io", ".k8s.io")):
            errors.invalid(f"{path}.options[{key}]", key, "kubernetes.io and k8s.io namespaces are reserved")


def _portworx(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    if not source.get("volumeID"):
        errors.required(f"{path}.volumeID")


def _image(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    # Up to 1.36 a template may leave the reference out; the Pods created of it may not.
    if not source.get("reference") and opts.has("ImageReferenceRequiredInTemplates"):
        errors.required(f"{path}.reference")
    policy = source.get("pullPolicy") or ""
    if not policy:
        errors.required(f"{path}.pullPolicy")
    elif policy not in _PULL_POLICIES:
        from joblint.api.errors import Typed

        errors.not_supported(f"{path}.pullPolicy", Typed(policy), _PULL_POLICIES)


CHECKS: dict[str, Check] = {"csi": _csi, "flexVolume": _flex, "portworxVolume": _portworx, "image": _image}
