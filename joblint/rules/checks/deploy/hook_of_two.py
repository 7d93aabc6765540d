"""One object that is a hook of both Helm and Argo CD, at different times."""

from __future__ import annotations

from joblint.rules.checks.deploy.hooks import ARGO_HOOK, HELM_HOOK, parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_BEFORE = {"pre-install", "pre-upgrade", "pre-rollback"}
_AFTER = {"post-install", "post-upgrade", "post-rollback"}


def hooks_of_two_tools(s: Subject) -> Iterator[Hit]:
    """Helm's hook runs before and Argo CD's after the release's resources are created, or the reverse: Argo CD uses its own
    annotation (gitops-engine pkg/sync/hook/hook.go, Types)."""
    helm, argo = s.annotations.get(HELM_HOOK), s.annotations.get(ARGO_HOOK)
    if not isinstance(helm, str) or not isinstance(argo, str):
        return
    events, phases = {e.lower() for e in parts(helm)}, set(parts(argo))
    for mine, other, good in ((_BEFORE, "PostSync", "PreSync"), (_AFTER, "PreSync", "PostSync")):
        if events and events <= mine and other in phases and good not in phases:
            yield s.hit(f"metadata.annotations[{ARGO_HOOK}]", helm=helm, argo=argo, good=good)
