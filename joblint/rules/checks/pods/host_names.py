"""Hosts that a Job names and that are almost the name of a Service of the same files."""

from __future__ import annotations

from joblint.rules.checks.pods.references import is_slip
from joblint.rules.facts.folder import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit

_ENDINGS = ("-headless", "-svc", "-service", "-master", "-primary")
_OF_OPERATORS = ("-hl",)
"""The MinIO operator creates a Service with this ending, which no file contains."""


def host_misspelled(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A host that is not a Service of the files, while a Service has nearly that name; one finding for each host."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        if not workload.needs.named or workload.needs.own_dns:
            continue
        names = [s.origin.name for s in folder.services if beside(s.origin, workload.origin)]
        told: set[str] = set()
        for host, _, field in workload.needs.named:
            name, _, rest = host.partition(".")
            own = rest.partition(".")[0] in ("", "svc", workload.origin.namespace)
            if not own or name in names or name in told:
                continue
            if not rest and workload.origin.namespace:
                same = [s.origin for s in folder.services if s.origin.name == name and s.origin.file == workload.origin.file]
                places = {o.namespace for o in same}
                if len(places) == 1 and "" not in places:
                    place = places.pop()
                    told.add(name)
                    found = f'Namespace {workload.origin.namespace} has no Service "{name}", but namespace {place} has one'
                    yield (
                        workload.origin,
                        Hit(field, {"host": name, "near": f"{name}.{place}", "found": found}, label="in another namespace"),
                    )
                    continue
            if len(name) < 5:
                continue
            near = next((n for n in names if _is_near(name, n)), "")
            if near:
                told.add(name)
                found = f'No Service "{name}" is in the checked files, but "{near}" is'
                yield workload.origin, Hit(field, {"host": name, "near": near, "found": found})


def _is_near(name: str, service: str) -> bool:
    if service.startswith(name):
        return service[len(name) :] in (*_ENDINGS, *_OF_OPERATORS) or is_slip(name, service)
    return name.startswith(service) and name[len(service) :] in _ENDINGS or is_slip(name, service)
