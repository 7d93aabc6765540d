"""Objects with the same kind, namespace and name in one run: the second is an update of the first.

Source: Kubernetes 1.36.3, kubectl apply (a GET by name, then a patch), pkg/apis/batch/validation ValidateJobUpdate.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def same_object_twice(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """Two objects with the same name in a file or (as info) in a directory: what apply does with the second.

    Files in different directories are usually for different clusters and are not compared.
    """
    from joblint.rules.finding import Hit

    last: dict[tuple[str, str, str, str], JobFacts | CronJobFacts] = {}
    for facts in folder.workloads:
        origin = facts.origin
        if facts.content is None:
            continue
        key = (origin.kind, origin.namespace, origin.name, os.path.dirname(origin.file))
        first = last.get(key)
        last[key] = facts
        if first is None:
            continue
        together = first.origin.file == origin.file
        values = {"name": origin.name, "where": _where(first.origin, together), "outcome": _outcome(first, facts)}
        if not together:
            yield origin, Hit("metadata.name", values, severity="info", confidence="hint")
        else:
            yield origin, Hit("metadata.name", values, severity="info" if first.content == facts.content else "")


def _where(first: Origin, together: bool) -> str:
    document = f"document {first.document + 1}"
    return f"{document} of this file" if together else f"{document} of {first.file}" if first.document else first.file


def _outcome(first: JobFacts | CronJobFacts, second: JobFacts | CronJobFacts) -> str:
    assert first.content is not None and second.content is not None
    if first.content == second.content:
        return 'kubectl apply reports "unchanged"' + (", and the Job runs once" if first.origin.kind == "Job" else "")
    if first.origin.kind == "Job" and first.content[1] != second.content[1]:
        return "kubectl apply updates the first one and is rejected (field is immutable)"
    return "kubectl apply overwrites the first one with it"
