"""Helm's hook annotations on an object that is not a hook."""

from __future__ import annotations

from joblint.rules.checks.deploy.hooks import ARGO_HOOK, HELM_HOOK, HELM_POLICY, HELM_WEIGHT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_WORDS = (HELM_POLICY, HELM_WEIGHT, "helm.sh/hook-output-log-policy")


def hook_annotations_without_hook(s: Subject) -> Iterator[Hit]:
    """A weight or delete policy without helm.sh/hook: Helm reads these only on hooks (pkg/release/util/manifest_sorter.go).

    Argo CD also reads them on its own hooks, and uses the weight of any object as its wave (gitops-engine
    pkg/sync/hook/delete_policy.go, pkg/sync/syncwaves/waves.go).
    """
    annotations = s.annotations
    if HELM_HOOK in annotations or ARGO_HOOK in annotations:
        return
    argo = any(isinstance(key, str) and key.startswith("argocd.argoproj.io/") for key in annotations)
    found = [key for key in _WORDS if key in annotations and not (argo and key == HELM_WEIGHT)]
    if not found:
        return
    from joblint.rules.checks.deploy.hook_words import hook_key_misspelled

    if any(hit.values.get("near") == HELM_HOOK for hit in hook_key_misspelled(s)):
        return  # the hook's key is misspelled; that finding says more
    others = f" and {found[1]}" if len(found) == 2 else f" and {len(found) - 1} others" if len(found) > 2 else ""
    verb = "have" if others else "has"
    yield s.hit(f"metadata.annotations[{found[0]}]", part="key", key=found[0] + others, verb=verb, kind=s.kind)
