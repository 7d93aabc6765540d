"""What the owner of a Job does with it: how many there are, when they start, what ends the whole, what is kept; knows no Job.

Sources: JobSet 0.10 (api/jobset/v1alpha2/jobset_types.go, pkg/controllers/failure_policy.go, success_policy.go,
jobset_controller.go); KEDA 2.17 (pkg/scaling/executor/scale_jobs.go, apis/keda/v1alpha1/scaledjob_types.go, and its
documentation, "ScaledJob specification"); Argo Workflows 3.7 (workflow/executor/resource.go, matchConditions).
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

_POLLING, _MOST_JOBS, _HISTORY = 30, 100, 100
"""KEDA's defaults: seconds between two queries of the triggers, Jobs at a time, finished Jobs of each kind."""


def owner_notes(value: dict[str, Any], number: int) -> Notes:
    """Return the notes on an owner, for the Job at that place among its Jobs."""
    if value.get("kind") == "JobSet":
        return tuple(_of_job_set(value, number))
    if value.get("kind") in _WORKFLOWS:
        return tuple(_of_workflow(value, number))
    return tuple(_of_scaled_job(value)) if value.get("kind") == "ScaledJob" else ()


def _of_workflow(value: dict[str, Any], number: int) -> Iterator[tuple[str, str]]:
    spec = _mapping(value.get("spec"))
    spec = _mapping(spec.get("workflowSpec")) if value.get("kind") == "CronWorkflow" else spec
    resources = [_mapping(_mapping(template).get("resource")) for template in _list(spec.get("templates"))]
    resources = [r for r in resources if isinstance(r.get("manifest"), str) and "kind" in r["manifest"]]
    if number >= len(resources):
        return
    succeeds, fails = resources[number].get("successCondition"), resources[number].get("failureCondition")
    if not succeeds:
        yield "workflow step", "succeeds once the Job is created, without waiting for its end (successCondition is not set)"
    elif not fails:
        yield "workflow step", f"succeeds with {succeeds}; a Job that fails keeps it waiting (failureCondition is not set)"
    else:
        yield "workflow step", f"succeeds with {succeeds}, fails with {fails}"


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
    if spec.get("suspend") is True:
        yield "suspended", "the JobSet is suspended: its Jobs are created suspended, and run once suspend is false"
    started = _started(spec, groups, number)
    if started:
        yield "starts", started
    yield "JobSet complete", _completed(_mapping(spec.get("successPolicy")), groups)
    yield from _failed(spec.get("failurePolicy"))
    ttl = spec.get("ttlSecondsAfterFinished")
    kept = f"deleted with its Jobs, Pods and logs {duration(ttl)} after it finishes" if isinstance(ttl, int) else ""
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


_ACTIONS = {
    "FailJobSet": "the JobSet fails immediately",
    "RestartJobSet": "all Jobs are created again, which counts towards maxRestarts",
    "RestartJobSetAndIgnoreMaxRestarts": "all Jobs are created again, however often",
    "RestartJob": "only that Job is created again, which counts towards maxRestarts",
    "RestartJobAndIgnoreMaxRestarts": "only that Job is created again, however often",
}


def _failed(policy: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(policy, dict):
        yield "JobSet failed", "as soon as one of its Jobs fails (no failurePolicy); the other Jobs are then deleted"
        return
    for rule in _list(policy.get("rules")):
        if isinstance(rule, dict) and rule.get("action") in _ACTIONS:
            reasons = [str(r) for r in _list(rule.get("onJobFailureReasons"))]
            of = [str(r) for r in _list(rule.get("targetReplicatedJobs"))]
            when = (f" of {' or '.join(of)}" if of else "") + (f" fails with {' or '.join(reasons)}" if reasons else " fails")
            yield "failure rule", f"if a Job{when}: {_ACTIONS[rule['action']]}"
    most = _count(policy.get("maxRestarts"), 0)
    if not most:
        yield "JobSet failed", "with the first Job that fails (maxRestarts 0); the other Jobs are then deleted"
        return
    times = "once" if most == 1 else f"up to {most} times"
    rest = "otherwise, if" if _list(policy.get("rules")) else "if"
    again = f"all Jobs are deleted and created again, {times} (maxRestarts)"
    yield "JobSet failed", f"{rest} a Job fails, {again}; with the next failure the JobSet fails"


def _of_scaled_job(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    spec, name = _mapping(value.get("spec")), _name(value)
    least = _count(spec.get("minReplicaCount"), 0)
    most = _count(spec.get("maxReplicaCount"), _MOST_JOBS)
    told = f"{most}" if "maxReplicaCount" in spec else f"{most}, the default"
    polled = duration(_count(spec.get("pollingInterval"), _POLLING))
    yield (
        "created by",
        f"ScaledJob {name}: every {polled} (pollingInterval) KEDA queries the triggers and creates Jobs, at most {told} at a time"
        + (f", at least {min(least, most)} (minReplicaCount)" if least else ""),
    )
    annotations = _mapping(_mapping(value.get("metadata")).get("annotations"))
    if str(annotations.get("autoscaling.keda.sh/paused")).lower() == "true":
        yield "paused", "autoscaling.keda.sh/paused: no Jobs are created; running Jobs continue"
    yield "how many", _strategy(_mapping(spec.get("scalingStrategy")), most)
    yield "if a Job fails", "it no longer counts as running: while the trigger still counts its work, KEDA creates the next Job"
    done, failed = (spec.get(f"{which}JobsHistoryLimit") for which in ("successful", "failed"))
    kept = f"the last {_history(done)} completed and {_history(failed)} failed ones"
    yield "Jobs kept", f"{kept}; older ones are deleted with their Pods and logs"
    rollout = _mapping(spec.get("rollout")).get("strategy") or spec.get("rolloutStrategy")
    gradual = "running Jobs continue, and only new ones follow the change (rollout gradual)"
    yield "changed", gradual if rollout == "gradual" else "KEDA deletes the Jobs that run, and creates new ones (rollout default)"


def _strategy(strategy: dict[str, Any], most: int) -> str:
    chosen = strategy.get("strategy")
    if chosen == "accurate":
        return f"strategy accurate: the queue length minus the Jobs with pending Pods, up to {most} running Jobs"
    if chosen == "custom" and _number(strategy.get("customScalingRunningJobPercentage")):
        less, part = strategy.get("customScalingQueueLengthDeduction", 0), strategy["customScalingRunningJobPercentage"]
        return f"strategy custom: the queue length minus {less} and {part} of the running Jobs, up to {most}"
    return f"strategy default: the queue length, up to {most}, minus the running Jobs"


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
