"""Volumes in memory, which count towards the memory limit of the containers that write to them."""

from __future__ import annotations

from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def memory_volume_above_limit(s: Subject) -> Iterator[Hit]:
    """An emptyDir in memory that may grow beyond the memory limit of the containers that mount it: OOMKilled.

    Source: Kubernetes 1.36.3 pkg/volume/emptydir/empty_dir.go calculateEmptyDirMemorySize.
    """
    from joblint.api.go.quantity import QuantityError, parse
    from joblint.rules.workload.memory_volumes import memory_volumes

    for volume in memory_volumes(s):
        limits = [as_dict(as_dict(c.data.get("resources")).get("limits")).get("memory") for c in volume.users]
        if not limits or not all(isinstance(x, (str, int)) for x in limits):
            continue
        try:
            total = sum([parse(str(x)).value() for x in limits])
        except QuantityError:
            continue
        if volume.size > total:
            yield s.hit(
                f"{s.pod_at}.volumes[{volume.number}].emptyDir.sizeLimit",
                size=volume.limit,
                limit=" + ".join([str(x) for x in limits]),
                volume=volume.name,
            )
