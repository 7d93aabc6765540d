"""Helm's and Argo CD's hooks: annotations in places that they do not read, and what their delete policies delete or keep.

Sources: Helm 3 and 4 (pkg/action/hooks.go), Argo CD's gitops-engine (pkg/sync/hook).
"""

from __future__ import annotations

from joblint.base.durations import show_duration
from joblint.rules.checks.deploy.random_names import is_random
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

HELM_HOOK, HELM_POLICY, HELM_WEIGHT = "helm.sh/hook", "helm.sh/hook-delete-policy", "helm.sh/hook-weight"
ARGO_HOOK, ARGO_POLICY = "argocd.argoproj.io/hook", "argocd.argoproj.io/hook-delete-policy"
ARGO_OPTIONS, ARGO_WAVE = "argocd.argoproj.io/sync-options", "argocd.argoproj.io/sync-wave"

_HOOK_KEYS = (HELM_HOOK, HELM_POLICY, HELM_WEIGHT, ARGO_HOOK, ARGO_POLICY, ARGO_OPTIONS, ARGO_WAVE)


def parts(value: Any) -> list[str]:
    """Return the parts of a comma-separated list, as both tools split it."""
    return [p.strip() for p in value.split(",")] if isinstance(value, str) else []


def is_hook(annotations: dict[str, Any]) -> bool:
    """Whether Helm or Argo CD runs the object as a hook."""
    return bool(annotations) and (HELM_HOOK in annotations or (ARGO_HOOK in annotations and annotations[ARGO_HOOK] != "Skip"))


def tool_named(key: str) -> str:
    """Return the tool that an annotation belongs to."""
    return "Helm" if key.startswith("helm") else "Argo CD"


def hook_annotation_misplaced(s: Subject) -> Iterator[Hit]:
    """Hook annotations where Helm and Argo CD ignore them: on the Pod template, on a jobTemplate, or as labels."""
    places = [(f"{s.spec_at}.template.metadata.annotations", s.template_annotations, "an annotation of the Pod template")]
    template = as_dict(s.sent_spec.get("template"))
    labels = as_dict(s.metadata.get("labels"))
    if labels:
        places.append(("metadata.labels", labels, "a label"))
    inner = as_dict(as_dict(template.get("metadata")).get("labels"))
    if inner:
        places.append((f"{s.spec_at}.template.metadata.labels", inner, "a label of the Pod template"))
    if s.kind == "CronJob":
        meta = as_dict(as_dict(as_dict(s.object.get("spec")).get("jobTemplate")).get("metadata"))
        places.append(
            ("spec.jobTemplate.metadata.annotations", as_dict(meta.get("annotations")), "an annotation of the jobTemplate")
        )
    for at, entries, place in places:
        if not entries:
            continue
        for key in _HOOK_KEYS:
            if key in entries:
                tool = tool_named(key)
                kept = key in s.annotations
                yield s.hit(
                    f"{at}[{key}]",
                    part="key",
                    key=key,
                    place=place,
                    tool=tool,
                    value=entries[key],
                    effect="it has no effect there"
                    if kept or key not in (HELM_HOOK, ARGO_HOOK)
                    else f"{tool} treats this {s.kind} as an ordinary part of the release, not as a hook",
                    severity="info" if kept else "",
                )
                break


def _next_time(hooks: list[str]) -> str:
    """When Helm runs such a hook the next time."""
    kinds = {h.lower().partition("-")[2] or h.lower() for h in hooks}
    if kinds <= {"delete"}:
        return "helm uninstall of a release of that name"
    if kinds <= {"test", "success"}:
        return "helm test"
    if kinds <= {"rollback"}:
        return "rollback"
    if kinds <= {"install"}:
        return "install of a release of that name"
    return "upgrade" if kinds <= {"upgrade"} else "install or upgrade"


