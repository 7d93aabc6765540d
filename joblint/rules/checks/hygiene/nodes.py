"""Directories of the node that a container can write to, and through them control the node."""

from __future__ import annotations

from joblint.rules.subject import as_dict
from joblint.rules.workload.mounts import mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_SYSTEM = {
    "/": "all files of the node",
    "/etc": "the node's configuration",
    "/usr": "the node's programs",
    "/root": "the files of the node's root user",
    "/boot": "the node's kernel",
    "/var/lib/kubelet": "the volumes and secrets of all Pods of the node",
    "/var/lib/etcd": "the data of the cluster",
    "/etc/kubernetes": "the control plane's configuration",
}


def node_files_writable(s: Subject) -> Iterator[Hit]:
    """A hostPath to a system directory, mounted writable; info if the Pod is meant to work on its node."""
    for container in s.containers:
        for mount in mounts(s, container):
            path = str(mount.source.get("path") or "").rstrip("/") or "/"
            if mount.kind != "hostPath" or mount.read_only or path not in _SYSTEM:
                continue
            security = as_dict(container.data.get("securityContext"))
            meant = security.get("privileged") is True or s.pod.get("hostPID") is True or s.pod.get("nodeName")
            meant = meant or s.metadata.get("namespace") == "kube-system"
            yield s.hit(
                mount.at,
                path=mount.source.get("path"),
                what=_SYSTEM[path],
                container=container.name,
                severity="info" if meant else "",
            )
            return
