"""Hooks that need something that is created after them, or deleted before them.

Source: Helm 3.19 pkg/action/install.go, upgrade.go, uninstall.go, hooks.go; Argo CD gitops-engine pkg/sync.
"""

from __future__ import annotations

from joblint.rules.folder import beside
from joblint.rules.hook import runs_before
from joblint.rules.others import is_example
from joblint.rules.workload.without import WITHOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts import JobFacts, Origin
    from joblint.rules.finding import Hit
    from joblint.rules.folder import Folder
    from joblint.rules.hook import Hook
    from joblint.rules.needs import Reference

_EARLY = {
    "pre-install": "before helm install creates the chart's ordinary objects",
    "presync": "before Argo CD applies the application's ordinary objects",
}
_HANGS = "the hook waits for it until its own timeout or the tool's"
_LATE = {"post-delete": "after helm uninstall has deleted the chart's ordinary objects"}


def hook_needs_what_comes_later(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A hook refers to an object of the release that does not exist when the hook runs; one finding for each such object."""
    from joblint.rules.finding import Hit

    for job in folder.jobs:
        hook = job.needs.hook
        if hook is None:
            continue
        told: set[tuple[str, str]] = set()
        for reference in (*job.needs.references, *_awaited(job)):
            effect = _HANGS if reference.use == "host" else WITHOUT.get(reference.use)
            if effect is None or (reference.kind, reference.name) in told:
                continue
            found = [(origin, other) for origin, other in _objects(folder, reference) if beside(job.origin, origin)]
            why = _why(hook, job, reference, [other for _, other in found]) if found else ""
            if why:
                told.add((reference.kind, reference.name))
                values = {
                    "kind": reference.kind,
                    "name": reference.name,
                    "why": why,
                    "effect": effect,
                    "advice": _advice(hook, reference),
                    "tool": hook.tool,
                }
                yield job.origin, Hit(reference.field, values)
        if ("ServiceAccount", job.needs.account) not in told:
            yield from _access(folder, job, hook)


def _access(folder: Folder, job: JobFacts, hook: Hook) -> Iterator[tuple[Origin, Hit]]:
    """A hook whose ServiceAccount exists in time, while every binding that gives it access comes later."""
    from joblint.rules.finding import Hit
    from joblint.rules.needs import Reference

    account = job.needs.account
    if not any(a.hook is not None and a.origin.name == account and beside(job.origin, a.origin) for a in folder.accounts):
        return
    bindings = [b for b in folder.bindings if any(name == account for _, name in b.accounts) and beside(b.origin, job.origin)]
    if not bindings:
        return
    reference = Reference(bindings[0].origin.kind, bindings[0].origin.name, "", "spec.template.spec.serviceAccountName", "access")
    why = _why(hook, job, reference, [b.hook for b in bindings])
    if not why:
        names = [(b, r) for b in bindings for r in folder.roles if (r.origin.kind, r.origin.name) == (b.role_kind, b.role)]
        if len(names) != len(bindings):
            return
        role = names[0][1].origin
        reference = Reference(role.kind, role.name, "", reference.field, "access")
        why = _why(hook, job, reference, [r.hook for _, r in names])
    if why:
        values = {
            "kind": reference.kind,
            "name": reference.name,
            "why": why,
            "effect": "the API server rejects its requests (forbidden)",
            "advice": _advice(hook, reference),
            "tool": hook.tool,
        }
        yield job.origin, Hit(reference.field, values)


def _objects(folder: Folder, reference: Reference) -> list[tuple[Origin, Hook | None]]:
    if reference.kind in ("ConfigMap", "Secret"):
        configs = [c for c in folder.configs if c.origin.kind == reference.kind and c.origin.name == reference.name]
        return [(c.origin, c.hook) for c in configs if not is_example(c.origin.file)]
    if reference.kind == "ServiceAccount":
        return [(a.origin, a.hook) for a in folder.accounts if a.origin.name == reference.name]
    if reference.kind == "PersistentVolumeClaim":
        return [(c.origin, c.hook) for c in folder.claims if c.origin.name == reference.name]
    if reference.kind == "Service":
        return [(x.origin, x.hook) for x in folder.services if x.origin.name == reference.name]
    return [(c.origin, c.hook) for c in folder.classes if c.origin.kind == reference.kind and c.origin.name == reference.name]


def _awaited(job: JobFacts) -> list[Reference]:
    """The Services that the hook waits for, as references to them."""
    from joblint.rules.needs import Reference

    return [Reference("Service", host, "", field, "host") for host, field in job.needs.hosts]


def _why(hook: Hook, job: JobFacts, reference: Reference, others: list[Hook | None]) -> str:
    """Why no object of that name exists when the hook runs; "" if one does, or may."""
    for event in hook.events:
        when = _EARLY.get(event) or (_LATE.get(event) if reference.kind != "Service" else None)
        whys = []
        for other in others:
            if other is None:
                whys.append(f"{hook.tool} runs this hook and waits for it {when}" if when else "")
            elif other.tool != hook.tool or runs_before(other, reference.kind, hook, event):
                whys.append("")
            elif event in other.events:
                weights = f"{other.weight} after {hook.weight}"
                word = "weight" if hook.tool == "Helm" else "wave"
                whys.append(
                    f"{hook.tool} creates hooks in the order of their {word}s, and {reference.name} comes later ({weights})"
                )
            else:
                whys.append("")
        if whys and all(whys):
            return whys[0]
    return ""


def _advice(hook: Hook, reference: Reference) -> str:
    if reference.kind == "Service":
        late = "helm.sh/hook: post-install,pre-upgrade" if hook.tool == "Helm" else "argocd.argoproj.io/hook: PostSync"
        return f"{late}    runs when the Service and its Pods have been created"
    if hook.tool == "Helm":
        lines = [f"helm.sh/hook: {','.join(hook.events)}", f'helm.sh/hook-weight: "{hook.weight - 5}"']
        lines.append("helm.sh/hook-delete-policy: before-hook-creation")
    else:
        lines = ["argocd.argoproj.io/hook: PreSync", f'argocd.argoproj.io/sync-wave: "{hook.weight - 1}"']
    lines[0] += f"    annotations of the {reference.kind} {reference.name}"
    return "\n".join(lines)
