"""What an apply means for a person: what runs, what does not, what is lost; knows objects and outcomes, no format.

Source of the behaviour: Kubernetes 1.36.3, pkg/controller/job and pkg/controller/cronjob.
"""

from __future__ import annotations

from joblint.base.record import record
from joblint.run.diff.advice import refused_update
from joblint.run.diff.schedules import clock, late_start
from joblint.run.diff.tools import KUEUE, queue_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError
    from joblint.run.diff.changes import Options
    from joblint.run.diff.state import State
    from joblint.run.diff.tools import Way

_RUNS_AGAIN = "to run it again, delete it first, or give it a new name (or generateName, with kubectl create)"


@record
class Case:
    """One object and what becomes of it.

    `live` and `merged` are the object before and after, as the server stores it; None where there is none. `as_new` are the
    errors of NEW as a create. `exported`: `live` is a cluster's own. `guessed`: nobody knows who owns its fields.
    `unapplied`: kubectl's client-side apply did not make the live object.
    """

    kind: str
    outcome: str
    new: dict[str, Any]
    live: dict[str, Any] | None
    merged: dict[str, Any] | None
    errors: tuple[ApiError, ...]
    as_new: tuple[ApiError, ...]
    state: State
    way: Way
    options: Options
    namespace: str
    exported: bool = False
    guessed: bool = False
    unapplied: bool = False


def unsent_effects(case: Case) -> tuple[str, ...]:
    """The effects where kubectl does not send the object at all."""
    metadata = case.new.get("metadata")
    if isinstance(metadata, dict) and metadata.get("generateName") and not metadata.get("name"):
        return ("kubectl apply cannot use generateName: use kubectl create, which makes a new Job each time",)
    return ("kubectl does not send it: nothing changes",)


def effects(case: Case) -> tuple[str, ...]:
    """The effects of an outcome, most telling first."""
    found: list[str] = []
    if case.outcome == "created":
        found += _created(case)
    elif case.outcome == "recreated":
        found += _recreated(case)
    elif case.outcome == "unchanged":
        found += _unchanged(case)
    elif case.outcome in ("updated", "applied"):
        found += _updated(case)
    elif case.outcome == "conflict":
        found += _conflict(case)
    elif case.outcome == "refused":
        found += _refused(case)
    return tuple(found + _tool(case) + _owners(case))


def removed(kind: str) -> tuple[str, ...]:
    """The effects of an object that NEW does not hold."""
    words = ["kubectl apply leaves it in the cluster; delete it, or apply with --prune"]
    if kind == "CronJob":
        words.append("until then it goes on starting Jobs")
    return tuple(words)


def _spec(value: dict[str, Any] | None) -> dict[str, Any]:
    spec = value.get("spec") if value is not None else None
    return spec if isinstance(spec, dict) else {}


def _created(case: Case) -> list[str]:
    if _spec(case.new).get("suspend") is True:
        return ["it is suspended: nothing runs until suspend is set to false"]
    return ["it starts at once"] if case.kind == "Job" else ["its first Job starts when the schedule next comes round"]


def _recreated(case: Case) -> list[str]:
    way = case.way
    if case.kind == "CronJob":
        return [
            f"{way.tool} deletes the CronJob with its Jobs, their Pods and logs, and creates it again ({way.said})",
            "its first Job starts when the schedule next comes round",
        ]
    found = [f"{way.tool} deletes the Job, its Pods and logs, and creates it again ({way.said})"]
    return [*found, "it runs from the start" if case.state.finished else "it runs from the start; one that still runs is stopped"]


