"""When Helm or Argo CD creates an object: as a part of the release, or before or after it as a hook; knows annotations alone.

Sources: Helm 3.19 pkg/action/hooks.go execHook, hookByWeight; pkg/release/util kind_sorter.go InstallOrder; Argo CD 3
gitops-engine pkg/sync/hook/hook.go, pkg/sync/syncwaves/waves.go.
"""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HELM_HOOK, HELM_WEIGHT, HELM_POLICY = "helm.sh/hook", "helm.sh/hook-weight", "helm.sh/hook-delete-policy"
ARGO_HOOK, ARGO_WAVE = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"
_LATE_KINDS = ("Job", "CronJob", "Pod")  # what Helm's InstallOrder creates after everything that a Job refers to


class Hook(Record):
    """A hook: its tool (`Helm`, `Argo CD`), its events in lower case, its weight or wave, and whether Helm deletes it after an
    event that succeeded."""

    tool: str
    events: tuple[str, ...]
    weight: int
    passing: bool = False


def hook_of(annotations: dict[str, Any]) -> Hook | None:
    """Return the hook that an object is by its annotations; None for an ordinary resource. Helm's annotation takes
    precedence."""
    for tool, key, weight in (("Helm", HELM_HOOK, HELM_WEIGHT), ("Argo CD", ARGO_HOOK, ARGO_WAVE)):
        value = annotations.get(key)
        if isinstance(value, str) and value.strip() and value != "Skip":
            events = tuple([e.strip().lower() for e in value.split(",") if e.strip()])
            passing = tool == "Helm" and "hook-succeeded" in str(annotations.get(HELM_POLICY) or "")
            return Hook(tool, events, _number(annotations.get(weight)), passing)
    return None


def _number(value: Any) -> int:
    try:
        return int(value) if isinstance(value, str) else 0
    except ValueError:
        return 0


def runs_before(first: Hook, first_kind: str, second: Hook, event: str) -> bool:
    """Return whether a hook of that kind is created before a Job's hook at an event that both have."""
    if event not in first.events:
        return False
    if first.weight != second.weight:
        return first.weight < second.weight
    return first_kind not in _LATE_KINDS