def hook_left_behind(s: Subject) -> Iterator[Hit]:
    """A delete policy without before-hook-creation: what it does not delete blocks the next run."""
    annotations = s.annotations
    if not annotations or s.spec.get("ttlSecondsAfterFinished") is not None or not s.metadata.get("name"):
        return
    if is_random(s.name):
        return
    if HELM_HOOK in annotations and HELM_POLICY in annotations:
        words = {p.lower() for p in parts(annotations[HELM_POLICY])}
        if "before-hook-creation" in words or not words & {"hook-succeeded", "hook-failed"}:
            return
        if {"hook-succeeded", "hook-failed"} <= words:
            return
        ends, other = ("fails", "hook-succeeded") if "hook-succeeded" in words else ("succeeds", "hook-failed")
        yield s.hit(
            f"metadata.annotations[{HELM_POLICY}]",
            tool="Helm",
            policy=other,
            ends=ends,
            name=s.name,
            result=f'fails: jobs.batch "{s.name}" already exists',
            what=_next_time(parts(annotations[HELM_HOOK])),
            advice=f"{HELM_POLICY}: before-hook-creation,{other}",
        )
    elif ARGO_HOOK in annotations and ARGO_POLICY in annotations:
        policies = set(parts(annotations[ARGO_POLICY]))
        if len(policies) != 1 or not policies <= {"HookSucceeded", "HookFailed"}:
            return
        policy = policies.pop()
        ends = "fails" if policy == "HookSucceeded" else "succeeds"
        yield s.hit(
            f"metadata.annotations[{ARGO_POLICY}]",
            tool="Argo CD",
            policy=policy,
            ends=ends,
            name=s.name,
            result="uses the finished Job or fails: nothing runs",
            what="sync",
            advice=f"{ARGO_POLICY}: BeforeHookCreation,{policy}",
            confidence="likely",
        )


def hook_logs_deleted(s: Subject) -> Iterator[Hit]:
    """The delete policy deletes a failed hook and its logs."""
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
        yield s.hit(f"metadata.annotations[{key}]", tool=tool_named(key), word=word, advice=f"{key}: {','.join(rest)}")


def hook_on_cronjob(s: Subject) -> Iterator[Hit]:
    """A hook that is a CronJob: the hook succeeds as soon as the CronJob exists, before anything has run."""
    if s.kind != "CronJob":
        return
    annotations = s.annotations
    for key in (HELM_HOOK, ARGO_HOOK):
        if key in annotations and annotations[key] != "Skip":
            yield s.hit(
                f"metadata.annotations[{key}]", tool=tool_named(key), hook=annotations[key], schedule=s.cron.get("schedule")
            )
            return


def hook_kept_until_next(s: Subject) -> Iterator[Hit]:
    """A Helm hook without a delete policy: the finished Job is kept until the next release, and after helm uninstall."""
    annotations = s.annotations
    if HELM_HOOK in annotations and HELM_POLICY not in annotations and s.kind == "Job":
        if s.spec.get("ttlSecondsAfterFinished") is None:
            yield s.hit(f"metadata.annotations[{HELM_HOOK}]", name=s.name, key=HELM_POLICY)


def ttl_of_a_deleted_hook(s: Subject) -> Iterator[Hit]:
    """A TTL next to a delete policy that deletes the hook as soon as it has succeeded: the TTL decides about failed ones only."""
    ttl, annotations = s.spec.get("ttlSecondsAfterFinished"), s.annotations
    if not isinstance(ttl, int) or not annotations:
        return
    for hook, key, good, bad in (
        (HELM_HOOK, HELM_POLICY, "hook-succeeded", "hook-failed"),
        (ARGO_HOOK, ARGO_POLICY, "hooksucceeded", "hookfailed"),
    ):
        words = {p.lower() for p in parts(annotations.get(key))} if hook in annotations else set()
        if good in words:
            when = "when it has finished" if bad in words else "when it has succeeded"
            left = "never applies" if bad in words else "applies only if it fails"
            yield s.hit(
                s.spec_at + ".ttlSecondsAfterFinished",
                tool=tool_named(key),
                when=when,
                left=left,
                ttl=show_duration(ttl),
                key=key,
                policy=next(p for p in parts(annotations.get(key)) if p.lower() == good),
            )
