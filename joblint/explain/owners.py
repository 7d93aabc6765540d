"""What the owner of a Job does with it: how many there are, when they start, what ends the whole, what is kept; knows nothing
about Job.

Sources: JobSet 0.12 (api/jobset/v1alpha2/jobset_types.go, pkg/controllers/failure_policy.go, success_policy.go, depends_on.go,
jobset_controller.go); KEDA 2.20 (pkg/scaling/executor/scale_jobs.go, pkg/scaling/scaledjob/metrics.go,
apis/keda/v1alpha1/scaledjob_types.go, controllers/keda/scaledjob_controller.go); Argo Workflows 4.1
(workflow/executor/resource.go, WaitResource and matchConditions; workflow/controller/operator.go, executeResource).
"""

from __future__ import annotations

from joblint.base.durations import show_duration as duration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Notes = tuple[tuple[str, str], ...]

OWNERS = ("JobSet", "ScaledJob")
"""Kinds that create Jobs, and decide how many there are and how long they are kept."""

_WORKFLOWS = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")

OF_JOBS_ALONE = ("applied again", "what is kept")
"""The titles of notes that apply to Jobs that users apply, not to those that an owner creates."""

_MANAGER = "jobset.sigs.k8s.io/jobset-controller"
"""The value of managedBy that stands for the JobSet controller."""

_POLLING, _MOST_JOBS, _HISTORY = 30, 100, 100
"""KEDA's defaults: seconds between two queries of the triggers, Jobs at a time, finished Jobs of each kind."""


_FALSE = ("0", "f", "F", "FALSE", "false", "False")
"""What Go's strconv.ParseBool reads as false; anything else pauses a ScaledJob."""


def owner_notes(value: dict[str, Any], number: int) -> Notes:
    """Return the notes on an owner, for the Job in the item of that number of its list (replicatedJobs, templates)."""
    if value.get("kind") == "JobSet":
        return tuple(_of_job_set(value, number))
    if value.get("kind") in _WORKFLOWS:
        return tuple(_of_workflow(value, number))
    return tuple(_of_scaled_job(value)) if value.get("kind") == "ScaledJob" else ()


def _of_workflow(value: dict[str, Any], number: int) -> Iterator[tuple[str, str]]:
    spec = _mapping(value.get("spec"))
    spec = _mapping(spec.get("workflowSpec")) if value.get("kind") == "CronWorkflow" else spec
    templates = _list(spec.get("templates"))
    resource = _mapping(_mapping(templates[number]).get("resource")) if number < len(templates) else {}
    if not isinstance(resource.get("manifest"), str):
        return
    succeeds, fails = resource.get("successCondition"), resource.get("failureCondition")
    if not succeeds:
        once = ", unless it then matches the failureCondition" if fails else ""
        yield (
            "workflow step",
            f"succeeds once the Job is created, without waiting for its end (successCondition is not set){once}",
        )
    elif not fails:
        yield "workflow step", f"succeeds with {succeeds}; a Job that fails keeps it waiting (failureCondition is not set)"
    else:
        yield "workflow step", f"succeeds with {succeeds}, fails with {fails}"
    if resource.get("setOwnerReference") is True:
        yield "Job kept", "deleted with the Workflow (setOwnerReference)"
    else:
        yield "Job kept", "also after the Workflow is deleted (setOwnerReference is not set)"


def job_name(value: dict[str, Any], number: int) -> str:
    """Return the name of the first Job that is created; "" if the API server generates it."""
    groups = _list(_mapping(value.get("spec")).get("replicatedJobs"))
    if value.get("kind") != "JobSet" or number >= len(groups) or not isinstance(groups[number], dict):
        return ""
    return f"{_name(value)}-{groups[number].get('name') or '?'}-0"


