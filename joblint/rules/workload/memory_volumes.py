"""The Pod's volumes in memory that have a size: their files count toward the memory limit of the containers that mount them.

Source: Kubernetes 1.36.3 pkg/volume/emptydir/empty_dir.go calculateEmptyDirMemorySize.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import ContainerRef, Subject


class MemoryVolume(Record):
    """An emptyDir with medium Memory: its number in `volumes`, its name, its sizeLimit as it is written and in bytes, and the
    containers that mount it."""

    number: int
    name: str
    limit: str
    size: int
    users: tuple[ContainerRef, ...]


def memory_volumes(s: Subject) -> Iterator[MemoryVolume]:
    """Yield those whose size can be read."""
    for number, volume in enumerate(as_list(s.pod.get("volumes"))):
        empty, name = as_dict(as_dict(volume).get("emptyDir")), as_dict(volume).get("name")
        limit = empty.get("sizeLimit")
        if empty.get("medium") != "Memory" or not isinstance(limit, str) or not isinstance(name, str):
            continue
        from joblint.api.go.quantity import QuantityError, parse

        try:
            size = parse(limit).value()
        except QuantityError:
            continue
        users = [c for c in s.containers if any(as_dict(m).get("name") == name for m in as_list(c.data.get("volumeMounts")))]
        yield MemoryVolume(number, name, limit, size, tuple(users))
