"""Deployments that wait for a Job that is deleted, or that starts only after they are ready.

Source: Kubernetes 1.36.3 pkg/controller/ttlafterfinished; Helm 3.19 pkg/action/install.go (post-install hooks run after --wait);
Argo CD: PostSync hooks run once the application is healthy.
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside
from joblint.rules.workload.waiting import MIGRATIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit

_AFTER = {
    ("Helm", "post-install"): ("helm.sh/hook", "helm install --wait runs this hook only after the {kind} is ready"),
    ("Helm", "post-upgrade"): ("helm.sh/hook", "helm upgrade --wait runs this hook only after the {kind} is ready"),
    ("Argo CD", "postsync"): ("argocd.argoproj.io/hook", "Argo CD runs this hook only once the {kind} is healthy"),
}


def awaited_job_is_deleted(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """One finding for each Job that a Deployment or StatefulSet waits for."""
    from joblint.rules.finding import Hit

    for job in folder.jobs:
        for server in folder.servers:
            container = next((c for name, c in server.waits if name == job.origin.name), None)
            by_name = container is not None
            if not by_name and job.needs.migrates:
                container = next((c for name, c in server.waits if name == MIGRATIONS), None)
            if container is None or not beside(job.origin, server.origin):
                continue
            found = _problem(job, server.origin.kind)
            if found is not None and (by_name or found[0].startswith("metadata")):
                field, problem, result, advice = found
                kind, name = server.origin.kind, server.origin.name
                values = {"kind": kind, "name": name, "container": container, "problem": problem}
                because = _DELETED if result == _LATER else _HOOK
                yield job.origin, Hit(field, {**values, "result": result, "advice": advice, "because": because})
                break


_LATER = "later Pods never start"
_DELETED = "A Job that is deleted is never complete, so the init container waits forever."
_HOOK = "The hook runs only after the release is ready, and the release is ready only after these Pods have started."


def _problem(job: JobFacts, kind: str) -> tuple[str, str, str, str] | None:
    hook = job.needs.hook
    for event in hook.events if hook is not None else ():
        key, told = _AFTER.get((hook.tool, event), ("", "")) if hook is not None else ("", "")
        if key:
            advice = "Make it an ordinary Job of the release, or do not wait for it in the Pods."
            return f"metadata.annotations[{key}]", told.format(kind=kind), "neither continues", advice
    if job.deleted is None:
        return None
    field, problem = job.deleted
    return (
        field,
        problem,
        _LATER,
        "Keep the Job, or let the Pods check the result of its work instead, such as the version of the schema.",
    )
