"""A Job's pattern and the results of its scenarios in plain sentences; knows the prediction, no output format."""

from __future__ import annotations

from joblint.api.apply.tools import way_of
from joblint.base.bugs import unreachable
from joblint.base.durations import show_duration, show_span
from joblint.base.words import count, listed
from joblint.controller.prediction.patterns import EMPTY, FIXED, INDEXED, PAUSED, SINGLE, WORK_QUEUE
from joblint.explain.precedence import far

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.trace import Run
    from joblint.controller.prediction.endings import End
    from joblint.controller.prediction.predict import Prediction
    from joblint.rules.subject import Subject
    from joblint.rules.workload.attempt import Attempt


def headline(s: Subject) -> str:
    """Return what kind of Job this is and why, in one or two sentences."""
    p = s.prediction
    spec = p.spec
    n = spec.completions or 0
    at_a_time = str(p.at_once) if p.at_once > 1 else "one"
    span = "0" if n == 1 else f"0 to {n - 1}"
    pattern = p.pattern
    if spec.managed_elsewhere:
        return f"Managed by {s.spec.get('managedBy')}: the built-in controller creates no Pods and no status."
    first = {
        SINGLE: "One Pod at a time, until one succeeds.",
        FIXED: f"{count(n, 'Pod')} must succeed, {at_a_time} at a time.",
        WORK_QUEUE: (
            f"A work queue: {count(spec.parallelism, 'Pod')} at the same time (parallelism without completions); "
            "complete when one has succeeded and all others have ended."
        ),
        INDEXED: f"{count(n, 'index', 'indexes')}, {span}, each with its own Pod, {at_a_time} at a time."
        if n != 1
        else f"One index, {span}, with its own Pod.",
        PAUSED: "Nothing runs: parallelism is 0, and the Job waits until somebody raises it.",
        EMPTY: "Nothing runs: completions is 0, so the Job completes immediately.",
    }[pattern]
    if pattern in (PAUSED, EMPTY):
        return first
    if spec.suspend:
        first = f"Suspended: nothing runs until suspend is set to false. Then: {first[0].lower()}{first[1:]}"
    if p.on_failure and spec.per_index is not None:
        return f"{first}  A failed attempt is restarted in its Pod (restartPolicy: OnFailure), indefinitely."
    if p.on_failure:
        again = "A failed attempt is restarted in its Pod (restartPolicy: OnFailure)"
        return f"{first}  {again}; when a limit is reached, that Pod and its logs are deleted."
    return first + "  A failed attempt gets a new Pod (restartPolicy: Never); the logs of all attempts are kept."


SHORT_TITLES = {
    "succeed": "program succeeds",
    "fail": "program fails",
    "hang": "program hangs",
    "evict": "a Pod is evicted",
    "node": "a node fails",
    "pending": "no node fits",
}
"""What happens in the built-in scenarios, for a tab or a column."""


def title(scenario: str, run: float) -> str:
    """Return what happens in a scenario."""
    after = show_duration(run)
    return {
        "succeed": f"the program succeeds after {after}",
        "fail": f"the program fails after {after}, in every attempt",
        "hang": "the program hangs",
        "evict": "a Pod is evicted (drain, preemption, pressure)",
        "node": "the node of a Pod fails",
        "pending": "no node fits the Pods",
    }.get(scenario, scenario)


def run_time(s: Subject, attempt: Attempt, fails: float, succeeds: float) -> str:
    """Return how long an attempt is assumed to run, what shows it, and what happens if its commands use up their own timeouts."""
    where = f'container "{attempt.shown.container.name}" ({attempt.shown.field})'
    early = "" if fails == succeeds else f"; one that fails may take only {show_duration(fails)}"
    patience = _used_up(s, attempt)
    if attempt.least < 1:
        return f"the commands of {where} do not show how long an attempt takes{patience}; --run sets another time"
    bounds = f"at least {show_duration(attempt.least)}"
    if attempt.most < float("inf"):
        bounds += f", at most {show_duration(attempt.most)}"
    if attempt.least == attempt.most:
        bounds = show_duration(attempt.least)
    return f"an attempt takes {bounds}, according to the commands of {where}{early}{patience}; --run sets another time"


def _used_up(s: Subject, attempt: Attempt) -> str:
    """What happens if each attempt takes as long as its commands allow and then fails."""
    patience = float(int(attempt.patience))
    if patience <= max(attempt.least, 1):
        return ""
    told = f"; their own timeouts and waits allow {show_duration(patience)}"
    if s.prediction.spec.suspend or not s.prediction.at_once:
        return told
    tries = s.prediction.tries(patience)
    if tries.ends_at is None or tries.reason is None:
        return told
    after = show_duration(round(tries.ends_at))
    return f"{told}: if every attempt takes that long, the Job is Failed ({tries.reason}) after {after}"


