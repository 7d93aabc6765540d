"""Facts about objects around a Job that it does not name: Namespaces, disruption budgets, the queues of Kueue, Flux."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.facts.origin import Origin
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.injection import MESHES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    AroundFacts: TypeAlias = "SpaceFacts | BudgetFacts | ClusterQueueFacts | LocalQueueFacts | FluxFacts"


class SpaceFacts(Record):
    """Facts about a Namespace: the keys that turn on a mesh, with their values, as (key, value)."""

    origin: Origin
    meshes: tuple[tuple[str, str], ...]


class BudgetFacts(Record):
    """Facts about a PodDisruptionBudget: its selector, and both limits as written ("" if it has none); `selects_all` for the
    empty selector of policy/v1, which matches every Pod of the namespace (in policy/v1beta1 it matched none)."""

    origin: Origin
    selector: dict[str, Any]
    least: str
    most: str
    selects_all: bool = False


class ClusterQueueFacts(Record):
    """Facts about a ClusterQueue: the resources that it covers, each with the largest quota of a flavor, and whether it can
    borrow more than that."""

    origin: Origin
    covered: dict[str, str]
    borrows: bool


class LocalQueueFacts(Record):
    """Facts about a LocalQueue: the name of its ClusterQueue."""

    origin: Origin
    cluster_queue: str


class FluxFacts(Record):
    """Facts about a Kustomization of Flux: the directory that it applies, relative to the repository, and whether Flux deletes
    and creates again what cannot be changed (`force`)."""

    origin: Origin
    path: str
    force: bool


def facts_around(origin: Origin, value: dict[str, Any]) -> AroundFacts:
    """Return the facts about a Namespace, PodDisruptionBudget, ClusterQueue, LocalQueue or Kustomization."""
    kind = origin.kind
    meta, spec = as_dict(value.get("metadata")), as_dict(value.get("spec"))
    if kind == "Namespace":
        marks = {**as_dict(meta.get("annotations")), **as_dict(meta.get("labels"))}
        return SpaceFacts(origin, tuple([(key, str(marks[key])) for key in MESHES if key in marks]))
    if kind == "PodDisruptionBudget":
        least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
        selector = spec.get("selector")
        everything = value.get("apiVersion") == "policy/v1" and isinstance(selector, dict) and not any(selector.values())
        return BudgetFacts(origin, as_dict(selector), _text(least), _text(most), everything)
    if kind == "Kustomization":
        of_flux = str(value.get("apiVersion")).startswith("kustomize.toolkit.fluxcd.io/")
        return FluxFacts(origin, _text(spec.get("path")), of_flux and spec.get("force") is True)
    if kind == "LocalQueue":
        return LocalQueueFacts(origin, str(spec.get("clusterQueue") or ""))
    return _cluster_queue(origin, spec)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (int, str)) else ""


def _cluster_queue(origin: Origin, spec: dict[str, Any]) -> ClusterQueueFacts:
    covered: dict[str, str] = {}
    for group in as_list(spec.get("resourceGroups")):
        for name in as_list(as_dict(group).get("coveredResources")):
            if isinstance(name, str):
                covered.setdefault(name, "")
        for flavor in as_list(as_dict(group).get("flavors")):
            for entry in as_list(as_dict(flavor).get("resources")):
                name, quota = as_dict(entry).get("name"), as_dict(entry).get("nominalQuota")
                if isinstance(name, str):
                    covered[name] = _larger(covered.get(name, ""), _text(quota))
    borrows = bool(spec.get("cohort") or spec.get("cohortName"))
    return ClusterQueueFacts(origin, covered, borrows)


def _larger(one: str, other: str) -> str:
    from joblint.api.go.quantity import QuantityError, parse

    try:
        return other if not one or parse(other).compare(parse(one)) > 0 else one
    except QuantityError:
        return other
