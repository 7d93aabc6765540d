"""Quantities in the wrong unit: memory limits that are too small for any process, requests that are too large for any node."""

from __future__ import annotations

from joblint.api.go.quantity import QuantityError, parse
from joblint.base.words import as_quantity
from joblint.rules.checks.pods.words import ending
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_LEAST_MEMORY = 4 << 20  # bytes: a container runtime needs more than that to start a process
_MOST_CPU = 512  # more cores than the largest machines of cloud providers have
_MOST_MEMORY = 48 << 40
_LIKELY_MILLI = 250  # cores: with little memory, thousandths were meant
_PER_CORE = 64 << 20  # bytes of memory for each core, less than on any machine


def memory_limit_too_small(s: Subject) -> Iterator[Hit]:
    """A memory limit below 4Mi: the runtime cannot start the container, or it is killed immediately; one finding for each
    container."""
    for container in s.containers:
        limit = as_dict(as_dict(container.sent.get("resources")).get("limits")).get("memory")
        if isinstance(limit, bool) or not isinstance(limit, (str, int)):
            continue
        try:
            size = parse(str(limit)).value()
        except QuantityError:
            continue
        if 0 < size < _LEAST_MEMORY:
            yield s.hit(
                container.at + ".resources.limits.memory",
                limit=limit,
                size=_bytes(str(limit), size),
                container=container.name,
                better=_meant(str(limit)),
            )


def _bytes(limit: str, size: int) -> str:
    if limit.endswith("m"):
        return f"{limit[:-1]} thousandths of a byte"
    return f"{size} byte{'' if size == 1 else 's'}" if size < 10_000 else as_quantity(size)


def _meant(limit: str) -> str:
    digits = limit.rstrip("mkKMGTPEi")
    return f"{digits}Mi" if digits.isdecimal() and 0 < int(digits) < 100_000 else "64Mi"


def _cores(written: str) -> str:
    """A number of CPUs as a person says it: 511000m is 511."""
    return written[:-4] if written.endswith("000m") and written[:-4].isdecimal() else written


def _is_small(memory: object, cores: int) -> bool:
    """Whether a request of memory is absurdly small next to one of cores."""
    if isinstance(memory, bool) or not isinstance(memory, (str, int)):
        return False
    try:
        return 0 < parse(str(memory)).value() < cores * _PER_CORE
    except QuantityError:
        return False


def request_above_every_node(s: Subject) -> Iterator[Hit]:
    """More CPUs or memory than any machine has: the Pod stays Pending; one finding for each container."""
    for container in s.containers:
        resources = as_dict(container.sent.get("resources"))
        sent = as_dict(resources.get("requests"))
        requests = {**as_dict(resources.get("limits")), **sent}  # a request that is not set defaults to the limit
        for resource, most, unit in (("cpu", _MOST_CPU, "CPUs"), ("memory", _MOST_MEMORY, "of memory")):
            asked = requests.get(resource)
            if isinstance(asked, bool) or not isinstance(asked, (str, int)):
                continue
            try:
                amount = parse(str(asked)).value()
            except QuantityError:
                continue
            if amount >= most or resource == "cpu" and amount >= _LIKELY_MILLI and _is_small(requests.get("memory"), amount):
                word = "requests" if resource in sent else "limits"
                better = (
                    f"{asked}m" if resource == "cpu" and str(asked).isdecimal() else "<quantity>    at most what one node has"
                )
                yield s.hit(
                    f"{container.at}.resources.{word}.{resource}",
                    asked=f"{_cores(str(asked)) if resource == 'cpu' else asked} {unit}",
                    container=container.name,
                    better=f"{resource}: {better}",
                    ending=ending(s),
                )
                break
