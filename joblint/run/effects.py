"""What an apply means in the user's world: what runs, what does not, what to do; knows objects and outcomes, no format.

Source of the behaviour: Kubernetes 1.36.3, pkg/controller/job and pkg/controller/cronjob; Helm, Argo CD and Flux
documentation on hooks, sync options and forced updates.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError

_RUNS_AGAIN = "to run it again, delete it first, or give it a new name (or generateName, with kubectl create)"


def effects(
    outcome: str, old: dict[str, Any] | None, new: dict[str, Any] | None, errors: tuple[ApiError, ...]
) -> tuple[str, ...]:
    """The effects of an outcome, most telling first. `old` and `new` are the manifests as sent; None where there is none."""
    current = new if new is not None else old
    if current is None:
        return ()
    kind = str(current.get("kind"))
    found: list[str] = []
    if outcome == "created":
        found += _created(kind, current)
    elif outcome == "unchanged":
        found += _unchanged(kind)
    elif outcome == "updated":
        found += _updated(kind, old or {}, current)
    elif outcome == "refused":
        found += _refused(kind, current, errors, old is not None)
    elif outcome == "removed":
        found += _removed(kind)
    return tuple(found + _tools(kind, current, outcome))


def _spec(value: dict[str, Any]) -> dict[str, Any]:
    spec = value.get("spec")
    return spec if isinstance(spec, dict) else {}


def _meta(value: dict[str, Any], part: str) -> dict[str, Any]:
    meta = value.get("metadata")
    found = meta.get(part) if isinstance(meta, dict) else None
    return found if isinstance(found, dict) else {}


def _created(kind: str, new: dict[str, Any]) -> list[str]:
    if _spec(new).get("suspend") is True:
        return ["it is suspended: nothing runs until suspend is set to false"]
    return ["it starts at once"] if kind == "Job" else ["its first Job starts when the schedule next comes round"]


def _unchanged(kind: str) -> list[str]:
    if kind == "Job":
        return [f"if this Job has finished it will not run again; {_RUNS_AGAIN}"]
    return ["it goes on as it was; Jobs that it has made are not touched"]


def _removed(kind: str) -> list[str]:
    words = ["kubectl apply leaves it in the cluster; delete it, or apply with --prune"]
    if kind == "CronJob":
        words.append("until then it goes on starting Jobs")
    return words


def _changed(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [k for k in dict.fromkeys([*old, *new]) if old.get(k) != new.get(k)]


def _value(value: Any) -> str:
    if value is None:
        return "not set"
    if value is True or value is False:
        return str(value).lower()
    return str(value) if isinstance(value, (int, str)) else "…"


_JOB_FIELDS = {
    "parallelism": "takes effect at once: Pods are started, or running ones deleted (they do not count as failed)",
    "completions": "takes effect at once; indexes that are no longer wanted are dropped",
    "backoffLimit": "counts from the failures so far; a Job that has already failed stays failed",
    "activeDeadlineSeconds": "counts from the Job's start, not from now: a Job that has run longer ends at once",
    "ttlSecondsAfterFinished": "counts from the Job's end: a finished Job that is older is deleted at once, with its logs",
    "maxFailedIndexes": "takes effect at once",
    "podReplacementPolicy": "holds for Pods that are deleted from now on",
}
_CRON_FIELDS = {
    "schedule": "the next start follows the new schedule; Jobs that run are not touched",
    "timeZone": "the next start follows the new time zone",
    "concurrencyPolicy": "holds from the next start on",
    "startingDeadlineSeconds": "holds from the next start on",
    "successfulJobsHistoryLimit": "applies at once: finished Jobs above it are deleted with their logs",
    "failedJobsHistoryLimit": "applies at once: finished Jobs above it are deleted with their logs",
    "jobTemplate": "holds for the next Job; those that it has made keep the old template",
}


def _updated(kind: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    was, now = _spec(old), _spec(new)
    table = _JOB_FIELDS if kind == "Job" else _CRON_FIELDS
    found = []
    for field in _changed(was, now):
        before, after = was.get(field), now.get(field)
        if field == "suspend":
            found.append(_suspend(kind, after is True))
        elif field == "template" and kind == "Job":
            found.append("the template of a suspended Job changes; its Pods get the new one when it is resumed")
        elif field == "jobTemplate" and field in table:
            found.append(f"jobTemplate: {table[field]}")
        elif field in table:
            found.append(f"{field} {_value(before)} → {_value(after)}: {table[field]}")
    if not found:
        found.append("only labels or annotations change: nothing runs because of it")
    if kind == "Job":
        found.append("a finished Job does not run again because of it")
    return found


def _suspend(kind: str, on: bool) -> str:
    if kind == "CronJob":
        if on:
            return "suspend: no further Job is started; those that run go on"
        return "resumed: the last start that was missed, if any, is made up for at once (within startingDeadlineSeconds)"
    if on:
        return "suspend: running Pods are deleted; they do not count as failed"
    return "resumed: Pods are started, and activeDeadlineSeconds counts from now, in full"


def _refused(kind: str, new: dict[str, Any], errors: tuple[ApiError, ...], live: bool) -> list[str]:
    meta = new.get("metadata")
    if isinstance(meta, dict) and meta.get("generateName") and not meta.get("name"):
        return ["kubectl apply cannot use generateName: use kubectl create, which makes a new Job each time"]
    if not live:
        return ["the API server does not take it: nothing is created"]
    fields = [e.field for e in errors]
    found = []
    if any(f.startswith(("spec.template", "spec.selector")) for f in fields):
        found.append(
            "a Job's template is immutable; helm upgrade fails here, too: use a hook, or a name with the image tag in it"
        )
    elif any("immutable" in e.message for e in errors):
        found.append("this field of a Job is immutable: delete the Job and make it anew, or give it a new name")
    if kind == "Job":
        found.append("kubectl replace --force deletes the Job, its Pods and logs, and runs it again")
    found.append("the live object stays as it is")
    return found


def _tools(kind: str, new: dict[str, Any], outcome: str) -> list[str]:
    """How Helm, Argo CD and Flux change the effect, by the annotations that the manifest carries."""
    notes = _meta(new, "annotations")
    labels = _meta(new, "labels")
    found = []
    if "helm.sh/hook" in notes:
        policy = str(notes.get("helm.sh/hook-delete-policy") or "before-hook-creation (Helm's default)")
        again = "before-hook-creation" in policy
        found.append(
            f"Helm does not apply hooks ({notes['helm.sh/hook']}): delete policy {policy} "
            + (
                "deletes the old one and creates it anew at each such step"
                if again
                else "keeps it, and the next creation fails: already exists"
            )
        )
    if "argocd.argoproj.io/hook" in notes:
        policy = str(notes.get("argocd.argoproj.io/hook-delete-policy") or "BeforeHookCreation (the default)")
        found.append(f"Argo CD makes hooks anew at each sync ({notes['argocd.argoproj.io/hook']}, delete policy {policy})")
    options = str(notes.get("argocd.argoproj.io/sync-options") or "")
    if "Replace=true" in options and "Force=true" in options:
        found.append("Argo CD deletes and makes it anew (Replace=true, Force=true) where it differs: the Job runs again")
    elif "Replace=true" in options and outcome == "refused":
        found.append(
            "Argo CD's Replace=true alone meets the same refusal; Force=true beside it deletes the Job and makes it anew"
        )
    if (
        str(notes.get("kustomize.toolkit.fluxcd.io/force", "")).lower() in ("enabled", "true")
        or str(labels.get("kustomize.toolkit.fluxcd.io/force", "")).lower() == "enabled"
    ):
        if outcome == "refused":
            found.append("Flux deletes it and makes it anew (force: enabled): the Job runs again")
    return found
