"""Hooks that need something that is created after them, or deleted before them.

Source: Helm 3.19 pkg/action/install.go, upgrade.go, uninstall.go, hooks.go; Argo CD gitops-engine pkg/sync.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.checks.deploy.referred import referred
from joblint.rules.facts.folder import beside
from joblint.rules.facts.hook import Hook, runs_before
from joblint.rules.workload.without import WITHOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.references import Reference
    from joblint.rules.finding import Hit

_EARLY = {
    "pre-install": "before helm install creates the chart's ordinary objects",
    "presync": "before Argo CD applies the application's ordinary objects",
}
_HANGS = "the hook waits for it until its own timeout or the tool's"
_WAIT = " Without it, the hook does not complete before a timeout."
_FAILS = "its connection to this host fails"
_WITHOUT_HOST = {"host": _HANGS, "client": _FAILS}
_LATE = {"post-delete": "after helm uninstall has deleted the chart's ordinary objects"}
_FIRST = "Only the first installation is affected"


class _Reason(Record):
    """Why an object does not exist when a hook runs: the event, what happens to the object, why, and who is affected."""

    event: str
    state: str
    why: str
    when: str


def hook_needs_what_comes_later(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A hook refers to an object of the release that does not exist when the hook runs; one finding for each such object."""
    from joblint.rules.finding import Hit

    objects = referred(folder)
    for job in folder.jobs:
        hook = job.needs.hook
        if hook is None and job.origin.wave:
            hook = Hook("Argo CD", ("sync",), job.origin.wave)
        if hook is None:
            continue
        told: set[tuple[str, str]] = set()
        for reference in (*job.needs.references, *_awaited(job)):
            effect = _WITHOUT_HOST.get(reference.use) or WITHOUT.get(reference.use)
            if effect is None or (reference.kind, reference.name) in told:
                continue
            found = [
                (origin, other)
                for origin, other in objects.get((reference.kind, reference.name), ())
                if beside(job.origin, origin)
            ]
            reason = _why(hook, reference, found) if found else None
            if reason is not None:
                told.add((reference.kind, reference.name))
                values = {
                    "kind": reference.kind,
                    "name": reference.name,
                    "effect": effect,
                    "wait": "" if reference.use == "client" else _WAIT,
                    "advice": _advice(hook, reference, reason, found[0][0]),
                    "this": "hook" if job.needs.hook is not None else "Job",
                    **_said(reason),
                }
                yield job.origin, Hit(reference.field, values)
        if ("ServiceAccount", job.needs.account) not in told:
            yield from _access(folder, job, hook)


def _access(folder: Folder, job: JobFacts, hook: Hook) -> Iterator[tuple[Origin, Hit]]:
    """A hook whose ServiceAccount exists in time, while every binding that gives it access comes later."""
    from joblint.rules.facts.references import Reference
    from joblint.rules.finding import Hit

    account = job.needs.account
    if not any(a.hook is not None and a.origin.name == account and beside(job.origin, a.origin) for a in folder.accounts):
        return
    bindings = [b for b in folder.bindings if any(name == account for _, name in b.accounts) and beside(b.origin, job.origin)]
    if not bindings:
        return
    reference = Reference(bindings[0].origin.kind, bindings[0].origin.name, "", "spec.template.spec.serviceAccountName", "access")
    at, reason = bindings[0].origin, _why(hook, reference, [(b.origin, b.hook) for b in bindings])
    if reason is None:
        names = [(b, r) for b in bindings for r in folder.roles if (r.origin.kind, r.origin.name) == (b.role_kind, b.role)]
        if len(names) != len(bindings):
            return
        at = names[0][1].origin
        reference = Reference(at.kind, at.name, "", reference.field, "access")
        reason = _why(hook, reference, [(r.origin, r.hook) for _, r in names])
    if reason is not None:
        values = {
            "kind": reference.kind,
            "name": reference.name,
            "effect": "the API server rejects its requests (forbidden)",
            "this": "hook",
            "wait": "",
            "advice": _advice(hook, reference, reason, at),
            **_said(reason),
        }
        yield job.origin, Hit(reference.field, values)


def _awaited(job: JobFacts) -> list[Reference]:
    """The Services that the hook waits for or connects to, as references to them."""
    from joblint.rules.facts.references import Reference

    return [Reference("Service", host, "", field, "host" if waits else "client") for host, field, waits in job.needs.hosts]


def _said(reason: _Reason) -> dict[str, str]:
    return {"state": reason.state, "why": reason.why, "when": reason.when}


