"""What the rules over all objects of a run see: the facts about each, by kind; knows nothing about single manifests."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.facts.around import BudgetFacts, ClusterQueueFacts, LocalQueueFacts, SpaceFacts
from joblint.rules.facts.jobs import CronJobFacts, JobFacts
from joblint.rules.facts.others import (
    AccountFacts,
    BindingFacts,
    ClaimFacts,
    ClassFacts,
    ConfigFacts,
    PodFacts,
    PolicyFacts,
    QuotaFacts,
    RangeFacts,
    RoleFacts,
    ServiceFacts,
    SourceFacts,
    WorkloadFacts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol, TypeAlias, TypeVar

    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.engine import Engine
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import OtherFacts
    from joblint.rules.finding import Hit

    Facts: TypeAlias = "JobFacts | CronJobFacts | OtherFacts"

    class Named(Protocol):
        """Facts about an object, which its origin names."""

        @property
        def origin(self) -> Origin:
            """Where they come from."""

    F = TypeVar("F", bound=Named)


class Folder(Record):
    """The facts about all objects of a run, by kind, in the order of the files."""

    jobs: tuple[JobFacts, ...]
    cronjobs: tuple[CronJobFacts, ...]
    services: tuple[ServiceFacts, ...]
    claims: tuple[ClaimFacts, ...]
    pods: tuple[PodFacts, ...]
    configs: tuple[ConfigFacts, ...] = ()
    accounts: tuple[AccountFacts, ...] = ()
    roles: tuple[RoleFacts, ...] = ()
    bindings: tuple[BindingFacts, ...] = ()
    quotas: tuple[QuotaFacts, ...] = ()
    ranges: tuple[RangeFacts, ...] = ()
    classes: tuple[ClassFacts, ...] = ()
    servers: tuple[WorkloadFacts, ...] = ()
    policies: tuple[PolicyFacts, ...] = ()
    sources: tuple[SourceFacts, ...] = ()
    spaces: tuple[SpaceFacts, ...] = ()
    budgets: tuple[BudgetFacts, ...] = ()
    cluster_queues: tuple[ClusterQueueFacts, ...] = ()
    local_queues: tuple[LocalQueueFacts, ...] = ()

    @property
    def workloads(self) -> tuple[JobFacts | CronJobFacts, ...]:
        """Return Jobs, then CronJobs."""
        return (*self.jobs, *self.cronjobs)


def folder_of(facts: tuple[Facts, ...]) -> Folder:
    """Return the facts of a run, sorted by kind."""
    return Folder(
        tuple([f for f in facts if isinstance(f, JobFacts)]),
        tuple([f for f in facts if isinstance(f, CronJobFacts)]),
        tuple([f for f in facts if isinstance(f, ServiceFacts)]),
        tuple([f for f in facts if isinstance(f, ClaimFacts)]),
        tuple([f for f in facts if isinstance(f, PodFacts)]),
        tuple([f for f in facts if isinstance(f, ConfigFacts)]),
        tuple([f for f in facts if isinstance(f, AccountFacts)]),
        tuple([f for f in facts if isinstance(f, RoleFacts)]),
        tuple([f for f in facts if isinstance(f, BindingFacts)]),
        tuple([f for f in facts if isinstance(f, QuotaFacts)]),
        tuple([f for f in facts if isinstance(f, RangeFacts)]),
        tuple([f for f in facts if isinstance(f, ClassFacts)]),
        tuple([f for f in facts if isinstance(f, WorkloadFacts)]),
        _certain([f for f in facts if isinstance(f, PolicyFacts)]),
        tuple([f for f in facts if isinstance(f, SourceFacts)]),
        tuple([f for f in facts if isinstance(f, SpaceFacts)]),
        tuple([f for f in facts if isinstance(f, BudgetFacts)]),
        tuple([f for f in facts if isinstance(f, ClusterQueueFacts)]),
        tuple([f for f in facts if isinstance(f, LocalQueueFacts)]),
    )


def _certain(policies: list[PolicyFacts]) -> tuple[PolicyFacts, ...]:
    """The policies to which nothing adds in a way that joblint does not read."""
    foreign = [p for p in policies if p.foreign]
    if any(p.origin.kind.startswith(("Cluster", "CiliumCluster", "Global", "Admin")) for p in foreign):
        return ()
    return tuple([p for p in policies if not p.foreign and not any(beside(p.origin, f.origin) for f in foreign)])


def by_name(facts: Iterable[F]) -> dict[str, list[F]]:
    """Return facts about other objects by the objects' names, so that each of many Jobs finds its own at once."""
    found: dict[str, list[F]] = {}
    for each in facts:
        found.setdefault(each.origin.name, []).append(each)
    return found


def by_what_they_make(folder: Folder) -> dict[str, list[SourceFacts]]:
    """Return the objects from which controllers make Secrets and volumes by the names of what they make."""
    found: dict[str, list[SourceFacts]] = {}
    for source in folder.sources:
        found.setdefault(source.makes, []).append(source)
    return found


def by_file(facts: Iterable[F]) -> dict[str, list[F]]:
    """Return facts by the files of their objects, for rules that compare only the objects of one file."""
    found: dict[str, list[F]] = {}
    for each in facts:
        found.setdefault(each.origin.file, []).append(each)
    return found


def beside(one: Origin, other: Origin) -> bool:
    """Return whether two objects are in one namespace, as far as the files show: both have the same one, or they are in one
    file or directory and neither has another one."""
    if one.namespace and other.namespace:
        return one.namespace == other.namespace
    return one.file.rpartition("/")[0] == other.file.rpartition("/")[0]


def run(engine: Engine, facts: tuple[Facts, ...]) -> tuple[list[tuple[Rule, Origin, Hit]], list[tuple[Rule, Exception]]]:
    """Return what the rules over a whole directory find, and the rules that raised an exception."""
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
