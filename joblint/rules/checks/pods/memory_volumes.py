"""Volumes in memory, which count towards the memory limit of the containers that write to them."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

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

    for v, volume in enumerate(as_list(s.pod.get("volumes"))):
        empty = as_dict(as_dict(volume).get("emptyDir"))
        if empty.get("medium") != "Memory" or not isinstance(empty.get("sizeLimit"), str):
            continue
        users = [
            c
            for c in s.containers
            if any(as_dict(m).get("name") == volume.get("name") for m in as_list(c.data.get("volumeMounts")))
        ]
        limits = [as_dict(as_dict(c.data.get("resources")).get("limits")).get("memory") for c in users]
        if not users or not all(isinstance(x, (str, int)) for x in limits):
            continue
        try:
            total = sum([parse(str(x)).value() for x in limits])
            size = parse(empty["sizeLimit"]).value()
        except QuantityError:
            continue
        if size > total:
            yield s.hit(
                f"{s.pod_at}.volumes[{v}].emptyDir.sizeLimit",
                size=empty["sizeLimit"],
                limit=" + ".join([str(x) for x in limits]),
                volume=volume.get("name"),
            )
