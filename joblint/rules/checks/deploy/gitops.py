"""Argo CD, Flux, Helm and Kueue with a Job: what they create again, replace, wait for, or ignore.

Sources: Argo CD's gitops-engine (pkg/sync, pkg/health), Flux kustomize-controller, cli-utils' kstatus, Kueue's Job webhook.
"""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.rules.checks.deploy.hooks import ARGO_HOOK, ARGO_OPTIONS, HELM_HOOK, is_hook, parts
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

QUEUE = "kueue.x-k8s.io/queue-name"
_KUEUE_LABELS = (QUEUE, "kueue.x-k8s.io/priority-class", "kueue.x-k8s.io/max-exec-time-seconds")
_MIN_PARALLELISM = "kueue.x-k8s.io/job-min-parallelism"
_FLUX = "kustomize.toolkit.fluxcd.io/"


def tool_of(s: Subject) -> tuple[str, str]:
    """Return the GitOps tool that a manifest's annotations or labels belong to, and the field; two empty texts if there is
    none.

    Only those that no other tool writes count; app.kubernetes.io/instance is used by Helm, Argo CD and many others.
    """
    annotations, labels = s.annotations, as_dict(s.metadata.get("labels"))
    for place, entries in (("annotations", annotations), ("labels", labels)):
        for key in entries:
            if isinstance(key, str):
                if key.startswith("argocd.argoproj.io/") and key != ARGO_HOOK:
                    return "Argo CD", f"metadata.{place}[{key}]"
                if key.startswith(_FLUX):
                    return "Flux", f"metadata.{place}[{key}]"
    return "", ""


def gitops_runs_again_after_ttl(s: Subject) -> Iterator[Hit]:
    """The TTL deletes a Job that Git still defines: the tool creates it again, and it runs again."""
    ttl = s.spec.get("ttlSecondsAfterFinished")
    if ttl is None or s.kind != "Job" or is_hook(s.annotations) or s.spec.get("suspend") is True:
        return  # a suspended Job does not finish
    tool, sign = tool_of(s)
    if not tool or s.annotations.get(_FLUX + "reconcile") == "disabled":
        labels = as_dict(s.metadata.get("labels"))
        for label in ("helm.sh/chart", "helm.toolkit.fluxcd.io/name", "app.kubernetes.io/managed-by"):
            if label in labels and (label != "app.kubernetes.io/managed-by" or labels[label] == "Helm") and not tool:
                yield s.hit(
                    f"{s.spec_at}.ttlSecondsAfterFinished",
                    tool="Helm",
                    ttl=duration(ttl),
                    sign=f"metadata.labels[{label}]",
                    when="the next helm upgrade creates and runs it again",
                    instead="Make it a hook (helm.sh/hook), which defines when it runs, or make a second run harmless.",
                    severity="info",
                )
                return
        return
    when = (
        "Argo CD then reports OutOfSync, and the next sync or self-heal runs it again"
        if tool == "Argo CD"
        else "the next reconciliation by Flux creates and runs it again"
    )
    instead = (
        "argocd.argoproj.io/hook: Sync    a hook runs once per sync and does not have to remain"
        if tool == "Argo CD"
        else "Remove ttlSecondsAfterFinished: Flux does not create the Job again while it exists"
    )
    yield s.hit(f"{s.spec_at}.ttlSecondsAfterFinished", tool=tool, ttl=duration(ttl), sign=sign, when=when, instead=instead)


def sync_replaces_job(s: Subject) -> Iterator[Hit]:
    """Replace=true and Force=true: what a sync does with a Job that has run."""
    annotations = s.annotations
    if ARGO_OPTIONS not in annotations or s.kind != "Job" or is_hook(annotations):
        return
    options = parts(annotations[ARGO_OPTIONS])
    replace, force = "Replace=true" in options, "Force=true" in options
    if not replace and not force:
        return
    field = f"metadata.annotations[{ARGO_OPTIONS}]"
    if replace and not force:
        yield s.hit(
            field,
            problem="Replace=true runs kubectl replace, which fails for an existing Job: the generated selector and template "
            "labels are missing here",
            advice=f"{ARGO_OPTIONS}: Force=true,Replace=true    deletes the Job and runs it again at every sync",
            label="rejected at the second sync",
            severity="warning",
        )
    elif replace:
        yield s.hit(
            field,
            problem="Force=true,Replace=true deletes this Job and runs it again at every sync, changed or not; "
            "a running Job is killed",
            advice="argocd.argoproj.io/hook: PostSync    does the same explicitly; or make a second run harmless",
            label="runs at every sync",
        )
    else:
        yield s.hit(
            field,
            problem="Force=true deletes this Job and runs it again whenever its template changes, even a label",
            advice="Make a second run harmless.",
            label="runs again after a change",
        )


def suspended_under_gitops(s: Subject) -> Iterator[Hit]:
    """suspend: true, and a tool waits until the Job finishes."""
    if s.kind != "Job" or s.spec.get("suspend") is not True or QUEUE in as_dict(s.metadata.get("labels")):
        return
    annotations = s.annotations
    labels = as_dict(s.metadata.get("labels"))
    tool, _ = tool_of(s)
    if HELM_HOOK in annotations:
        result = "helm waits for the hook until its --timeout (5 minutes) and the release fails"
    elif ARGO_HOOK in annotations:
        result = "Argo CD waits for the hook indefinitely, and the sync never finishes"
    elif tool == "Argo CD":
        result = "the application's health stays Suspended, and later sync waves do not start"
    elif tool == "Flux":
        result = "a Kustomization with wait: true never becomes ready and times out"
    elif labels.get("app.kubernetes.io/managed-by") == "Helm":
        result = "helm upgrade --wait-for-jobs waits until its timeout and fails"
    else:
        return
    yield s.hit(f"{s.spec_at}.suspend", result=result)


