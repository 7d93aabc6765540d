"""Where a container's paths are: which volume is mounted there and whether it is writable; no texts."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.subject import ContainerRef, Subject

API_VOLUMES = ("configMap", "secret", "projected", "downwardAPI")
"""Volumes with data from the API server; no container can write to them."""

_READ_ONLY = (*API_VOLUMES, "image")
_NOUNS = {
    "configMap": "the ConfigMap",
    "secret": "the Secret",
    "projected": "the projected volume",
    "downwardAPI": "the downwardAPI volume",
    "emptyDir": "the emptyDir",
    "persistentVolumeClaim": "the claim",
    "hostPath": "the node's",
    "image": "the image volume",
}


class Mount(Record):
    """A mount of a container: its field, path, subPath, whether it is read-only, and its volume: name, kind ("" if the manifest
    has no volume of that name), and the data under that kind."""

    at: str
    path: str
    sub_path: str
    read_only: bool
    volume: str
    kind: str
    source: dict[str, Any]

    @property
    def from_api(self) -> bool:
        """Return whether it contains data from the API server."""
        return self.kind in API_VOLUMES

    @property
    def noun(self) -> str:
        """Return what is mounted, in a few words: `the ConfigMap "scripts"`."""
        name = self.source.get("name") or self.source.get("secretName") or self.source.get("claimName") or ""
        if self.kind == "hostPath":
            return f"the node's {self.source.get('path')}"
        named = name or self.volume
        return _NOUNS.get(self.kind, "the volume") + (f' "{named}"' if named else "")


def mounts(s: Subject, container: ContainerRef) -> tuple[Mount, ...]:
    """Return the mounts of a container, in order; computed once for all containers."""
    return s.asked(_of_all)[container.at]


def _of_all(s: Subject) -> dict[str, tuple[Mount, ...]]:
    volumes = {}
    for volume in as_list(s.pod.get("volumes")):
        name = as_dict(volume).get("name")
        if isinstance(name, str):
            volumes[name] = as_dict(volume)
    return {container.at: _of_one(volumes, container) for container in s.containers}


def _of_one(volumes: dict[str, dict[str, Any]], container: ContainerRef) -> tuple[Mount, ...]:
    found = []
    for i, entry in enumerate(as_list(container.data.get("volumeMounts"))):
        mount = as_dict(entry)
        path, name = mount.get("mountPath"), mount.get("name")
        if not isinstance(path, str) or not path.startswith("/") or not isinstance(name, str):
            continue
        volume = volumes.get(name, {})
        kind = next((k for k in volume if k != "name"), "")
        source = as_dict(volume.get(kind))
        read_only = mount.get("readOnly") is True or kind in _READ_ONLY or source.get("readOnly") is True
        sub = mount.get("subPath") or mount.get("subPathExpr") or ""
        found.append(Mount(f"{container.at}.volumeMounts[{i}]", clean(path), str(sub), read_only, name, kind, source))
    return tuple(found)


def clean(path: str) -> str:
    """Normalize a path: `/a//b/` → `/a/b`."""
    if path.startswith("/") and "//" not in path and "/." not in path and not path.endswith("/"):
        return path
    parts = [p for p in path.split("/") if p and p != "."]
    return "/" + "/".join(parts)


def holds(mount: Mount, path: str) -> bool:
    """Return whether a path is a mount's or below it."""
    return path == mount.path or path.startswith(mount.path.rstrip("/") + "/")


def mount_of(found: tuple[Mount, ...], path: str) -> Mount | None:
    """Return the mount that contains a path; None if the path is in the image."""
    within = [m for m in found if holds(m, path)]
    return max(within, key=lambda m: len(m.path)) if within else None


def mode_of(mount: Mount, key: str) -> int:
    """Return the mode of a file of an API volume, as its bits; `key` is its path in the volume."""
    mode = mount.source.get("defaultMode")
    bits = mode if isinstance(mode, int) else 0o644
    entries = as_list(mount.source.get("items"))
    for source in as_list(mount.source.get("sources")):
        for kind in ("configMap", "secret", "downwardAPI"):
            entries = [*entries, *as_list(as_dict(as_dict(source).get(kind)).get("items"))]
    for item in entries:
        if as_dict(item).get("path") == key and isinstance(as_dict(item).get("mode"), int):
            bits = as_dict(item)["mode"]
    return bits