def _of_job_set(value: dict[str, Any], number: int) -> Iterator[tuple[str, str]]:
    spec, name = _mapping(value.get("spec")), _name(value)
    groups = [group for group in _list(spec.get("replicatedJobs")) if isinstance(group, dict)]
    if number >= len(groups):
        return
    group = groups[number]
    own, count = str(group.get("name") or "?"), _count(group.get("replicas"), 1)
    made = f"{name}-{own}-0" if count == 1 else f"{name}-{own}-0 to {name}-{own}-{count - 1}"
    yield "created by", f"JobSet {name}: {count} Job{'' if count == 1 else 's'} ({made})"
    manager = spec.get("managedBy")
    if isinstance(manager, str) and manager != _MANAGER:
        yield "managed by", f"{manager}: the JobSet controller does nothing with this JobSet"
    if spec.get("suspend") is True:
        yield "suspended", "the JobSet is suspended: its Jobs are created suspended, and run once suspend is false"
    started = _started(spec, groups, number)
    if started:
        yield "starts", started
    yield "JobSet complete", _completed(_mapping(spec.get("successPolicy")), groups)
    yield from _failed(spec.get("failurePolicy"))
    ttl = spec.get("ttlSecondsAfterFinished")
    kept = f"deleted with its Jobs, Pods and logs {duration(ttl)} after it finishes" if isinstance(ttl, int) else ""
    soon = _mapping(_mapping(group.get("template")).get("spec")).get("ttlSecondsAfterFinished")
    if isinstance(soon, int) and (len(groups) > 1 or count > 1):
        yield (
            "runs again",
            (
                f"ttlSecondsAfterFinished of the Job deletes it {duration(soon)} after it finishes; a JobSet that has "
                "not finished creates the Job again"
            ),
        )
    yield "JobSet kept", kept or "with its Jobs until somebody deletes it (ttlSecondsAfterFinished of the JobSet is not set)"


def _started(spec: dict[str, Any], groups: list[dict[str, Any]], number: int) -> str:
    after = [
        f"{'all Jobs of ' + str(d.get('name'))} {'have completed' if d.get('status') == 'Complete' else 'are ready'}"
        for d in _list(groups[number].get("dependsOn"))
        if isinstance(d, dict)
    ]
    if after:
        return f"once {' and '.join(after)} (dependsOn)"
    if _mapping(spec.get("startupPolicy")).get("startupPolicyOrder") == "InOrder" and number:
        return f"once all Pods of {groups[number - 1].get('name')} are ready (startupPolicy InOrder)"
    return ""


def _completed(policy: dict[str, Any], groups: list[dict[str, Any]]) -> str:
    wanted = [name for name in _list(policy.get("targetReplicatedJobs")) if isinstance(name, str)]
    named = f" of {' and '.join(wanted)}" if wanted else ""
    left = "; Jobs that still run are then deleted"
    if policy.get("operator") == "Any":
        return f"as soon as one Job{named} completes (successPolicy Any){left}"
    counts = [_count(g.get("replicas"), 1) for g in groups if not wanted or g.get("name") in wanted]
    jobs = f"{sum(counts)} Job{'' if sum(counts) == 1 else 's'}{named}"
    return f"when {'all ' if sum(counts) > 1 else ''}{jobs} {'has' if sum(counts) == 1 else 'have'} completed" + (
        left if wanted else ""
    )


_COUNTED, _GATED = ("RestartJobSet", "RestartJob"), ("RestartJob", "RestartJobAndIgnoreMaxRestarts")
"""The actions that count towards maxRestarts, and those of a feature gate that is off by default (RestartJob, JobSet 0.12)."""

_ACTIONS = {
    "FailJobSet": "the JobSet fails immediately",
    "RestartJobSet": "all Jobs are created again, which counts towards maxRestarts",
    "RestartJobSetAndIgnoreMaxRestarts": "all Jobs are created again, however often",
    "RestartJob": "only that Job is created again, which counts towards maxRestarts",
    "RestartJobAndIgnoreMaxRestarts": "only that Job is created again, however often",
}


def _failed(policy: Any) -> Iterator[tuple[str, str]]:
    left = "; Jobs that still run are then deleted"
    if not isinstance(policy, dict):
        yield "JobSet failed", f"as soon as one of its Jobs fails (no failurePolicy){left}"
        return
    most = _count(policy.get("maxRestarts"), 0)
    rules = [rule for rule in _list(policy.get("rules")) if str(_mapping(rule).get("action")) in _ACTIONS]
    for rule in rules:
        does = _ACTIONS[rule["action"]]
        if rule["action"] in _COUNTED and not most:
            does = "the JobSet fails, since maxRestarts is 0"
        if rule["action"] in _GATED:
            does += " (JobSet 0.12 with the feature gate RestartJob; without it, the webhook rejects the JobSet)"
        yield "failure rule", f"if a Job{_matched(rule)}: {does}"
    if rules and _matched(rules[-1]) == " fails" and rules[-1]["action"] not in _COUNTED:
        return
    other = "otherwise " if rules else ""
    if not most:
        yield "JobSet failed", f"{other}with the first Job that fails (maxRestarts 0){left}"
        return
    times = "once" if most == 1 else f"up to {most} times"
    together = any(rule["action"] == _GATED[0] for rule in rules)  # both kinds of restarts count towards one limit
    if together and _matched(rules[-1]) == " fails":
        counted = "1 restart that counts" if most == 1 else f"{most} restarts that count"
        yield "JobSet failed", f"with the first failure after {counted} (maxRestarts, of all Jobs together){left}"
        return
    again = f"{other}if a Job fails, all Jobs are deleted and created again, {times} (maxRestarts)"
    if policy.get("restartStrategy") == "BlockingRecreate":
        again += ", once all old Jobs and their Pods are gone (restartStrategy BlockingRecreate)"
    if together:
        again += "; restarts of single Jobs count towards the same limit"
    yield "JobSet failed", f"{again}; with the next failure the JobSet fails"


