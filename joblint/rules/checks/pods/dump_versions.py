"""pg_dump that is older than the server it reads: it stops.

Source: PostgreSQL 17 src/bin/pg_dump/pg_backup_db.c _check_database_version ("aborting because of server version mismatch").
"""

from __future__ import annotations

from joblint.rules.checks.pods.service_names import services_of
from joblint.rules.facts.folder import beside
from joblint.rules.workload.dumps import postgres_major
from joblint.rules.workload.selectors import surely_selects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def dump_older_than_server(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """The server is a Deployment or StatefulSet of the files; one finding for each object."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads if folder.servers else ():
        for host, client, field, program in workload.needs.dumps:
            server, name = _server(folder, workload, host)
            if client < server:
                values = {"program": program, "client": client, "server": server, "name": name}
                yield workload.origin, Hit(field, values)
                break


def _server(folder: Folder, workload: JobFacts | CronJobFacts, host: str) -> tuple[int, str]:
    """The lowest major version behind a host, with the name of the object; 0 if it is not in the files."""
    services = services_of(folder, workload.origin, host)
    _, dot, rest = host.partition(".")
    if not services and dot:
        services = services_of(folder, workload.origin, rest)  # the Pod of a StatefulSet
    found = []
    for service in services:
        for server in folder.servers:
            if (
                service.selector
                and beside(server.origin, service.origin)
                and surely_selects({"matchLabels": service.selector}, server.labels)
            ):
                majors = [major for image in server.images if (major := postgres_major(image))]
                found += [(majors[0], f'{server.origin.kind} "{server.origin.name}"')] if len(majors) == 1 else [(0, "")]
    return min(found) if found else (0, "")