def _unchanged(case: Case) -> list[str]:
    if case.kind == "CronJob":
        return ["it goes on as it was; Jobs that it has made are not touched"]
    if case.state.finished:
        return [f"the Job is finished ({case.state.finished}) and will not run again; {_RUNS_AGAIN}"]
    if case.state.known:
        return ["the Job goes on as it was"]
    return [f"if this Job has finished it will not run again; {_RUNS_AGAIN}"]


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
    "ttlSecondsAfterFinished": "counts from the Job's end: a finished Job that is older is deleted at once with its logs",
    "maxFailedIndexes": "takes effect at once",
    "podReplacementPolicy": "holds for Pods that are deleted from now on",
}
_CRON_FIELDS = {
    "schedule": "the next start follows the new schedule; Jobs that run are not touched",
    "timeZone": "the next start follows the new time zone",
    "concurrencyPolicy": "holds from the next start on",
    "startingDeadlineSeconds": "holds from the next start on",
    "successfulJobsHistoryLimit": "applies at once: finished Jobs above it are deleted with their Pods and logs",
    "failedJobsHistoryLimit": "applies at once: finished Jobs above it are deleted with their Pods and logs",
    "jobTemplate": "holds for the next Job; those that it has made keep the old template",
}


def _updated(case: Case) -> list[str]:
    was, now = _spec(case.live), _spec(case.merged)
    table = _JOB_FIELDS if case.kind == "Job" else _CRON_FIELDS
    late = _late(case, case.live, case.merged) if case.kind == "CronJob" and case.live and case.merged else []
    found = list(late)
    for field in _changed(was, now):
        before, after = was.get(field), now.get(field)
        if field == "suspend":
            found.append(_suspend(case, after is True))
        elif field == "template" and case.kind == "Job":
            found.append("the template of a suspended Job changes; its Pods get the new one when it is resumed")
        elif field == "jobTemplate" and field in table:
            found.append(f"jobTemplate: {table[field]}")
        elif field in ("schedule", "timeZone") and late:
            found.append(f"{field} {_value(before)} → {_value(after)}: the starts after that follow it")
        elif field in table:
            found.append(f"{field} {_value(before)} → {_value(after)}: {_particular(case, field, after) or table[field]}")
    if not found:
        found.append(_nothing(case))
    if case.unapplied and case.outcome == "updated":
        found.append("kubectl apply did not make the live object: what NEW leaves out stays as it is (kubectl warns of that)")
    if case.kind == "Job":
        if case.state.finished:
            found.append(f"the Job is finished ({case.state.finished}): it does not run again because of it")
        elif not case.state.known:
            found.append("a finished Job does not run again because of it")
    return found


def _nothing(case: Case) -> str:
    if case.live is not None and case.merged is not None:
        before, after = case.live["metadata"], case.merged["metadata"]
        if all((before.get(part) or {}) == (after.get(part) or {}) for part in ("labels", "annotations")):
            if case.outcome == "applied":
                return "nothing changes; kubectl says serverside-applied all the same"
            return (
                "nothing changes on the server: the file says the same in other words. "
                "kubectl says configured, since it keeps the file in an annotation"
            )
    return "only labels or annotations change: nothing runs because of it"


def _particular(case: Case, field: str, after: Any) -> str:
    """What a changed limit does to this very Job, where its status tells."""
    state, at = case.state, case.options.at
    if not isinstance(after, int):
        return ""
    if field == "ttlSecondsAfterFinished" and state.finished_at is not None:
        gone = state.finished_at + after
        when = "at once" if gone <= at else f"at {clock(gone, at)}"
        return f"the Job finished at {clock(state.finished_at, at)}: it is deleted {when}, with its Pods and logs"
    if field == "activeDeadlineSeconds" and state.started_at is not None and not state.finished:
        end = state.started_at + after
        when = "at once" if end <= at else f"at {clock(end, at)}"
        return f"the Job started at {clock(state.started_at, at)}: it is ended {when} (DeadlineExceeded)"
    if field == "backoffLimit" and state.known and not state.finished and state.failed > after:
        return f"{state.failed} Pods have failed: the Job fails at once"
    return ""


def _late(case: Case, live: dict[str, Any], merged: dict[str, Any]) -> list[str]:
    at = case.options.at
    late = late_start(live, merged, at, case.exported)
    if late is None:
        return []
    when = f"applied at {clock(at, at)}, " if not late.at_once else ""
    comes = "at once" if late.at_once else f"at {clock(late.comes - late.comes % 60, at)}"
    whose = "the" if case.exported else "the old schedule's"
    why = f"{whose} last start was {clock(late.last, at)}"
    words = f"{when}the start of {clock(late.due, at)} counts as missed ({why}): it is made up for {comes}"
    if not late.at_once:
        words += ", or at once if the controller looks earlier (it restarts, or the CronJob changes once more)"
    return [words, f"startingDeadlineSeconds below {int(late.comes - late.due)} keeps it from starting so late"]


