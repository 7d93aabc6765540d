"""What the rules over all objects of a run see: the facts of each, by kind; knows no single manifest."""

from __future__ import annotations

from joblint.base.record import record
from joblint.rules.facts import CronJobFacts, JobFacts, origin_of
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.engine import Engine
    from joblint.rules.facts import Origin
    from joblint.rules.finding import Hit
    from joblint.source.documents import Document

    Facts: TypeAlias = "JobFacts | CronJobFacts | ServiceFacts | ClaimFacts | PodFacts"


@record
class ServiceFacts:
    """Facts of a Service."""

    origin: Origin
    headless: bool
    selector: dict[str, Any]


@record
class ClaimFacts:
    """Facts of a PersistentVolumeClaim."""

    origin: Origin
    access_modes: tuple[str, ...]


@record
class PodFacts:
    """Facts of a Pod of its own; `owned` where it has an owner all the same, or is a hook."""

    origin: Origin
    restart_policy: str
    owned: bool


@record
class Folder:
    """The facts of all objects of a run, by kind, in the order of the files."""

    jobs: tuple[JobFacts, ...]
    cronjobs: tuple[CronJobFacts, ...]
    services: tuple[ServiceFacts, ...]
    claims: tuple[ClaimFacts, ...]
    pods: tuple[PodFacts, ...]

    @property
    def workloads(self) -> tuple[JobFacts | CronJobFacts, ...]:
        """Jobs, then CronJobs."""
        return (*self.jobs, *self.cronjobs)


def facts_of_other(document: Document, prefix: str, value: dict[str, Any]) -> ServiceFacts | ClaimFacts | PodFacts:
    """The facts of a Service, a PersistentVolumeClaim or a Pod, which some rules on Jobs look for beside them."""
    kind = str(value.get("kind"))
    meta, spec = as_dict(value.get("metadata")), as_dict(value.get("spec"))
    origin = origin_of(kind, document, prefix, meta, str(meta.get("name") or ""))
    if kind == "Service":
        return ServiceFacts(origin, spec.get("clusterIP") == "None", as_dict(spec.get("selector")))
    if kind == "PersistentVolumeClaim":
        return ClaimFacts(origin, tuple([str(m) for m in as_list(spec.get("accessModes"))]))
    # A hook of Helm's (helm test takes Pods as well as Jobs) is made anew by whoever runs it.
    owned = bool(as_list(meta.get("ownerReferences"))) or "helm.sh/hook" in as_dict(meta.get("annotations"))
    return PodFacts(origin, str(spec.get("restartPolicy") or ""), owned)


def folder_of(facts: tuple[Facts, ...]) -> Folder:
    """The facts of a run, sorted by kind."""
    return Folder(
        tuple([f for f in facts if isinstance(f, JobFacts)]),
        tuple([f for f in facts if isinstance(f, CronJobFacts)]),
        tuple([f for f in facts if isinstance(f, ServiceFacts)]),
        tuple([f for f in facts if isinstance(f, ClaimFacts)]),
        tuple([f for f in facts if isinstance(f, PodFacts)]),
    )


def run(engine: Engine, facts: tuple[Facts, ...]) -> tuple[list[tuple[Rule, Origin, Hit]], list[tuple[Rule, Exception]]]:
    """What the rules over a whole folder find, and those of them that raised."""
    from joblint.rules.checks.table import FOLDER_CHECKS

    hits: list[tuple[Rule, Origin, Hit]] = []
    crashes: list[tuple[Rule, Exception]] = []
    kinds = {f.origin.kind for f in facts}
    folder = folder_of(facts)
    for rule in engine.rules:
        check = FOLDER_CHECKS.get(rule.name) if rule.scope == "folder" and not kinds.isdisjoint(rule.kinds) else None
        if check is None:
            continue
        try:
            hits.extend((rule, origin, hit) for origin, hit in check(folder))
        except Exception as error:  # a bug in one rule must not hide the others
            crashes.append((rule, error))
    return hits, crashes
