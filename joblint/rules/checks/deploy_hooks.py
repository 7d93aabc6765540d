"""Helm's and Argo CD's hooks: words they do not know, places they do not look at, what their delete policies leave behind.

Sources: Helm 3 and 4 (pkg/release/util/manifest_sorter.go, pkg/action/hooks.go), Argo CD's gitops-engine (pkg/sync/hook,
pkg/sync/common/types.go).
"""

from __future__ import annotations

from joblint.rules.checks import check
from joblint.rules.subject import as_dict
from joblint.rules.words import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Fix, Hit
    from joblint.rules.subject import Subject

HELM_HOOK, HELM_POLICY, HELM_WEIGHT = "helm.sh/hook", "helm.sh/hook-delete-policy", "helm.sh/hook-weight"
ARGO_HOOK, ARGO_POLICY = "argocd.argoproj.io/hook", "argocd.argoproj.io/hook-delete-policy"
ARGO_OPTIONS, ARGO_WAVE = "argocd.argoproj.io/sync-options", "argocd.argoproj.io/sync-wave"

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
}
_PREFIXES = ("helm.sh", "argocd.argoproj.io")
_HOOK_KEYS = (HELM_HOOK, HELM_POLICY, HELM_WEIGHT, ARGO_HOOK, ARGO_POLICY, ARGO_OPTIONS, ARGO_WAVE)
_WORDS = {"hook", "hooks", "hook-weight", "hook-delete-policy", "sync-wave", "sync-options", "hook-delete-policies"}


def parts(value: Any) -> list[str]:
    """The words of a list with commas, as both tools split it."""
    return [p.strip() for p in value.split(",")] if isinstance(value, str) else []


def is_hook(annotations: dict[str, Any]) -> bool:
    """Whether Helm or Argo CD runs the object as a hook."""
    return bool(annotations) and (HELM_HOOK in annotations or (ARGO_HOOK in annotations and annotations[ARGO_HOOK] != "Skip"))


def _fix(s: Subject, field: str, part: str, old: str, new: str) -> Fix | None:
    """A safe fix that writes `new` for `old` where that stands once in the span."""
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


@check
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
    for key, tool in ((HELM_WEIGHT, "Helm"), (ARGO_WAVE, "Argo CD")):
        value = annotations.get(key)
        if isinstance(value, str) and not _is_integer(value):
            yield s.hit(
                f"metadata.annotations[{key}]",
                problem=f'"{value}" is no whole number: {tool} takes it for 0',
                advice=f'{key}: "5"    a whole number in quotes',
                label="counts as 0",
            )


