"""Mounts inside of mounts with data from the API server."""

from __future__ import annotations

from joblint.rules.workload.mounts import mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def mount_in_a_read_only_mount(s: Subject) -> Iterator[Hit]:
    """A single file mounted below a ConfigMap, Secret or other API volume: the kubelet creates a directory as its mount point.

    Source: Kubernetes 1.36.3 pkg/volume/util/nested_volumes.go MakeNestedMountpoints.
    """
    for container in s.containers:
        found = mounts(s, container)
        for inner in found:
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
                    effect="the container does not start" if inner.from_api else "the program finds no file",
                )