def _suspend(case: Case, on: bool) -> str:
    if case.kind == "CronJob":
        if on:
            return "suspend: no further Job is started; those that run go on"
        moved = _spec(case.live).get("schedule") != _spec(case.merged).get("schedule")
        if moved:
            return "resumed: the next Job starts by the new schedule"
        return "resumed: the last start that was missed, if any, is made up for at once (within startingDeadlineSeconds)"
    if on:
        return "suspend: running Pods are deleted; they do not count as failed"
    return "resumed: Pods are started, and activeDeadlineSeconds counts from now, in full"


def _conflict(case: Case) -> list[str]:
    whose = dict.fromkeys(error.message.removeprefix("conflict with ").split(" using ")[0].strip('"') for error in case.errors)
    fields = ", ".join(error.field for error in case.errors[:3]) + (", …" if len(case.errors) > 3 else "")
    return [
        "nothing changes: the live object stays as it is",
        f"leave {fields} out of the manifest, and {' and '.join(whose)} keeps it",
        "or apply with --force-conflicts: the values of the manifest hold, and the other manager loses the field",
    ]


def _refused(case: Case) -> list[str]:
    if case.way.again == "always":
        if case.live is None:
            return [f"{case.way.tool} creates nothing"]
        words = f"{case.way.tool} deletes the {case.kind}, its Pods and logs before it creates it again ({case.way.said})"
        return [f"{words}: the old one is gone, and the new one is refused"]
    if case.live is None:
        return ["the API server does not accept it: nothing is created"]
    if any(error.type == "Strict" for error in case.errors):
        return [
            "kubectl asks the server to refuse unknown fields; with --validate=false they are dropped",
            f"the live {case.kind} stays as it is",
        ]
    if any(error.field == "metadata.uid" for error in case.errors):
        return ["take uid out of the manifest: it is of another object", f"the live {case.kind} stays as it is"]
    if any(error.field == "metadata.resourceVersion" for error in case.errors):
        return [
            "take resourceVersion out of the manifest: it stands for another state of the object",
            f"the live {case.kind} stays as it is",
        ]
    return list(refused_update(case.kind, case.new, case.errors, case.as_new, case.state, case.namespace))


def _tool(case: Case) -> list[str]:
    way = case.way
    if way.creates and case.outcome == "refused":
        return [f"Helm only creates hooks ({way.said}); {way.note}"]
    if way.replaces:
        words = f"Argo CD replaces it ({way.said})"
        if case.outcome == "refused" and case.kind == "Job" and case.live is not None:
            return [
                f"{words}: a manifest lacks the selector and labels that the server gave the Job, so every replace is refused",
                "with Force=true beside Replace=true Argo CD deletes the Job, its Pods and logs, and creates it again",
            ]
        return [f"{words}: what the manifest leaves out gets its default"]
    return [way.note] if way.note else []


def _owners(case: Case) -> list[str]:
    found = []
    if case.guessed:
        found.append(
            "OLD does not tell who owns its fields, so conflicts are not seen: export it with kubectl get -o yaml "
            "--show-managed-fields"
        )
    suspend = _spec(case.new).get("suspend")
    if case.kind == "Job" and queue_of(case.new) and isinstance(suspend, bool) and not case.exported:
        if case.options.server_side and case.outcome == "applied":
            found.append(
                f"Kueue owns .spec.suspend of an admitted Job (label {KUEUE}): the apply is a conflict then. "
                "Leave suspend out of the manifest: Kueue's webhook sets it"
            )
        elif suspend and case.outcome in ("updated", "unchanged"):
            found.append(
                f"Kueue resumes the Job when it is admitted (label {KUEUE}): suspend: true in the manifest then suspends it "
                "again. Leave suspend out: Kueue's webhook sets it"
            )
    return found
