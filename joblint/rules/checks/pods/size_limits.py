"""Sizes that a limit of the container cuts off: a heap above the memory limit, an emptyDir above the ephemeral-storage limit.

Source: Kubernetes 1.36.3 pkg/kubelet/eviction/eviction_manager.go podEphemeralStorageLimitEviction.
"""

from __future__ import annotations

from joblint.api.go.quantity import QuantityError, parse
from joblint.base.words import as_quantity
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

_UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}
_OPTIONS = (
    ("--max-old-space-size=", 1 << 20, "the heap of Node.js"),
    ("--max_old_space_size=", 1 << 20, "the heap of Node.js"),
    ("-Xmx", 1, "the heap of the JVM"),
    ("-XX:MaxHeapSize=", 1, "the heap of the JVM"),
    ("GOMEMLIMIT=", 1, "the heap of Go"),
)


def size(value: Any) -> int:
    """Return a quantity in bytes; 0 if it cannot be read."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return 0
    try:
        return parse(str(value)).value()
    except QuantityError:
        return 0


def heap_above_limit(s: Subject) -> Iterator[Hit]:
    """A runtime that may use as much memory as the container's limit, or more; one finding for each container."""
    for index, container in enumerate(s.containers):
        limit = as_dict(as_dict(container.data.get("resources")).get("limits")).get("memory")
        most = size(limit)
        if not most:
            continue
        for text, field in _texts(s, container, index):
            found = _heap(text)
            if found is not None and found[1] >= most:
                option, heap, what = found
                yield s.hit(
                    field,
                    option=option,
                    what=what,
                    limit=limit,
                    container=container.name,
                    better=f"{_smaller(option, what, most * 3 // 4)}    three quarters of {limit}; or raise the memory limit",
                    heap=as_quantity(heap),
                )
                break


def _texts(s: Subject, container: ContainerRef, index: int) -> Iterator[tuple[str, str]]:
    for i, entry in enumerate(as_list(container.data.get("env"))):
        name, value = as_dict(entry).get("name"), as_dict(entry).get("value")
        if isinstance(value, str) and isinstance(name, str):
            yield (f"GOMEMLIMIT={value}" if name == "GOMEMLIMIT" else value), f"{container.at}.env[{i}].value"
    run = s.runs[index]
    yield from zip(run.words, run.fields, strict=False)


def _heap(text: str) -> tuple[str, int, str] | None:
    for option, unit, what in _OPTIONS:
        at = text.find(option)
        if at < 0:
            continue
        end = at + len(option)
        begin = end
        while end < len(text) and text[end].isdigit():
            end += 1
        number = text[begin:end]
        letters = end
        while letters < len(text) and text[letters].isalpha():
            letters += 1
        factor = _UNITS.get(text[end:letters].lower(), 0)
        if number and len(number) < 15 and factor:
            return text[at:letters], int(number) * factor * unit, what
    return None


def _smaller(option: str, what: str, size: int) -> str:
    """The option with another size, in mebibytes as the runtime writes them."""
    unit = {"the heap of Node.js": "", "the heap of the JVM": "m"}.get(what, "MiB")
    head = option.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").rstrip("0123456789")
    return f"{head}{size >> 20}{unit}"


def volume_above_storage_limit(s: Subject) -> Iterator[Hit]:
    """An emptyDir whose sizeLimit is above the ephemeral-storage limit of all containers: the Pod is evicted first."""
    limits = []
    for container in s.containers:
        if container.role == "init":
            continue
        limit = size(as_dict(as_dict(container.data.get("resources")).get("limits")).get("ephemeral-storage"))
        if not limit:
            return
        limits.append(limit)
    total = sum(limits)
    for number, volume in enumerate(as_list(s.pod.get("volumes"))):
        empty = as_dict(as_dict(volume).get("emptyDir"))
        name = as_dict(volume).get("name")
        held = size(empty.get("sizeLimit"))
        used = any(as_dict(m).get("name") == name for c in s.containers for m in as_list(c.data.get("volumeMounts")))
        if held > total and total and used and empty.get("medium") != "Memory":
            yield s.hit(
                f"{s.pod_at}.volumes[{number}].emptyDir.sizeLimit",
                volume=name,
                held=empty.get("sizeLimit"),
                total=as_quantity(total),
            )
