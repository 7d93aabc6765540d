"""Backups that a CronJob writes to a hostPath: each run writes to the node that it happens to run on."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.pods.commands import command_hit
from joblint.rules.checks.pods.writes import writes_of
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import clean, mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.mounts import Mount

_DUMPS = names(
    "pg_dump pg_dumpall pg_basebackup mysqldump mariadb-dump mongodump mongoexport etcdctl redis-cli tar zip gzip pigz bzip2 xz "
    "zstd influxd influx cockroach consul vault elasticdump slapcat ldapsearch rsync cp mv rclone restic borg aws gsutil mc "
    "kubectl"
)
_OF_NODES = (
    "/etc",
    "/var/lib/etcd",
    "/var/lib/kubelet",
    "/var/lib/rancher",
    "/var/log",
    "/proc",
    "/sys",
    "/dev",
    "/run",
    "/var/run",
)
"""Directories whose files belong to the node itself."""

_SHARED = ("nfs", "nas", "shared", "share", "gluster", "ceph", "efs", "lustre", "beegfs", "gpfs", "smb", "cifs", "fsx", "moosefs")
"""Words in a path that show that all nodes mount the same directory."""


def backup_on_any_node(s: Subject) -> Iterator[Hit]:
    """A dump or a copy on a hostPath, and nothing binds the Pods to one node; one finding for each CronJob."""
    if s.kind != "CronJob" or _is_bound(s):
        return
    for i, container in enumerate(s.containers):
        found = mounts(s, container)
        if container.role == "sidecar" or not any(m.kind == "hostPath" for m in found):
            continue
        for write in writes_of(s, container, i):
            mount = mount_of(found, clean(write.path))
            if mount is None or mount.kind != "hostPath" or mount.read_only or write.program not in _DUMPS:
                continue
            path = clean(str(mount.source.get("path") or ""))
            if path == "/" or path.startswith(_OF_NODES) or _reads_node(found, mount):
                continue
            words = path.lower().replace("-", "/").replace("_", "/").split("/")
            if any(word.startswith(_SHARED) for word in words):
                continue
            common = path.startswith(("/mnt/", "/media/", "/srv/", "/net/"))  # often a mount that all nodes have
            yield command_hit(
                s,
                write.at,
                severity="info" if common else "",
                confidence="hint" if common else "",
                command=write.text,
                path=path,
                place=s.pod_at,
            )
            return


def _is_bound(s: Subject) -> bool:
    """Whether the Pods run on certain nodes only."""
    affinity = as_dict(s.pod.get("affinity"))
    if any(s.pod.get(key) for key in ("nodeName", "nodeSelector")) or affinity.get("nodeAffinity") or affinity.get("podAffinity"):
        return True
    volumes = [as_dict(v) for v in as_list(s.pod.get("volumes"))]
    # A claim of local storage binds them as well.
    return any("persistentVolumeClaim" in v or "ephemeral" in v for v in volumes)


def _reads_node(found: tuple[Mount, ...], written: Mount) -> bool:
    """Whether the container also has other files of the node, so that the copy is one of this node."""
    return any(m.kind == "hostPath" and m.volume != written.volume for m in found)
