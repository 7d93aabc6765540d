"""A claim that one node at a time can use, and that the Pods of a Deployment or StatefulSet mount already.

Source: Kubernetes 1.36.3 pkg/controller/volume/attachdetach (Multi-Attach error).
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import WorkloadFacts
    from joblint.rules.finding import Hit

_EARLY = {"pre-install", "presync", "post-delete"}  # hooks that run while the Deployment does not exist
_LOCAL = ("local", "hostpath", "host-path")  # storage classes whose volumes bind every Pod to their node
_WHILE_DOWN = frozenset(
    (
        *("restore", "recover", "recovery", "rollback", "repair", "fsck", "chown", "permissions", "init", "bootstrap", "seed"),
        *("download", "downloader", "preload", "prefetch", "fetch", "import", "copy", "clone", "move", "transfer"),
    )
)
"""Words of the names of Jobs that run before the Pods exist, or while they are scaled to none."""
_ONE_NODE = ({"ReadWriteOnce"}, {"ReadWriteOncePod"})


def claim_in_use(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """One finding for each workload; not for Pods that choose their node."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        hook = workload.needs.hook
        if workload.needs.placed or hook is not None and set(hook.events) <= _EARLY:
            continue
        for reference in workload.needs.references:
            if reference.use != "claim":
                continue
            users = [s for s in folder.servers if reference.name in s.claims and beside(s.origin, workload.origin)]
            claims = [c for c in folder.claims if c.origin.name == reference.name and beside(c.origin, workload.origin)]
            modes = {m for c in claims for m in c.access_modes}
            if not claims:
                modes = {m for u in users for name, own in u.templated if name == reference.name for m in own}
            if any(word in c.storage.lower() for c in claims for word in _LOCAL):
                continue
            if not users or modes not in _ONE_NODE:
                continue
            mode = next(iter(modes))
            one_pod = mode == "ReadWriteOncePod"
            values = {
                "name": reference.name,
                "mode": mode,
                "allows": "Pod" if one_pod else "node",
                "kind": users[0].origin.kind,
                "user": users[0].origin.name,
                "effect": "the Pod stays Pending"
                if one_pod
                else "the Job's Pod stays in ContainerCreating on any other node (Multi-Attach)",
                "advice": _advice(users[0], workload.origin, one_pod),
            }
            words = workload.origin.name.lower().replace(".", "-").split("-")
            before = workload.origin.kind == "Job" and hook is None and not _WHILE_DOWN.isdisjoint(words)
            severity, confidence = ("info", "hint") if before else ("", "")
            yield workload.origin, Hit(reference.field, values, severity=severity, confidence=confidence)
            break


def _advice(server: WorkloadFacts, origin: Origin, one_pod: bool) -> str:
    """Both on one node, unless the claim is for one Pod wherever it runs."""
    user = server.origin
    if one_pod:
        other = f'{user.kind} "{user.name}"'
        return f"Run the Job only while {other} has no Pods, or use a claim with ReadWriteOnce and run both on one node."
    at = "spec.template.spec" if origin.kind == "Job" else "spec.jobTemplate.spec.template.spec"
    return (
        f"affinity:    in {at}: runs the Pods on the same node\n"
        "  podAffinity:\n"
        "    requiredDuringSchedulingIgnoredDuringExecution:\n"
        f'    - topologyKey: kubernetes.io/hostname    the node of {user.kind} "{user.name}"\n'
        f"      labelSelector: {{matchLabels: {{{_labels(server.labels)}}}}}"
    )


_STABLE = ("app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component", "app", "k8s-app", "name")
"""Labels that select the Pods of one application, whatever its version is."""


def _labels(labels: dict[str, Any]) -> str:
    """Labels of the other Pods as a selector."""
    shown = [f"{key}: {labels[key]}" for key in _STABLE if isinstance(labels.get(key), str)][:3]
    return ", ".join(shown) if shown else "<label>: <value>"
