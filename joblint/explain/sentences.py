"""A Job's pattern and the ends of its scenarios in plain sentences; knows the prediction, no output format."""

from __future__ import annotations

from joblint.base.durations import show_duration
from joblint.base.words import count
from joblint.controller.prediction.patterns import EMPTY, FIXED, INDEXED, PAUSED, SINGLE, WORK_QUEUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.prediction.endings import End
    from joblint.controller.prediction.predict import Prediction
    from joblint.rules.subject import Subject


def headline(s: Subject) -> str:
    """What kind of Job this is and why, in one or two sentences."""
    p = s.prediction
    spec = p.spec
    n = spec.completions or 0
    at_a_time = str(p.at_once) if p.at_once > 1 else "one"
    pattern = p.pattern
    if spec.managed_elsewhere:
        return f"Handed to the controller {s.spec.get('managedBy')}: the built-in one makes no Pod and no status."
    first = {
        SINGLE: "One Pod at a time, until one succeeds.",
        FIXED: f"{count(n, 'Pod')} must succeed, {at_a_time} at a time.",
        WORK_QUEUE: (
            f"A work queue: {count(spec.parallelism, 'Pod')} at once (parallelism without completions); "
            "done when one has succeeded and all others have ended."
        ),
        INDEXED: f"{count(n, 'index', 'indexes')}, 0 to {n - 1}, each with a Pod of its own, {at_a_time} at a time.",
        PAUSED: "Nothing runs: parallelism is 0, and the Job waits until somebody raises it.",
        EMPTY: "Nothing runs: completions is 0, and the Job is Complete at once.",
    }[pattern]
    if pattern in (PAUSED, EMPTY):
        return first
    if spec.suspend:
        first = f"Suspended: nothing runs until suspend is set to false. Then: {first[0].lower()}{first[1:]}"
    if p.on_failure and spec.per_index is not None:
        return f"{first}  A failed attempt is started again in its Pod (restartPolicy: OnFailure), without end."
    if p.on_failure:
        again = "A failed attempt is started again in its Pod (restartPolicy: OnFailure)"
        return f"{first}  {again}; at the limit that Pod is deleted, logs and all."
    return first + "  A failed attempt gets a new Pod (restartPolicy: Never); logs of all attempts stay."


def title(scenario: str, run: float) -> str:
    """What happens in a scenario."""
    after = show_duration(run)
    return {
        "succeed": f"all goes well, each attempt in {after}",
        "fail": f"every attempt fails after {after}",
        "hang": "it hangs",
        "lost": "a Pod is lost (eviction, node gone)",
        "pending": "no node fits",
    }.get(scenario, scenario)


def ending(s: Subject, end: End) -> str:
    """How a scenario ends, in one line: the condition, when, what was counted, and what `kubectl get jobs` shows."""
    shown = f"kubectl get jobs: {end.kubectl.status} {end.kubectl.completions}"
    if end.kubectl.duration:
        shown += f" {end.kubectl.duration}" if end.at is not None else ", DURATION grows on"
    return _meaning(s, end) + _outcome(end, shown)


def _meaning(s: Subject, end: End) -> str:
    """What happens to the Pods in the built-in scenarios in which something is wrong with them, before the numbers."""
    if not end.pods or end.outcome in ("until", "for-ever"):
        return ""
    p = s.prediction
    pods = "the Pod" if end.pods == 1 else "the Pods"
    by_deadline = end.reason == "DeadlineExceeded"
    if end.scenario == "hang":
        if by_deadline:
            return f"the deadline kills {pods}, counted as failed: "
        if p.pod_deadline is not None and end.type == "Failed":
            return "the Pod's own deadline fails each try: "
        if end.at is None:
            return f"{pods} run{'s' if end.pods == 1 else ''} indefinitely, nothing ends {'it' if end.pods == 1 else 'them'}: "
    if end.scenario == "pending":
        if by_deadline:
            return f"Pending runs out the deadline, too; {pods} count{'s' if end.pods == 1 else ''} as failed: "
        return f"{pods} stay{'s' if end.pods == 1 else ''} Pending indefinitely, which is no failure: " if end.at is None else ""
    if end.scenario == "lost" and end.type == "Complete":
        planned = p.spec.parallelism if p.spec.completions is None else p.spec.completions
        then = "a new Pod takes its place" if end.pods > planned else "no other takes its place"
        return f"it counts as a failed attempt, and {then}: " if end.failed else f"not counted, and {then}: "
    return ""


def _outcome(end: End, shown: str) -> str:
    """The condition, when, what was counted, and what kubectl shows."""
    if end.outcome == "stuck":
        return f"no condition, no end; {shown}" if not end.reason else f"{end.reason}: it waits; {shown}"
    if end.outcome in ("until", "for-ever"):
        what = "it goes on indefinitely" if end.outcome == "for-ever" else "still going on when the time was up"
        return f"{what}: {count(end.pods, 'Pod')} so far; {shown}"
    parts = [f"{end.type} · {end.reason} at {show_duration(end.at or 0)}"]
    if end.limit and end.type == "Failed":
        parts[0] += f" ({end.limit})"
    parts.append(f"{count(end.pods, 'Pod')} created")
    if end.failed:
        parts.append(f"{end.failed} failed")
    if end.restarts:
        parts.append(count(end.restarts, "restart"))
    if end.failed_indexes:
        parts.append(f"failed indexes {end.failed_indexes}")
    parts.append(shown)
    return " · ".join(parts)


def left(s: Subject, p: Prediction) -> str:
    """What is there after the end, and until when."""
    ttl = p.ttl
    until = "until somebody deletes the Job" if ttl is None else f"for {show_duration(ttl)}, then all is deleted" if ttl else ""
    if s.kind == "CronJob" and ttl is None:
        until = "until the CronJob's history limits let them go"
    if not until:
        return "nothing: Job, Pods and logs are deleted at once"
    if p.on_failure and p.spec.per_index is None:
        return f"the Job and its Pods that succeeded, {until}; at the limit the failing Pod and its logs are gone"
    return f"the Job, its ended Pods and their logs, {until}; Pods that were killed at the end are deleted"


def applied_again(s: Subject, p: Prediction) -> str:
    """What a second `kubectl apply` of the same manifest does."""
    if s.kind == "CronJob":
        return '"unchanged": the schedule goes on; Jobs that it has made are not touched'
    if not s.metadata.get("name"):
        return "kubectl apply cannot use generateName; each kubectl create makes and runs a new Job"
    again = '"unchanged": a finished Job never runs again; delete it first, or use generateName with kubectl create'
    if p.ttl is not None:
        again += "; once the TTL has deleted it, the same apply makes it anew and it runs again"
    return again


def deleted(s: Subject) -> str:
    """What deleting the object takes along."""
    if s.kind == "CronJob":
        return "its Jobs, their Pods and logs go, too; --cascade=orphan leaves the Jobs running"
    return "its Pods and logs go, too, running ones are killed; --cascade=orphan leaves the Pods, which then run on unwatched"
