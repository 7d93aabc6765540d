"""Files of ConfigMaps and Secrets that the container's user cannot read.

Source: Kubernetes 1.36.3 pkg/volume/secret/secret.go (the files belong to root; defaultMode is 0644), volume_linux.go
SetVolumeOwnership (fsGroup changes the group and adds r for it).
"""

from __future__ import annotations

from joblint.rules.checks.pods.ownership import user_of
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mode_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.mounts import Mount


def mounted_file_unreadable(s: Subject) -> Iterator[Hit]:
    """A user other than root, and files that only root can read; one finding for each container."""
    pod = as_dict(s.pod.get("securityContext"))
    if pod.get("fsGroup") is not None or 0 in as_list(pod.get("supplementalGroups")):
        return
    for container in s.containers:
        user = user_of(s, container)
        if not user:
            continue
        own = as_dict(container.data.get("securityContext"))
        group = own.get("runAsGroup", pod.get("runAsGroup"))
        for mount in mounts(s, container):
            mode = _mode(mount)
            if mode < 0 or mode & 0o004 or mode & 0o040 and group in (None, 0):
                continue
            yield s.hit(
                mount.at + ".mountPath",
                user=user,
                noun=mount.noun,
                path=mount.path,
                mode=f"{mode:04o}",
                at=s.pod_at,
                volume=mount.volume,
            )
            break


def _mode(mount: Mount) -> int:
    """The mode of a mount's files, if it is the same for all of them; -1 if not."""
    if mount.kind not in ("secret", "configMap"):
        return -1
    keys = [str(as_dict(item).get("path")) for item in as_list(mount.source.get("items"))]
    if mount.sub_path and mount.sub_path in keys:
        keys = [mount.sub_path]
    modes = {mode_of(mount, key) for key in keys or [""]}
    return modes.pop() if len(modes) == 1 else -1
