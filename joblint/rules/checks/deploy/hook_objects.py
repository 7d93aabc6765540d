"""Objects that are Helm hooks, and that something other than a hook uses after Helm has deleted them.

Source: Helm 3.19 pkg/action/hooks.go (deleteHookByPolicy; before-hook-creation is the policy of a hook without one).
"""

from __future__ import annotations

from joblint.rules.checks.deploy.referred import referred
from joblint.rules.facts.folder import beside
from joblint.rules.workload.without import WITHOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit

_DELETED = ("ServiceAccount", "ConfigMap", "Secret", "PersistentVolumeClaim")
_UPGRADES = frozenset(("pre-upgrade", "post-upgrade"))


def hook_object_deleted(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A ServiceAccount, ConfigMap, Secret or claim of an ordinary Job or CronJob that Helm deletes as a hook; one finding for
    each object."""
    from joblint.rules.finding import Hit

    objects = referred(folder)
    for workload in folder.workloads:
        if workload.needs.hook is not None:
            continue
        told: set[tuple[str, str]] = set()
        for reference in workload.needs.references:
            found = [(o, h) for o, h in objects.get((reference.kind, reference.name), ()) if beside(workload.origin, o)]
            if len(found) != 1 or (reference.kind, reference.name) in told:
                continue
            origin, hook = found[0]
            if hook is None or hook.tool != "Helm" or origin.kind not in _DELETED:
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