def queue_label_ignored(s: Subject) -> Iterator[Hit]:
    """Kueue's labels in a place where Kueue ignores them."""
    meta = s.metadata
    at, good = "metadata", as_dict(meta.get("labels"))
    if s.kind == "CronJob":
        job_meta = as_dict(as_dict(as_dict(s.object.get("spec")).get("jobTemplate")).get("metadata"))
        at, good = "spec.jobTemplate.metadata", as_dict(job_meta.get("labels"))
    template = as_dict(as_dict(s.sent_spec.get("template")).get("metadata"))
    wrong: list[tuple[str, dict[str, Any], str]] = []
    for place, source in (("metadata", meta), (at, as_dict(as_dict(s.object.get("spec")).get("jobTemplate")).get("metadata"))):
        entries = as_dict(as_dict(source).get("annotations"))
        if entries:
            wrong.append((place + ".annotations", entries, "an annotation"))
        if s.kind == "Job":
            break
    if template:
        wrong.append((s.spec_at + ".template.metadata.labels", as_dict(template.get("labels")), "a label of the Pod template"))
        wrong.append(
            (s.spec_at + ".template.metadata.annotations", as_dict(template.get("annotations")), "an annotation of the Pods")
        )
    if s.kind == "CronJob":
        wrong.append(("metadata.labels", as_dict(meta.get("labels")), "a label of the CronJob"))
    for place, entries, what in wrong:
        for key in entries:
            if key in _KUEUE_LABELS and key not in good:
                yield s.hit(
                    f"{place}[{key}]",
                    part="key",
                    key=key,
                    what=what,
                    right=at,
                    value=entries[key],
                    effect=_without_kueue(s),
                    label_key=key,
                )
                return
    for place, entries in (("labels", good), ("annotations", as_dict(meta.get("annotations")))):
        for key in entries:
            if isinstance(key, str) and "kueue" in key and "queue" in key.replace("kueue", "") and key != QUEUE:
                if QUEUE in good:
                    continue
                near = key.replace("_", "-").lower()
                if near.startswith("kueue") and near.partition("/")[2] in (
                    *("queue", "queuename", "local-queue", "localqueue", "queue-names", "local-queue-name", "queue-name"),
                    *("cluster-queue", "clusterqueue", "queue_name"),
                ):
                    field = f"{at if place == 'labels' else 'metadata'}.{place}[{key}]"
                    yield s.hit(
                        field,
                        part="key",
                        key=key,
                        what="not a label of Kueue",
                        right=at,
                        value=entries[key],
                        effect=_without_kueue(s),
                        label_key=QUEUE,
                    )
                    return


def _without_kueue(s: Subject) -> str:
    """What happens to a Job that Kueue ignores."""
    if s.spec.get("suspend") is True:
        return "nobody resumes the Job: it stays suspended"
    return "the Job starts immediately, without any quota"


def kueue_admission(s: Subject) -> Iterator[Hit]:
    """A Job with a queue: Kueue suspends it; what Kueue then counts and admits."""
    meta = s.metadata if s.kind == "Job" else as_dict(as_dict(as_dict(s.object.get("spec")).get("jobTemplate")).get("metadata"))
    labels, annotations = as_dict(meta.get("labels")), as_dict(meta.get("annotations"))
    at = "metadata" if s.kind == "Job" else "spec.jobTemplate.metadata"
    least = annotations.get(_MIN_PARALLELISM)
    if isinstance(least, str):
        parallelism = s.spec.get("parallelism", 1)
        if not (least.isascii() and least.isdigit() and 0 < int(least[:12]) < parallelism):
            yield s.hit(
                f"{at}.annotations[{_MIN_PARALLELISM}]",
                problem=f"Kueue rejects the Job: {_MIN_PARALLELISM} is {least} and must be from 1 to {max(parallelism - 1, 1)}, "
                f"below parallelism {parallelism}",
                advice=f'{_MIN_PARALLELISM}: "{max(parallelism // 2, 1)}"    with parallelism: {max(parallelism, 2)}',
                severity="warning",
            )
    if not labels or QUEUE not in labels:
        return
    if s.spec.get("suspend") is not True:
        yield s.hit(
            f"{at}.labels[{QUEUE}]",
            problem=f'Kueue suspends this Job and resumes it when queue "{labels[QUEUE]}" has room; '
            "a cluster without Kueue runs it immediately",
            advice="suspend: true    makes this explicit; without Kueue the Job then waits until somebody resumes it",
        )
    if not any(as_dict(c.data.get("resources")).get("requests") for c in s.containers):
        yield s.hit(
            f"{at}.labels[{QUEUE}]",
            problem="No container has resource requests: Kueue counts requests, so this Job fits into every quota",
            advice='resources: {requests: {cpu: "1", memory: 1Gi}}',
            confidence="likely",
        )