def ending(s: Subject, end: End, run: Run, seconds: float | None = None) -> str:
    """Return how a scenario ends, in one line: what happens to the Pods, the condition, when, and the counts. `seconds` is the
    run time of each attempt."""
    story = _STORIES.get(end.scenario)
    if end.scenario in SHORT_TITLES and s.pod.get("schedulingGates"):
        story = _pending  # whatever the Pods would do
    told = (
        story(s, end, run, seconds)
        if story is not None and end.pods and end.outcome not in ("until", "for-ever", "too-many")
        else ""
    )
    late = _later(s) if story is _hang and told.startswith("the deadline") else ""
    return told + _outcome(s, end, run, late) + _otherwise(end)


def told_end(s: Subject, end: End, run: Run) -> str:
    """Return the condition at the end of a run, when, and the counts; not what happens to the Pods."""
    return _outcome(s, end, run) + _otherwise(end)


def kubectl(end: End) -> str:
    """Return what `kubectl get jobs` shows; the DURATION of a Job that is not Complete keeps increasing, so it is not
    included."""
    return f"kubectl get jobs shows {end.kubectl.status} {end.kubectl.completions}"


def _pods(end: End) -> tuple[str, str, str]:
    """The Pod or the Pods, it or them, and the ending of their verbs."""
    return ("the Pod", "it", "s") if end.pods == 1 else ("the Pods", "them", "")


def _succeed(s: Subject, end: End, run: Run, seconds: float | None) -> str:
    p = s.prediction
    if end.type == "Complete":
        return ""
    endless = [e for e in s.endings if e.why.sure and e.container.role == "main"]
    if endless:
        return f'container "{endless[0].container.name}" never ends by itself ({endless[0].why.what}): '
    if seconds is not None and p.pod_deadline is not None and seconds >= p.pod_deadline:
        return f"such a run is too long: each Pod is stopped {show_duration(p.pod_deadline)} after its start: "
    if end.reason == "DeadlineExceeded" and p.deadline is not None:
        return f"such a run exceeds the deadline of {show_duration(p.deadline)}: "
    return ""


def _hang(s: Subject, end: End, run: Run, seconds: float | None) -> str:
    p = s.prediction
    pods, them, ending = _pods(end)
    probes = sorted({kind for c in s.mains for kind in ("livenessProbe", "startupProbe") if c.data.get(kind)})
    if probes:
        then = "and restarted" if p.on_failure else "and exits with 0"
        if not p.on_failure and end.type != "Complete":
            then = "which fails the attempt (a program that exits with 0 on SIGTERM succeeds with its work incomplete)"
        return f"killed by its {listed(probes)}, {then}: "
    if end.reason == "DeadlineExceeded":
        return f"the deadline stops {pods}{_deaf(s)}, which count{ending} as failed: "
    if p.pod_deadline is not None and end.type == "Failed":
        return f"the Pod's own deadline fails each attempt{_deaf(s)}: "
    if end.at is None:
        return f"{pods} run{ending} indefinitely, and nothing stops {them}: "
    return ""


def _deaf(s: Subject) -> str:
    """A note on containers that are known to use their whole grace period to stop; the times include it."""
    deaf, seconds = _ignoring(s)
    if not deaf or not seconds:
        return ""
    which, verbs = ("container", "ignores SIGTERM and is") if len(deaf) == 1 else ("containers", "ignore SIGTERM and are")
    names = listed([f'"{name}"' for name in deaf])
    return f" ({which} {names} {verbs} killed {show_duration(seconds)} later)"


def _later(s: Subject) -> str:
    """How much later the Job ends if the program ignores SIGTERM, which is not known."""
    deaf, seconds = _ignoring(s)
    return "" if deaf or not seconds else f" (up to {show_duration(seconds)} later if the program ignores SIGTERM)"


def _ignoring(s: Subject) -> tuple[list[str], float]:
    """The containers that are known to ignore SIGTERM, and the grace period in seconds."""
    from joblint.rules.workload.habits import habits

    seconds = s.pod.get("terminationGracePeriodSeconds", 30)
    return [c.name for c in s.mains if c.name in habits(s).deaf], float(seconds) if isinstance(seconds, int) else 0.0