def _matched(rule: dict[str, Any]) -> str:
    """Which failures of which Jobs a rule matches, in words; " fails" for every failure."""
    reasons, of, patterns = (
        [str(item) for item in _list(rule.get(key))]
        for key in ("onJobFailureReasons", "targetReplicatedJobs", "onJobFailureMessagePatterns")
    )
    words = f" of {' or '.join(of)}" if of else ""
    words += f" fails with {' or '.join(reasons)}" if reasons else " fails"
    quoted = " or ".join([f'"{pattern}"' for pattern in patterns])
    return words + (f", with a message that matches {quoted}" if patterns else "")


def _of_scaled_job(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    spec, name = _mapping(value.get("spec")), _name(value)
    most = _count(spec.get("maxReplicaCount"), _MOST_JOBS)
    least = _count(spec.get("minReplicaCount"), 0)
    least = min(least, most) if "maxReplicaCount" in spec else least
    told = f"{most}" if "maxReplicaCount" in spec else f"{most}, the default"
    polled = duration(_count(spec.get("pollingInterval"), _POLLING))
    yield (
        "created by",
        f"ScaledJob {name}: every {polled} (pollingInterval) KEDA queries the triggers and creates Jobs, at most {told} at a time"
        + (f", at least {least} (minReplicaCount)" if least else ""),
    )
    annotations = _mapping(_mapping(value.get("metadata")).get("annotations"))
    paused = annotations.get("autoscaling.keda.sh/paused")
    if paused is not None and str(paused) not in _FALSE:
        yield "paused", "autoscaling.keda.sh/paused: no Jobs are created; running Jobs continue"
    yield "how many", _strategy(_mapping(spec.get("scalingStrategy")), most, len(_list(spec.get("triggers"))))
    yield "if a Job fails", "it no longer counts as running: while the trigger still counts its work, KEDA creates the next Job"
    done, failed = (spec.get(f"{which}JobsHistoryLimit") for which in ("successful", "failed"))
    kept = f"the last {_history(done)} completed and {_history(failed)} failed ones"
    yield "Jobs kept", f"{kept}; others are deleted with their Pods and logs, failed ones in no particular order"
    yield "changed", _rollout(spec)


def _rollout(spec: dict[str, Any]) -> str:
    chosen = spec.get("rolloutStrategy") or _mapping(spec.get("rollout")).get("strategy")
    if chosen == "gradual":
        return "Jobs of the old version continue, and only new ones follow the change (rollout gradual)"
    default = "" if chosen else ", the default"
    return f"KEDA deletes all Jobs of the old version, running and finished ones (rollout immediate{default})"


def _strategy(strategy: dict[str, Any], most: int, triggers: int) -> str:
    chosen, wanted = strategy.get("strategy"), "the queue length divided by the trigger's target"
    if triggers > 1:
        of = {"min": "shortest", "avg": "average", "sum": "total"}.get(str(strategy.get("multipleScalersCalculation")), "longest")
        wanted = f"the {of} queue length of the {triggers} triggers, each divided by its target"
    if chosen == "accurate":
        return f"strategy accurate: {wanted}, minus the Jobs with pending Pods, up to {most} running Jobs"
    if chosen == "eager":
        return f"strategy eager: {wanted}, but no more than {most} minus the running and the pending Jobs"
    if chosen == "custom" and _number(strategy.get("customScalingRunningJobPercentage")):
        less, part = strategy.get("customScalingQueueLengthDeduction", 0), strategy["customScalingRunningJobPercentage"]
        over = "" if float(part) >= 1 else f"; more than {most} may run at a time"
        return f"strategy custom: {wanted}, up to {most}, minus {less} and {part} of the running Jobs{over}"
    return f"strategy default: {wanted}, up to {most}, minus the running Jobs"


def _number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _history(value: Any) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else f"{_HISTORY} (default)"


def _count(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default


def _name(value: dict[str, Any]) -> str:
    name = _mapping(value.get("metadata")).get("name")
    return name if isinstance(name, str) else "?"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
