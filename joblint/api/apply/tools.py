"""How Helm, Argo CD and Flux apply an object, by its annotations: as kubectl does, or deleted and created again.

Knows annotations and labels, validates nothing. Sources: Helm 3 pkg/action/hooks.go (execHook, deleteHookByPolicy); Argo CD 3.1
gitops-engine pkg/sync/sync_context.go (applyObject) and pkg/sync/hook; Flux pkg/ssa manager_apply.go (shouldForceApply).
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.base.words import any_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HELM, ARGO, FLUX = "Helm", "Argo CD", "Flux"

_ARGO_HOOK = "argocd.argoproj.io/hook"
_OPTIONS = "argocd.argoproj.io/sync-options"
_FORCE = "kustomize.toolkit.fluxcd.io/force"


class Way(Record):
    """How a tool applies the object.

    `tool` is "" for kubectl. `again`: it deletes the object and creates it again, always ("always"), if the update is rejected
    as invalid ("invalid"), or if a field is immutable ("immutable"); "" for never. `replaces`: it replaces the object instead
    of patching it. `creates`: it only creates, and fails if the object exists. `said` is the annotation as written.
    """

    tool: str = ""
    again: str = ""
    replaces: bool = False
    creates: bool = False
    said: str = ""
    note: str = ""


def way_of(value: dict[str, Any]) -> Way:
    """How the object is applied. An Argo CD hook takes precedence over a Helm hook."""
    notes, labels = _texts(value, "annotations"), _texts(value, "labels")
    argo = notes.get(_ARGO_HOOK, "")
    if argo and argo != "Skip":
        return _argo_hook(argo, notes.get(f"{_ARGO_HOOK}-delete-policy", ""))
    if "helm.sh/hook" in notes:
        return _helm_hook(notes["helm.sh/hook"], notes.get("helm.sh/hook-delete-policy", ""))
    options = [option.strip() for option in notes.get(_OPTIONS, "").split(",")]
    replaces, force = "Replace=true" in options, "Force=true" in options
    said = f"{_OPTIONS}: {notes.get(_OPTIONS)}"
    if replaces and force:
        return Way(ARGO, "always", said=said, note="Argo CD runs kubectl replace --force at each sync that applies it")
    if replaces:
        return Way(ARGO, replaces=True, said=said)
    if force:
        return Way(ARGO, "invalid", said=said)
    if _FORCE in notes or _FORCE in labels:
        if "enabled" in (notes.get(_FORCE, "").lower(), labels.get(_FORCE, "").lower()):
            return Way(FLUX, "immutable", said=f"{_FORCE}: enabled")
    return Way(note=f"Argo CD does not apply it ({_ARGO_HOOK}: Skip)" if argo == "Skip" else "")


def _argo_hook(phases: str, policy: str) -> Way:
    said = f"{_ARGO_HOOK}: {phases}"
    if not policy or "BeforeHookCreation" in policy:
        return Way(ARGO, "always", said=said, note=f"Argo CD runs the hook again at each sync ({phases})")
    return Way(ARGO, said=said, note=f"with the delete policy {policy}, Argo CD does not delete a hook before it runs again")


def _helm_hook(events: str, policy: str) -> Way:
    said = f"helm.sh/hook: {events}"
    if not policy or "before-hook-creation" in policy:
        at = any_of([event.strip() for event in events.split(",")])
        return Way(HELM, "always", said=said, note=f"Helm runs the hook again at each {at}")
    if "hook-succeeded" in policy:
        note = f"with the delete policy {policy}, a hook that succeeded is deleted; one that failed still exists, and helm fails"
    else:
        note = f"with the delete policy {policy}, nothing deletes a hook that succeeded"
    return Way(HELM, creates=True, said=said, note=note)


def _texts(value: dict[str, Any], part: str) -> dict[str, str]:
    metadata = value.get("metadata")
    found = metadata.get(part) if isinstance(metadata, dict) else None
    return {str(key): str(text) for key, text in found.items()} if isinstance(found, dict) else {}


KUEUE = "kueue.x-k8s.io/queue-name"


def queue_of(value: dict[str, Any]) -> str:
    """Return the Kueue queue of the object; "" if there is none."""
    return _texts(value, "labels").get(KUEUE, "")
