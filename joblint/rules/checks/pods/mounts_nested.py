"""Mounts inside of mounts with data from the API server."""

from __future__ import annotations

from joblint.rules.workload.mounts import mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounts import Mount


def mount_in_a_read_only_mount(s: Subject) -> Iterator[Hit]:
    """A single file mounted below a ConfigMap, Secret or other API volume: the kubelet creates a directory as its mount point.

    Source: Kubernetes 1.36.3 pkg/volume/util/nested_volumes.go MakeNestedMountpoints.
    """
    for container in s.containers:
        found = mounts(s, container)
        for inner in found:
            hit = _in_empty(s, container, found, inner)
            if hit is not None:
                yield hit
                continue
            if not inner.sub_path:
                continue
            outer = mount_of(tuple([m for m in found if m is not inner and len(m.path) < len(inner.path)]), inner.path)
            if outer is None or not outer.from_api or outer.sub_path:
                continue
            name = inner.path.rpartition("/")[2]
            if inner.from_api or "." in name.strip("."):
                yield s.hit(
                    inner.at + ".mountPath",
                    inner=inner.path,
                    outer=outer.path,
                    noun=outer.noun,
                    file=inner.from_api,
                    cause="the kubelet creates a directory there",
                    effect="the container does not start" if inner.from_api else "the program finds no file",
                    why=_OF_API,
                )


_OF_API = (
    "The container cannot write to a ConfigMap or Secret volume, so the kubelet creates the mount points inside it, "
    "always as directories. A subPath mount of a single file cannot be mounted on a directory."
)
_OF_EMPTY = (
    "The container runtime creates the mount point of an inner volume inside the outer one. It cannot create it in a mount with "
    "readOnly: true, and nothing else creates it (RunContainerError)."
)


def _in_empty(s: Subject, container: ContainerRef, found: tuple[Mount, ...], inner: Mount) -> Hit | None:
    """A mount inside an emptyDir that this container mounts read-only and that no other container can have filled."""
    outer = mount_of(tuple([m for m in found if m is not inner and len(m.path) < len(inner.path)]), inner.path)
    if outer is None or outer.kind != "emptyDir" or not outer.read_only or outer.sub_path or inner.volume == outer.volume:
        return None
    if any(m.volume == outer.volume for c in s.containers if c is not container for m in mounts(s, c)):
        return None
    return s.hit(
        inner.at + ".mountPath",
        inner=inner.path,
        outer=outer.path,
        noun=outer.noun,
        file=False,
        cause="the mount point cannot be created",
        effect="the container does not start",
        why=_OF_EMPTY,
    )


def volume_mounted_twice(s: Subject) -> Iterator[Hit]:
    """A claim or emptyDir at several paths of one container, without a subPath: all of them show the same files."""
    for container in s.containers:
        paths: dict[str, list[Mount]] = {}
        for mount in mounts(s, container):
            if mount.kind in ("persistentVolumeClaim", "emptyDir") and not mount.sub_path:
                paths.setdefault(mount.volume, []).append(mount)
        for several in paths.values():
            if len(several) > 1:
                first, second = several[0], several[1]
                yield s.hit(
                    second.at + ".mountPath",
                    noun=first.noun,
                    first=first.path,
                    second=second.path,
                    sub=second.path.rpartition("/")[2] or "data",
                )
