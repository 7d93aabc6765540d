"""What an apply means for a person: what runs, what does not, what is lost; knows objects and outcomes, no format.

Source of the behavior: Kubernetes 1.36.3, pkg/controller/job and pkg/controller/cronjob.
"""

from __future__ import annotations

from joblint.api.apply.tools import KUEUE, queue_of
from joblint.api.validate.meta.object import IMMUTABLE
from joblint.run.diff.advice import refused_update
from joblint.run.diff.case import Case, spec_of
from joblint.run.diff.updates import updated
from joblint.run.diff.which import changed_fields

_RUNS_AGAIN = "to run it again, delete it first or rename it (or use generateName with kubectl create)"


def unsent_effects(case: Case) -> tuple[str, ...]:
    """Return the effects if kubectl does not send the object at all."""
    metadata = case.new.get("metadata")
    if isinstance(metadata, dict) and metadata.get("generateName") and not metadata.get("name"):
        return ("kubectl apply cannot use generateName: use kubectl create, which creates a new Job each time",)
    return ("kubectl does not send it: nothing changes",)


def effects(case: Case) -> tuple[str, ...]:
    """Return the effects of an outcome, most important first."""
    found: list[str] = []
    if case.outcome == "created":
        found += _created(case)
    elif case.outcome == "recreated":
        found += _recreated(case)
    elif case.outcome == "unchanged":
        found += _unchanged(case)
    elif case.outcome in ("updated", "applied"):
        found += updated(case)
    elif case.outcome == "conflict":
        found += _conflict(case)
    elif case.outcome == "refused":
        found += _refused(case)
    return tuple(found + _tool(case) + _owners(case))


def removed(kind: str) -> tuple[str, ...]:
    """Return the effects of an object that is not in NEW."""
    words = ["kubectl apply leaves it in the cluster; delete it, or apply with --prune"]
    if kind == "CronJob":
        words.append("until it is deleted, it continues to start Jobs")
    return tuple(words)


def _created(case: Case) -> list[str]:
    if spec_of(case.new).get("suspend") is True:
        return ["it is suspended: nothing runs until suspend is set to false"]
    return ["it starts immediately"] if case.kind == "Job" else ["its first Job starts at the next scheduled time"]


def _recreated(case: Case) -> list[str]:
    way = case.way
    if case.kind == "CronJob":
        return [
            f"{way.tool} deletes the CronJob with its Jobs, their Pods and logs, and creates it again ({way.said})",
            "its first Job starts at the next scheduled time",
        ]
    found = [f"{way.tool} deletes the Job, its Pods and logs, and creates it again ({way.said})"]
    return [
        *found,
        "it runs from the start" if case.state.finished else "it runs from the start; if the old Job is running, it is stopped",
    ]


def _unchanged(case: Case) -> list[str]:
    if case.kind == "CronJob":
        return ["the CronJob and its Jobs are not changed"]
    if case.state.finished:
        return [f"the Job is finished ({case.state.finished}) and will not run again; {_RUNS_AGAIN}"]
    if case.state.known:
        return ["the Job continues unchanged"]
    return [f"if this Job has finished, it will not run again; {_RUNS_AGAIN}"]


def _conflict(case: Case) -> list[str]:
    whose = dict.fromkeys(str(error.value) for error in case.errors)
    fields = ", ".join(error.field for error in case.errors[:3]) + (", …" if len(case.errors) > 3 else "")
    return [
        "the live object is not changed",
        f"to let {' and '.join(whose)} keep the field, remove {fields} from the manifest",
        "or apply with --force-conflicts: the manifest's values are set, and kubectl takes over ownership of the field",
    ]


def _refused(case: Case) -> list[str]:
    if case.way.again == "always":
        if case.live is None:
            return [f"{case.way.tool} creates nothing"]
        words = f"{case.way.tool} first deletes the {case.kind}, its Pods and logs ({case.way.said})"
        return [f"{words}: then the API server rejects the new one, and nothing is left"]
    unchanged = f"the live {case.kind} is not changed"
    if case.live is None:
        return ["the API server rejects it: nothing is created"]
    if any(error.type == "Strict" for error in case.errors):
        return ["kubectl requests strict validation of field names; with --validate=false they are dropped", unchanged]
    if any(error.field == "metadata.uid" for error in case.errors):
        return ["remove uid from the manifest: it belongs to another object", unchanged]
    if any(error.field == "metadata.resourceVersion" for error in case.errors):
        return ["remove resourceVersion from the manifest: it belongs to another revision of the object", unchanged]
    advice = refused_update(case.kind, case.new, case.errors, case.as_new, case.state, case.namespace)
    fields = [error.field for error in case.errors if error.detail == IMMUTABLE]
    if case.kind != "Job" or "spec.template" not in fields or case.merged is None:
        return list(advice)
    changed = changed_fields(spec_of(case.live).get("template"), spec_of(case.merged).get("template"), "spec.template")
    return [*([f"the change: {changed}"] if changed else []), *advice]


def _tool(case: Case) -> list[str]:
    way = case.way
    if way.creates and case.outcome == "refused":
        return [f"Helm only creates hooks ({way.said}); {way.note}"]
    if way.replaces:
        words = f"Argo CD replaces it ({way.said})"
        if case.outcome == "refused" and case.kind == "Job" and case.live is not None:
            return [
                f"{words}: the manifest does not contain the generated selector and labels, so the replace is rejected",
                "with Force=true in addition to Replace=true, Argo CD deletes the Job, its Pods and logs, and creates it again",
            ]
        return [f"{words}: fields that the manifest leaves out get their defaults"]
    return [way.note] if way.note else []


def _owners(case: Case) -> list[str]:
    found = []
    if case.guessed:
        found.append(
            "OLD does not show who owns its fields, so conflicts cannot be detected: export it with "
            "kubectl get -o yaml --show-managed-fields"
        )
    if case.later:
        error = case.later[0]
        found.append(
            "kubectl takes over the fields of its client-side apply, but cannot remove what NEW leaves out "
            f"({error.field}: {error.detail}): kubectl warns, and retries at each apply"
        )
    suspend = spec_of(case.new).get("suspend")
    if case.kind == "Job" and queue_of(case.new) and isinstance(suspend, bool) and not case.exported:
        if case.options.server_side and case.outcome == "applied":
            found.append(
                f"Kueue owns .spec.suspend of an admitted Job (label {KUEUE}): the apply then ends in a conflict. "
                "Remove suspend from the manifest: Kueue's webhook sets it"
            )
        elif suspend and case.outcome in ("updated", "unchanged"):
            found.append(
                f"Kueue resumes the Job when it admits it (label {KUEUE}); then suspend: true in the manifest suspends it "
                "again. Remove suspend: Kueue's webhook sets it"
            )
    return found
