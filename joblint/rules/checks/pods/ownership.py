"""Volumes that belong to root, and users that write to them: fsGroup is what gives a Pod's user access.

Source: Kubernetes 1.36.3 pkg/volume/volume_linux.go SetVolumeOwnership; a new filesystem belongs to root with mode 0755.
"""

from __future__ import annotations

from joblint.rules.checks.pods.commands import command_hit
from joblint.rules.checks.pods.writes import writes_of
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import clean, mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounts import Mount

_FRESH = ("persistentVolumeClaim", "ephemeral")
_OF_NODE = ("hostPath",)


def volume_not_writable(s: Subject) -> Iterator[Hit]:
    """A user other than root writes to a claim without fsGroup, or to a directory of the node that the kubelet creates; one
    finding for each Job."""
    pod = as_dict(s.pod.get("securityContext"))
    shared = pod.get("fsGroup") is not None or bool(pod.get("supplementalGroups"))
    kinds = _OF_NODE if shared else (*_FRESH, *_OF_NODE)
    if not any(kind in as_dict(volume) for volume in as_list(s.pod.get("volumes")) for kind in kinds):
        return
    for i, container in enumerate(s.containers):
        user = user_of(s, container)
        if not user:
            continue
        found = mounts(s, container)
        for write in writes_of(s, container, i):
            mount = mount_of(found, clean(write.path))
            if mount is None or mount.kind not in kinds or mount.read_only or _prepared(s, mount.volume):
                continue
            if mount.kind in _OF_NODE:
                if mount.source.get("type") != "DirectoryOrCreate":
                    continue
                yield command_hit(
                    s,
                    write.at,
                    path=write.path,
                    command=write.text,
                    noun=mount.noun,
                    user=user,
                    because="the kubelet creates the directory for root",
                    advice="Use a PersistentVolumeClaim, or change the owner in an init container that runs as root.",
                )
                return
            ephemeral = mount.kind == "ephemeral"
            sure = ephemeral or _new(write.program, write.path, mount.path) and not _is_used(container, found, mount, write.path)
            yield command_hit(
                s,
                write.at,
                path=write.path,
                command=write.text,
                noun=mount.noun if not ephemeral else f'the volume "{mount.volume}"',
                user=user,
                because="fsGroup is not set",
                advice=f"securityContext:\n  fsGroup: {user if user.isdigit() else '10001'}    of the Pod, next to runAsUser",
                severity="" if sure else "info",
            )
            return


def _is_used(container: ContainerRef, found: tuple[Mount, ...], mount: Mount, written: str) -> bool:
    """Whether a claim is surely not new: it is that of a StatefulSet's Pod, or the container also reads from it elsewhere."""
    claim = str(mount.source.get("claimName"))
    same = [m for m in found if m.kind == mount.kind and m.source.get("claimName") == claim]
    return claim.rpartition("-")[2].isdecimal() or len(same) > 1 or _reads(container, mount.path, written)


def _reads(container: ContainerRef, mount: str, written: str) -> bool:
    """Whether the container names another place in the volume than the directory that it creates: /config/app.db."""
    texts = [str(w) for key in ("command", "args") for w in as_list(container.data.get(key))]
    texts += [str(as_dict(e).get("value") or "") for e in as_list(container.data.get("env"))]
    for text in texts:
        for rest in text.split(mount + "/")[1:]:
            place = f"{mount}/{rest}"
            if not place.startswith(written) and not written.startswith(place.split()[0].rstrip("/\"';") or mount):
                return True
    return False


def _new(program: str, path: str, mount: str) -> bool:
    """Whether a command creates a directory directly below the volume: as on a volume that nobody has used so far."""
    return program == "mkdir" and path.rpartition("/")[0] == mount


def user_of(s: Subject, container: ContainerRef) -> str:
    """The user that a container runs as, in words; "" for root and if that is not known."""
    own, pod = as_dict(container.data.get("securityContext")), as_dict(s.pod.get("securityContext"))
    group = own.get("runAsGroup", pod.get("runAsGroup"))
    user = own.get("runAsUser", pod.get("runAsUser"))
    if group == 0 or own.get("privileged") is True:
        return ""
    return str(user) if isinstance(user, int) and user else ""


def _prepared(s: Subject, volume: str) -> bool:
    """Whether another container with this volume may run as root: it may change the owner."""
    for container in s.containers:
        if any(as_dict(m).get("name") == volume for m in as_list(container.data.get("volumeMounts"))):
            own, pod = as_dict(container.data.get("securityContext")), as_dict(s.pod.get("securityContext"))
            user = own.get("runAsUser", pod.get("runAsUser"))
            if not user and own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
                return True
    return False
