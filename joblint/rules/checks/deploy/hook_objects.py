"""Objects that are Helm hooks, and that something other than a hook uses after Helm has deleted them.

Source: Helm 3.19 pkg/action/hooks.go (deleteHookByPolicy; before-hook-creation is the policy of a hook without one).
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside
from joblint.rules.workload.without import WITHOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.hook import Hook
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.references import Reference
    from joblint.rules.finding import Hit

_UPGRADES = frozenset(("pre-upgrade", "post-upgrade"))


def hook_object_deleted(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A ServiceAccount, ConfigMap, Secret or claim of an ordinary Job or CronJob that Helm deletes as a hook; one finding for
    each object."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        if workload.needs.hook is not None:
            continue
        told: set[tuple[str, str]] = set()
        for reference in workload.needs.references:
            found = [(o, h) for o, h in _objects(folder, reference) if beside(workload.origin, o)]
            if len(found) != 1 or (reference.kind, reference.name) in told:
                continue
            origin, hook = found[0]
            if hook is None or hook.tool != "Helm":
                continue
            claim = reference.kind == "PersistentVolumeClaim"
            if hook.passing:
                when = "hook-succeeded deletes it after the hooks"
                effect = WITHOUT.get(reference.use, "the Pod does not start")
            elif claim and not _UPGRADES.isdisjoint(hook.events):
                when = "each helm upgrade deletes it and creates it again"
                effect = "its data is lost"
            else:
                continue
            told.add((reference.kind, reference.name))
            values = {"kind": reference.kind, "name": reference.name, "when": when, "effect": effect}
            yield workload.origin, Hit(reference.field, values)


def _objects(folder: Folder, reference: Reference) -> list[tuple[Origin, Hook | None]]:
    if reference.kind == "ServiceAccount":
        return [(a.origin, a.hook) for a in folder.accounts if a.origin.name == reference.name]
    if reference.kind == "PersistentVolumeClaim":
        return [(c.origin, c.hook) for c in folder.claims if c.origin.name == reference.name]
    if reference.kind in ("ConfigMap", "Secret"):
        return [(c.origin, c.hook) for c in folder.configs if (c.origin.kind, c.origin.name) == (reference.kind, reference.name)]
    return []