def _pending(s: Subject, end: End, run: Run, seconds: float | None) -> str:
    pods, _, ending = _pods(end)
    gates = [str(g.get("name")) for g in s.pod.get("schedulingGates") or () if isinstance(g, dict)]
    gate = f"the scheduling gate{'' if len(gates) == 1 else 's'} {listed(gates)}" if gates else ""
    if end.reason == "DeadlineExceeded":
        waits = f"{pods} wait{ending} for {gate} until the deadline and" if gates else ""
        verb = "is" if end.pods == 1 else "are"
        waits = waits or f"the deadline also applies while {pods} {verb} Pending; {pods} then"
        return f"{waits} count{ending} as failed: "
    if gates:
        return f"{pods} wait{ending} for {gate} to be removed, which is not a failure: "
    return f"{pods} stay{ending} Pending indefinitely, which is not a failure: " if end.at is None else ""


def _evict(s: Subject, end: End, run: Run, seconds: float | None) -> str:
    p = s.prediction
    if end.type == "Failed" and end.reason == "BackoffLimitExceeded" and p.spec.backoff_limit == 0:
        others = "there is no retry" if end.pods == 1 else "the other Pods are killed as well"
        return f"it counts as a failed attempt, and {others}: "
    if end.type not in ("Complete", ""):
        return ""
    then = "a new Pod replaces it" if end.pods > _planned(p, end) else "no Pod replaces it"
    return f"it {'counts' if end.failed else 'does not count'} as a failed attempt, and {then}: "


def _planned(p: Prediction, end: End) -> int:
    """The number of Pods if none is lost."""
    if not end.type:
        return p.at_once
    return p.spec.parallelism if p.spec.completions is None else p.spec.completions


def _node(s: Subject, end: End, run: Run, seconds: float | None) -> str:
    deleting = next((e for e in run.events if e.event == "pod-deleting" and e.n == 0), None)
    if deleting is None:
        return "the Pod is not evicted because of its tolerations: " if end.at is None and run.cut_at is None else ""
    when = show_span((deleting.t_min or deleting.t, deleting.t_max or deleting.t))
    if end.at is not None:
        return f"the Pod is deleted after {when}: "
    delete = "the node is deleted (make sure that it is shut down, then run kubectl delete node <node>)"
    if end.type in ("SuccessCriteriaMet", "FailureTarget"):
        new = "a new Pod replaces it" if end.pods > _planned(s.prediction, end) else "no Pod replaces it"
        ended = "Complete" if end.type == "SuccessCriteriaMet" else "Failed"
        deadline, begun = s.prediction.deadline, deleting.t_max or deleting.t
        later = end.reason == "DeadlineExceeded" and deadline is not None and deadline > begun + 60
        then = f"Until its deadline ({show_duration(deadline or 0)}), the Job keeps running, then " if later else "Until then, "
        return (
            f"the Pod is deleted after {when} but stays Terminating, and {new}. The Job becomes {ended} only when the node is "
            f"deleted: make sure that it is shut down, then run kubectl delete node <node>. {then}"
        )
    if end.pods > _planned(s.prediction, end):
        return f"the Pod is deleted after {when} but stays Terminating, and a new Pod replaces it: "
    return f"the Pod is deleted after {when} but stays Terminating, and is replaced only when {delete}: "


_STORIES = {"succeed": _succeed, "hang": _hang, "pending": _pending, "evict": _evict, "node": _node}


def _outcome(s: Subject, end: End, run: Run, late: str = "") -> str:
    """The condition, when, and the counts; `late` says how much later it may be."""
    if end.outcome == "stuck":
        if not end.reason or end.reason == "JobResumed":  # the condition Suspended is then False
            return f"the Job never finishes; {kubectl(end)}"
        if end.scenario == "node" and end.type in ("SuccessCriteriaMet", "FailureTarget"):
            return f"{kubectl(end)} ({end.reason})"
        return f"{end.type} · {end.reason}, {'waiting' if end.type == 'Suspended' else 'never finishes'}; {kubectl(end)}"
    if end.outcome == "deleted":
        at = f" after {show_span(end.deleted_between)}" if end.deleted_between is not None else ""
        return f"the Job is deleted{at}"
    if end.outcome == "until" or end.outcome == "for-ever":
        what, so_far = "not finished within the simulated time", "so far"
        if end.outcome == "for-ever":
            what, so_far = "it continues indefinitely", f"in the first {show_duration(run.stopped_at)}"
        return f"{what}: {count(end.pods, 'Pod')} {so_far}; {kubectl(end)}"
    if end.outcome == "too-many":
        return _too_many(s.prediction, end, run)
    if end.outcome != "complete" and end.outcome != "failed":
        unreachable(end.outcome)
    parts = [f"{end.type} after {show_span(end.between or (end.at or 0.0, end.at or 0.0))}{late}"]
    if end.reason != "CompletionsReached":
        parts.append(end.reason + (f" ({end.limit})" if end.limit and end.type == "Failed" else ""))
    parts.append(f"{count(end.pods, 'Pod')} created" + (f", {end.failed} failed" if end.failed else ""))
    if end.restarts:
        parts.append(count(end.restarts, "restart"))
    if end.failed_indexes:
        parts.append(f"failed indexes {end.failed_indexes}")
    return " · ".join(parts)


