"""Defaults of the volumes of a Pod template; changes the decoded volume in place.

Source: Kubernetes 1.36.3 pkg/apis/core/v1/defaults.go and the generated defaults of k8s.io/api v0.36.3 core/v1/types.go.
"""

from __future__ import annotations

from joblint.api.go.image import default_pull_policy
from joblint.api.go.quantity import round_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.version.versions import Gates

# What a source of that type gets where it is not set.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "hostPath": {"type": ""},
    "secret": {"defaultMode": 0o644},
    "configMap": {"defaultMode": 0o644},
    "downwardAPI": {"defaultMode": 0o644},
    "projected": {"defaultMode": 0o644},
    "iscsi": {"iscsiInterface": "default"},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "azureDisk": {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"},
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
}
_TOKEN_SECONDS = 3600


def volume_defaults(volume: dict[str, Any], gates: Gates) -> None:
    """Fill in the defaults of one decoded volume; one without any source becomes an emptyDir."""
    if len(volume) == 1:
        volume["emptyDir"] = {}
        return
    for kind, source in volume.items():
        if kind in _DEFAULTS:
            for key, value in _DEFAULTS[kind].items():
                source.setdefault(key, value)
    if "downwardAPI" in volume:
        _field_refs(volume["downwardAPI"])
    if "projected" in volume:
        for source in volume["projected"].get("sources", ()):
            if "downwardAPI" in source:
                _field_refs(source["downwardAPI"])
            if "serviceAccountToken" in source:
                source["serviceAccountToken"].setdefault("expirationSeconds", _TOKEN_SECONDS)
    if "image" in volume and gates.on("ImageVolume"):
        image = volume["image"]
        if "pullPolicy" not in image:
            image["pullPolicy"] = default_pull_policy(image.get("reference", ""))
    if "ephemeral" in volume and "volumeClaimTemplate" in volume["ephemeral"]:
        claim = volume["ephemeral"]["volumeClaimTemplate"]["spec"]
        claim.setdefault("volumeMode", "Filesystem")
        for amounts in claim["resources"].values():
            round_up(amounts)


def _field_refs(source: dict[str, Any]) -> None:
    for item in source.get("items", ()):
        if "fieldRef" in item:
            item["fieldRef"].setdefault("apiVersion", "v1")
