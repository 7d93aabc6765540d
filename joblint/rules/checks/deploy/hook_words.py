"""Values in Helm's, Argo CD's and Flux's annotations that those tools do not know: hooks, policies, options, keys.

Sources: Helm 3 and 4 (pkg/release/util/manifest_sorter.go), Argo CD's gitops-engine (pkg/sync/common/types.go), Flux
kustomize-controller. Argo CD's values are case-sensitive, those of Helm and Flux are not.
"""

from __future__ import annotations

from joblint.base.words import listed
from joblint.rules.checks.deploy.hooks import (
    ARGO_HOOK,
    ARGO_OPTIONS,
    ARGO_POLICY,
    ARGO_WAVE,
    HELM_HOOK,
    HELM_POLICY,
    HELM_WEIGHT,
    parts,
    tool_named,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Fix, Hit
    from joblint.rules.subject import Subject

_HELM_HOOKS = (
    *("pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade"),
    *("pre-rollback", "post-rollback", "test", "test-success"),
)
_HELM_POLICIES = ("hook-succeeded", "hook-failed", "before-hook-creation")
_ARGO_HOOKS = ("PreSync", "Sync", "PostSync", "SyncFail", "PreDelete", "PostDelete", "Skip")
_ARGO_POLICIES = ("HookSucceeded", "HookFailed", "BeforeHookCreation")
_ARGO_OPTION_NAMES = (
    *("Prune", "Delete", "Validate", "SkipDryRunOnMissingResource", "ApplyOutOfSyncOnly", "PruneLast", "Replace", "Force"),
    *("ServerSideApply", "FailOnSharedResource", "RespectIgnoreDifferences", "CreateNamespace", "PrunePropagationPolicy"),
    *("ClientSideApplyMigration",),
)
_FLUX_VALUES = {
    "kustomize.toolkit.fluxcd.io/force": ("enabled", "disabled"),
    "kustomize.toolkit.fluxcd.io/prune": ("disabled", "enabled"),
    "kustomize.toolkit.fluxcd.io/reconcile": ("disabled", "enabled"),
    "kustomize.toolkit.fluxcd.io/ssa": ("Override", "Merge", "IfNotPresent", "Ignore"),
}
_HELM_KEYS = (HELM_HOOK, HELM_WEIGHT, HELM_POLICY, "helm.sh/hook-output-log-policy", "helm.sh/resource-policy")
_ARGO_KEYS = (
    *(ARGO_HOOK, ARGO_POLICY, ARGO_OPTIONS, ARGO_WAVE, "argocd.argoproj.io/compare-options", "argocd.argoproj.io/tracking-id"),
    *("argocd.argoproj.io/instance", "argocd.argoproj.io/installation-id", "argocd.argoproj.io/managed-by"),
    *("argocd.argoproj.io/refresh", "argocd.argoproj.io/manifest-generate-paths", "argocd.argoproj.io/ignore-healthcheck"),
    *("argocd.argoproj.io/ignore-resource-updates", "argocd.argoproj.io/hook-finalizer", "argocd.argoproj.io/deletion-approved"),
    *("argocd.argoproj.io/ignore-default-links", "argocd.argoproj.io/app-name"),
)
_SLIPS = {
    "helm.sh/hooks": HELM_HOOK,
    "helm.sh/weight": HELM_WEIGHT,
    "helm.sh/delete-policy": HELM_POLICY,
    "helm.sh/hook-deletion-policy": HELM_POLICY,
    "helm.sh/hook-delete": HELM_POLICY,
    "helm.sh/hook-policy": HELM_POLICY,
    "argocd.argoproj.io/delete-policy": ARGO_POLICY,
    "argocd.argoproj.io/hook-deletion-policy": ARGO_POLICY,
    "argocd.argoproj.io/wave": ARGO_WAVE,
    "argocd.argoproj.io/hook-weight": ARGO_WAVE,
    "argocd.argoproj.io/hook-wave": ARGO_WAVE,
    "argocd.argoproj.io/weight": ARGO_WAVE,
}
_PREFIXES = ("helm.sh", "argocd.argoproj.io")
_WORDS = {"hook", "hooks", "hook-weight", "hook-delete-policy", "sync-wave", "sync-options", "hook-delete-policies"}


def _fix(s: Subject, field: str, part: str, old: str, new: str) -> Fix | None:
    """A safe fix that replaces `old` with `new` if it occurs once in the span."""
    if not new or "\n" in old:
        return None
    span = s.document.span(s.prefix + field, part)
    line = s.document.source_line(span.line) or ""
    text = line[span.column - 1 : span.end_column - 1] if span.line == span.end_line else ""
    if text.count(old) != 1:
        return None
    from joblint.rules.finding import Edit, Fix

    at = span.column + text.index(old)
    return Fix(f"write {new}", (Edit(span.line, at, span.line, at + len(old), new),))


def hook_value_unknown(s: Subject) -> Iterator[Hit]:
    """A hook, delete policy, weight, wave or sync option that the tool does not know."""
    annotations = s.annotations
    if not annotations:
        return
    for key, known, loose in (
        (HELM_HOOK, _HELM_HOOKS, True),
        (HELM_POLICY, _HELM_POLICIES, True),
        (ARGO_HOOK, _ARGO_HOOKS, False),
        (ARGO_POLICY, _ARGO_POLICIES, False),
    ):
        if key in annotations:
            yield from _unknown_words(s, key, parts(annotations[key]), known, loose)
    if ARGO_OPTIONS in annotations:
        yield from _unknown_options(s, parts(annotations[ARGO_OPTIONS]))
    for key, words in _FLUX_VALUES.items():
        value = annotations.get(key)
        if isinstance(value, str) and value.lower() not in [w.lower() for w in words]:
            yield s.hit(
                f"metadata.annotations[{key}]",
                problem=f'Flux does not know the value "{value}" here and ignores it',
                advice=f"{key}: {' or '.join(words)}",
                label=f"{words[0]}?",
                fix=_fix(s, f"metadata.annotations[{key}]", "value", value, words[0]) if len(words) == 1 else None,
            )
    for key, tool in ((HELM_WEIGHT, "Helm"), (ARGO_WAVE, "Argo CD")):
        value = annotations.get(key)
        if isinstance(value, str) and not _is_integer(value):
            yield s.hit(
                f"metadata.annotations[{key}]",
                problem=f'"{value}" is not an integer: {tool} treats it as 0',
                advice=f'{key}: "5"    an integer in quotes',
                label="counts as 0",
            )


def _is_integer(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()


def _unknown_words(s: Subject, key: str, words: list[str], known: tuple[str, ...], loose: bool) -> Iterator[Hit]:
    from joblint.base.nearest import nearest

    good = [w for w in words if (w.lower() if loose else w) in known]
    for word in words:
        if (word.lower() if loose else word) in known:
            continue
        near = nearest(word, known) or _translated(word, known)
        if "policy" in key:
            other = f"only {listed(good)} counts" if good else _without_policy(s, key)
            problem = f'{tool_named(key)} ignores the unknown delete policy "{word}": {other}'
        elif key == HELM_HOOK:
            problem = f'Helm does not know the hook "{word}" and skips the whole {s.kind}: it is never created, without an error'
        elif good:
            problem = f'Argo CD does not know the hook "{word}" and ignores it: only {listed(good)} counts'
        else:
            problem = f'Argo CD does not know the hook "{word}": the {s.kind} is a hook without a phase and never runs'
        yield s.hit(
            f"metadata.annotations[{key}]",
            problem=problem,
            advice=f"{key}: {','.join([near if w == word else w for w in words])}" if near else f"One of {', '.join(known)}",
            label=f"{near}?" if near else "unknown",
            fix=_fix(s, f"metadata.annotations[{key}]", "value", word, near),
        )


def _translated(word: str, known: tuple[str, ...]) -> str:
    """This tool's value for one of the other tool."""
    pairs = {
        "pre-sync": "pre-upgrade",
        "presync": "pre-upgrade",
        "post-sync": "post-upgrade",
        "postsync": "post-upgrade",
        "pre-install": "PreSync",
        "pre-upgrade": "PreSync",
        "post-install": "PostSync",
        "post-upgrade": "PostSync",
        "post-delete": "PostDelete",
        "before-hook-creation": "BeforeHookCreation",
        "hook-succeeded": "HookSucceeded",
        "hook-failed": "HookFailed",
        "succeeded": "hook-succeeded" if "hook-succeeded" in known else "HookSucceeded",
        "failed": "hook-failed" if "hook-failed" in known else "HookFailed",
    }
    near = pairs.get(word.lower(), "")
    return near if near in known else ""


def _without_policy(s: Subject, key: str) -> str:
    if key == HELM_POLICY:
        return "nothing is deleted, and the next release fails because the Job already exists"
    return "BeforeHookCreation applies instead"


def _unknown_options(s: Subject, words: list[str]) -> Iterator[Hit]:
    for word in words:
        name, _, value = word.partition("=")
        if name in _ARGO_OPTION_NAMES and (value or name in ("CreateNamespace",)):
            if name not in ("Replace", "Force", "PruneLast", "ServerSideApply") or value in ("true", "false"):
                continue
            near = f"{name}=true"
        elif not word:
            continue
        else:
            from joblint.base.nearest import nearest

            found = nearest(name, _ARGO_OPTION_NAMES)
            near = f"{found}={value.lower() or 'true'}" if found else ""
            if not near:
                continue  # each version adds options: only a typo is reported
        yield s.hit(
            f"metadata.annotations[{ARGO_OPTIONS}]",
            problem=f'Argo CD does not know the sync option "{word}" and ignores it',
            advice=f"{ARGO_OPTIONS}: {near}",
            label=f"{near}?",
            fix=_fix(s, f"metadata.annotations[{ARGO_OPTIONS}]", "value", word, near),
        )


def hook_key_misspelled(s: Subject) -> Iterator[Hit]:
    """An annotation that is close to one of Helm's or Argo CD's."""
    annotations = s.annotations
    for key in annotations:
        if not isinstance(key, str) or key in _HELM_KEYS or key in _ARGO_KEYS:
            continue
        if "/" not in key:
            near = _bare_key(key, annotations)
        elif "hook" in key or "helm" in key or "argo" in key:
            near = _other_spelling(key) or _near_key(key)
        else:
            continue
        if near and near not in annotations:
            field = f"metadata.annotations[{key}]"
            yield s.hit(
                field,
                part="key",
                key=key,
                near=near,
                value=annotations[key] if isinstance(annotations[key], str) and "\n" not in str(annotations[key]) else "…",
                tool=tool_named(near),
                label=f"{near}?",
                fix=_fix(s, field, "key", key, near),
            )


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(".", "").replace("deletion", "delete").removeprefix("hook")


def _bare_key(key: str, annotations: dict[str, object]) -> str:
    """The annotation of a hook that a name without a prefix probably means: `deletePolicy` next to helm.sh/hook."""
    plain = _plain(key)
    if key.startswith(_PREFIXES):  # `helm.sh-hook`, `helm.sh.hook`
        letters = "".join([c for c in key.lower() if c.isalnum()])
        return next((k for k in (*_HELM_KEYS, *_ARGO_KEYS) if "".join([c for c in k if c.isalnum()]) == letters), "")
    if plain not in ("deletepolicy", "deletepolicies", "weight"):
        return ""
    weight = plain == "weight"
    if HELM_HOOK in annotations:
        return HELM_WEIGHT if weight else HELM_POLICY
    return ARGO_POLICY if ARGO_HOOK in annotations and not weight else ""


def _other_spelling(key: str) -> str:
    """`helm.sh/hookDeletePolicy`, `helm.sh/delete-policy`, `argocd.argoproj.io/hookDeletePolicy` in the tool's spelling."""
    prefix, _, name = key.partition("/")
    plain = _plain(name)
    if prefix == "helm.sh":
        return HELM_POLICY if plain in ("deletepolicy", "deletepolicies") else HELM_WEIGHT if plain == "weight" else ""
    if prefix == "argocd.argoproj.io":
        return ARGO_POLICY if plain in ("deletepolicy", "deletepolicies") else ARGO_WAVE if plain in ("wave", "syncwave") else ""
    return ""


def _near_key(key: str) -> str:
    found = _SLIPS.get(key.lower().replace("_", "-"))
    if found:
        return found
    prefix, _, name = key.partition("/")
    if name in _WORDS and prefix not in _PREFIXES:
        # helm/hook, helm.io/hook, argoproj.io/hook, argo-cd.argoproj.io/hook …; other tools have hooks of their own.
        if "helm" in prefix and "flux" not in prefix:
            return next((k for k in _HELM_KEYS if k.endswith("/" + name)), "")
        if "argo" in prefix and prefix not in ("workflows.argoproj.io", "rollouts.argoproj.io"):
            return next((k for k in _ARGO_KEYS if k.endswith("/" + name)), "")
        return ""
    if prefix not in _PREFIXES:
        return ""
    from joblint.base.nearest import nearest

    names = [k.partition("/")[2] for k in (_HELM_KEYS if prefix == "helm.sh" else _ARGO_KEYS)]
    near = nearest(name, tuple(names))
    return f"{prefix}/{near}" if near else ""