def _too_many(p: Prediction, end: End, run: Run) -> str:
    """Where the simulation stopped because there are too many Pods, or after 30 days, and what is known nevertheless."""
    limit = far(p, run) if end.scenario == "fail" else ""  # elsewhere the Job may still succeed
    if limit:
        made = count(end.pods, "Pod") + (f", {count(end.restarts, 'restart')}" if end.restarts else "")
        return f"it still retries after {show_duration(run.stopped_at)} ({made}); the Job fails by {limit}"
    text = (
        f"the result is not known: only the first {count(end.pods, 'Pod')} are simulated, up to {show_duration(run.stopped_at)}; "
    )
    text += f"by then {end.succeeded} succeeded, {end.failed} failed"
    if end.scenario in ("hang", "pending") and p.deadline is None:
        return text + "; the Job runs until somebody deletes it"
    if end.estimate is not None:
        return text + f"; at that pace it takes about {show_duration(end.estimate)} to reach {p.spec.completions}"
    if p.deadline is not None:
        text += f"; activeDeadlineSeconds fails it after {show_duration(p.deadline)} at the latest"
    return text


def _otherwise(end: End) -> str:
    """How else it may end, if fractions of a second decide."""
    others = [f"{t} · {reason}" if t else "never finishes" for t, reason in end.otherwise]
    return f" (or {listed(others)}: the difference is less than a second)" if others else ""


def left(s: Subject, p: Prediction) -> str:
    """Return what is kept after the end, and until when."""
    ttl = p.ttl
    until = "until somebody deletes the Job" if ttl is None else f"for {show_duration(ttl)}, then they are deleted" if ttl else ""
    if s.kind == "CronJob" and ttl is None:
        until = "until the CronJob's history limits delete them"
    if not until:
        return "nothing: Job, Pods and logs are deleted immediately"
    if p.on_failure and p.spec.per_index is None:
        return f"the Job and its succeeded Pods, {until}; when a limit is reached, the failing Pod and its logs are deleted"
    killed = "Pods that still run when the Job fails are killed and deleted, with their logs"
    return f"the Job, its finished Pods and their logs, {until}; {killed}"


def applied_again(s: Subject, p: Prediction) -> str:
    """Return what a second `kubectl apply` of the same manifest does, or what the tool does that its annotations are for."""
    way = way_of(s.object)
    whole = "the Job, its Pods and logs" if s.kind == "Job" else "the CronJob with its Jobs, their Pods and logs"
    if way.again == "always":
        return f"{way.note}, and first deletes {whole} ({way.said})"
    if way.creates:
        return f"{way.tool} creates the hook at each of its events ({way.said}); {way.note}"
    if way.tool and way.note:
        return f"{way.note} ({way.said})"
    if way.again:
        same = '"unchanged"' if s.kind == "CronJob" else '"unchanged": a finished Job does not run again'
        return f"{same}; if the API server rejects a change, {way.tool} deletes {whole}, and creates it again ({way.said})"
    if s.kind == "CronJob":
        return '"unchanged": the schedule continues; existing Jobs are not affected'
    if not s.metadata.get("name"):
        return "kubectl apply cannot use generateName; each kubectl create creates and runs a new Job"
    if p.ttl == 0:
        return "it is created again, and it runs again: ttlSecondsAfterFinished: 0 deletes it as soon as it has ended"
    again = '"unchanged": a finished Job does not run again; delete it first, or use generateName with kubectl create'
    if p.ttl is not None:
        again += "; once the TTL has deleted it, the same apply creates and runs it again"
    return again


def deleted(s: Subject) -> str:
    """Return what is deleted along with the object."""
    if s.kind == "CronJob":
        return "its Jobs, their Pods and logs are also deleted; with --cascade=orphan the Jobs keep running"
    return (
        "its Pods and logs are deleted, and running Pods are killed; "
        "with --cascade=orphan the Pods keep running without a controller"
    )
