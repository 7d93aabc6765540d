"""Variables that Kubernetes sets for each Service: NAME_PORT is a URL, not a number.

Source: Kubernetes 1.36.3 pkg/kubelet/envvars/envvars.go makeLinkVariables.
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def service_variable_is_url(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A script reads NAME_PORT, which the Service NAME of the files sets to tcp://IP:PORT; one finding for each variable."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        told: set[str] = set()
        for name, field in workload.needs.links:
            service = name.removesuffix("_PORT").lower().replace("_", "-")
            same = [s for s in folder.services if s.origin.name == service and not s.headless]
            if any(beside(s.origin, workload.origin) for s in same) and name not in told:
                told.add(name)
                yield workload.origin, Hit(field, {"name": name, "service": service})