def _why(hook: Hook, reference: Reference, others: list[tuple[Origin, Hook | None]]) -> _Reason | None:
    """Why no object of that name exists when the hook runs; None if one does, or may."""
    for event in hook.events:
        reasons = [_of_one(hook, reference, other, event, origin.wave) for origin, other in others]
        if reasons and None not in reasons:
            return reasons[0]
    return None


def _of_one(hook: Hook, reference: Reference, other: Hook | None, event: str, wave: int) -> _Reason | None:
    """Why an object does not exist at an event of a hook."""
    if other is None:
        if event == "sync" and hook.tool == "Argo CD":
            if wave <= hook.weight:
                return None
            order = f"{hook.weight} before {wave}"
            why = f"Argo CD applies {reference.name} only after the Jobs with a lower number ({order}) have completed"
            return _Reason(event, "does not exist yet", why, _FIRST)
        if event in _EARLY:
            return _Reason(event, "does not exist yet", f"{hook.tool} runs this hook {_EARLY[event]}", _FIRST)
        if event in _LATE and reference.kind != "Service":
            when = "Each helm uninstall is affected"
            return _Reason(event, "no longer exists", f"{hook.tool} runs this hook {_LATE[event]}", when)
        return None
    if other.tool != hook.tool or runs_before(other, reference.kind, hook, event):
        return None
    if hook.tool == "Helm" and not other.passing and any(e in _BEFORE.get(event, ()) for e in other.events):
        return None  # it is still there from then: Helm deletes it only right before it creates it again
    if event in other.events:
        weights = f"{other.weight} after {hook.weight}"
        word = "weight" if hook.tool == "Helm" else "wave"
        why = f"{hook.tool} creates hooks in the order of their {word}s, and {reference.name} comes later ({weights})"
        again = other.passing or event in ("pre-delete", "post-delete")
        first = f"Each {event} is affected" if again else _FIRST if hook.tool == "Argo CD" or event in _AT_INSTALL else ""
        return _Reason(event, "does not exist yet", why, first or f"Only the first {event} is affected")
    if hook.tool != "Helm":
        return None
    listed = ",".join(other.events)
    if other.passing and event in _HELM_EVENTS and not _HELM_EVENTS.isdisjoint(other.events):
        why = f"{reference.name} is a hook of {listed} only, and hook-succeeded deletes it when these hooks have succeeded"
        return _Reason(event, "does not exist", why, f"Each {event} is affected")
    if event in _AT_INSTALL and not any(e in _AT_INSTALL[event] for e in other.events):
        late = "test" not in other.events and "test-success" not in other.events
        why = f"{reference.name} is a hook of {listed}, which is not part of helm install before {event}"
        return _Reason(event, "does not exist yet", why, _FIRST) if late else None
    return None


_HELM_EVENTS = frozenset(
    ("pre-install", "post-install", "pre-upgrade", "post-upgrade", "pre-delete", "post-delete", "pre-rollback", "post-rollback")
)
_BEFORE = {
    "post-install": ("pre-install",),
    "pre-upgrade": ("pre-install", "post-install"),
    "post-upgrade": ("pre-install", "post-install", "pre-upgrade"),
    "pre-rollback": ("pre-install", "post-install"),
    "post-rollback": ("pre-install", "post-install", "pre-rollback"),
    "pre-delete": ("pre-install", "post-install"),
    "post-delete": ("pre-install", "post-install", "pre-delete"),
}
"""The events that have certainly happened in a release before an event."""
_AT_INSTALL = {"pre-install": ("pre-install",), "post-install": ("pre-install", "post-install")}


def _advice(hook: Hook, reference: Reference, reason: _Reason, other: Origin) -> str:
    if reason.event in _LATE and reason.state == "no longer exists":
        return "helm.sh/hook: pre-delete    runs before the chart's objects are deleted"
    if reference.kind == "Service":
        late = "helm.sh/hook: post-install,pre-upgrade" if hook.tool == "Helm" else "argocd.argoproj.io/hook: PostSync"
        return f"{late}    runs when the Service and its Pods have been created"
    if hook.tool == "Helm":
        lines = [f"helm.sh/hook: {','.join(hook.events)}", f'helm.sh/hook-weight: "{hook.weight - 5}"']
        lines.append("helm.sh/hook-delete-policy: before-hook-creation")
    elif reason.event == "sync":
        lines = [f'argocd.argoproj.io/sync-wave: "{hook.weight - 1}"']
    else:
        lines = ["argocd.argoproj.io/hook: PreSync", f'argocd.argoproj.io/sync-wave: "{hook.weight - 1}"']
    lines[0] += f'    on {other.kind} "{other.name}"'
    return "\n".join(lines)