def _is_integer(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()


def _unknown_words(s: Subject, key: str, words: list[str], known: tuple[str, ...], loose: bool) -> Iterator[Hit]:
    from joblint.rules.checks.refused import nearest

    good = [w for w in words if (w.lower() if loose else w) in known]
    for word in words:
        if (word.lower() if loose else word) in known:
            continue
        near = nearest(word, known) or _translated(word, known)
        if "policy" in key:
            other = f"only {listed(good)} counts" if good else _without_policy(s, key)
            problem = f'{_tool(key)} knows no delete policy "{word}" and passes over it: {other}'
        elif key == HELM_HOOK:
            problem = f'Helm knows no hook "{word}" and leaves out the whole {s.kind}: it is never created, and no error says so'
        elif good:
            problem = f'Argo CD knows no hook "{word}" and passes over it: only {listed(good)} counts'
        else:
            problem = f'Argo CD knows no hook "{word}": the {s.kind} counts as a hook of no phase and never runs'
        yield s.hit(
            f"metadata.annotations[{key}]",
            problem=problem,
            advice=f"{key}: {','.join([near if w == word else w for w in words])}" if near else f"One of {', '.join(known)}",
            label=f"{near}?" if near else "unknown",
            fix=_fix(s, f"metadata.annotations[{key}]", "value", word, near),
        )


def _translated(word: str, known: tuple[str, ...]) -> str:
    """The word of this tool for one of the other tool."""
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


def _tool(key: str) -> str:
    return "Helm" if key.startswith("helm") else "Argo CD"


def _without_policy(s: Subject, key: str) -> str:
    if key == HELM_POLICY:
        return "with no policy that it knows nothing is ever deleted, and the next release fails as the Job exists already"
    return "BeforeHookCreation holds instead"


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
            from joblint.rules.checks.refused import nearest

            found = nearest(name, _ARGO_OPTION_NAMES)
            near = f"{found}={value.lower() or 'true'}" if found else ""
            if not near:
                continue  # options come with every version: only a slip is told
        yield s.hit(
            f"metadata.annotations[{ARGO_OPTIONS}]",
            problem=f'Argo CD knows no sync option "{word}" and passes over it',
            advice=f"{ARGO_OPTIONS}: {near}",
            label=f"{near}?",
            fix=_fix(s, f"metadata.annotations[{ARGO_OPTIONS}]", "value", word, near),
        )


@check
def hook_key_misspelt(s: Subject) -> Iterator[Hit]:
    """An annotation that is nearly one of Helm's or Argo CD's."""
    annotations = s.annotations
    for key in annotations:
        if not isinstance(key, str) or ("hook" not in key and "helm" not in key and "argo" not in key) or "/" not in key:
            continue
        if key in _HELM_KEYS or key in _ARGO_KEYS:
            continue
        near = _near_key(key)
        if near and near not in annotations:
            field = f"metadata.annotations[{key}]"
            yield s.hit(
                field, part="key", key=key, near=near, tool=_tool(near), label=f"{near}?", fix=_fix(s, field, "key", key, near)
            )


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
    from joblint.rules.checks.refused import nearest

    names = [k.partition("/")[2] for k in (_HELM_KEYS if prefix == "helm.sh" else _ARGO_KEYS)]
    near = nearest(name, tuple(names))
    return f"{prefix}/{near}" if near else ""


@check
def hook_annotation_misplaced(s: Subject) -> Iterator[Hit]:
    """Annotations of a hook where Helm and Argo CD do not look: on the Pod template, on a jobTemplate, among labels."""
    places = [(f"{s.at}.template.metadata.annotations", s.template_annotations, "the Pod template")]
    template = as_dict(s.sent_spec.get("template"))
    labels = as_dict(s.metadata.get("labels"))
    if labels:
        places.append(("metadata.labels", labels, "the labels"))
    inner = as_dict(as_dict(template.get("metadata")).get("labels"))
    if inner:
        places.append((f"{s.at}.template.metadata.labels", inner, "the Pod template's labels"))
    if s.kind == "CronJob":
        meta = as_dict(as_dict(as_dict(s.object.get("spec")).get("jobTemplate")).get("metadata"))
        places.append(("spec.jobTemplate.metadata.annotations", as_dict(meta.get("annotations")), "the jobTemplate"))
    for at, entries, place in places:
        if not entries:
            continue
        for key in _HOOK_KEYS:
            if key in entries:
                tool = _tool(key)
                kept = key in s.annotations
                yield s.hit(
                    f"{at}[{key}]",
                    part="key",
                    key=key,
                    place=place,
                    tool=tool,
                    value=entries[key],
                    effect="it does nothing there"
                    if kept or key not in (HELM_HOOK, ARGO_HOOK)
                    else f"for {tool} this is no hook but an ordinary part of the release",
                    severity="info" if kept else "",
                )
                break


@check
def hook_left_behind(s: Subject) -> Iterator[Hit]:
    """A delete policy without before-hook-creation: what it does not delete stands in the way of the next run."""
    annotations = s.annotations
    if not annotations or s.spec.get("ttlSecondsAfterFinished") is not None or not s.metadata.get("name"):
        return
    if HELM_HOOK in annotations and HELM_POLICY in annotations:
        words = {p.lower() for p in parts(annotations[HELM_POLICY])}
        if "before-hook-creation" in words or not words & {"hook-succeeded", "hook-failed"}:
            return
        if {"hook-succeeded", "hook-failed"} <= words:
            return
        ends, other = ("failed", "hook-succeeded") if "hook-succeeded" in words else ("succeeded", "hook-failed")
        yield s.hit(
            f"metadata.annotations[{HELM_POLICY}]",
            tool="Helm",
            policy=other,
            ends=ends,
            name=s.name,
            result=f'jobs.batch "{s.name}" already exists',
            what="next install or upgrade",
            advice=f"{HELM_POLICY}: before-hook-creation,{other}",
        )
    elif ARGO_HOOK in annotations and ARGO_POLICY in annotations:
        policies = set(parts(annotations[ARGO_POLICY]))
        if len(policies) != 1 or not policies <= {"HookSucceeded", "HookFailed"}:
            return
        policy = policies.pop()
        ends = "failed" if policy == "HookSucceeded" else "succeeded"
        yield s.hit(
            f"metadata.annotations[{ARGO_POLICY}]",
            tool="Argo CD",
            policy=policy,
            ends=ends,
            name=s.name,
            result="the finished Job is taken for this sync's, or refused as immutable, and nothing runs",
            what="next sync",
            advice=f"{ARGO_POLICY}: BeforeHookCreation,{policy}",
            confidence="likely",
            severity="info" if ends == "failed" else "warning",
        )


@check
def hook_logs_deleted(s: Subject) -> Iterator[Hit]:
    """The delete policy takes a failed hook away, logs and all."""
    annotations = s.annotations
    if not annotations:
        return
    for hook, key, word in ((HELM_HOOK, HELM_POLICY, "hook-failed"), (ARGO_HOOK, ARGO_POLICY, "HookFailed")):
        value = annotations.get(key)
        if hook not in annotations or not isinstance(value, str):
            continue
        words = parts(value)
        if word not in ([w.lower() for w in words] if key == HELM_POLICY else words):
            continue
        if key == HELM_POLICY and "hook-failed" in str(annotations.get("helm.sh/hook-output-log-policy", "")):
            continue
        rest = [w for w in words if w.lower() != word.lower()]
        keep = "before-hook-creation" if key == HELM_POLICY else "BeforeHookCreation"
        if keep not in rest:
            rest.insert(0, keep)
        yield s.hit(f"metadata.annotations[{key}]", tool=_tool(key), word=word, advice=f"{key}: {','.join(rest)}")


@check
def hook_on_cronjob(s: Subject) -> Iterator[Hit]:
    """A hook that is a CronJob: the hook is done when the CronJob exists; nothing has run."""
    if s.kind != "CronJob":
        return
    annotations = s.annotations
    for key in (HELM_HOOK, ARGO_HOOK):
        if key in annotations and annotations[key] != "Skip":
            yield s.hit(f"metadata.annotations[{key}]", tool=_tool(key), hook=annotations[key], schedule=s.cron.get("schedule"))
            return


@check
def hook_kept_until_next(s: Subject) -> Iterator[Hit]:
    """A Helm hook without a delete policy: it stays, finished, until the next release, and after helm uninstall."""
    annotations = s.annotations
    if HELM_HOOK in annotations and HELM_POLICY not in annotations and s.kind == "Job":
        if s.spec.get("ttlSecondsAfterFinished") is None:
            yield s.hit(f"metadata.annotations[{HELM_HOOK}]", name=s.name, key=HELM_POLICY)
