"""Each limit of a Job in one line: its value, whether it is set, and its effect; knows the prediction."""

from __future__ import annotations

from joblint.base.durations import show_duration, show_span
from joblint.base.record import replace
from joblint.base.words import count
from joblint.explain.explanation import Limit
from joblint.explain.policies import on_failed_pods, on_succeeded_indexes
from joblint.explain.precedence import alone
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.prediction.attempts import Tries
    from joblint.controller.prediction.predict import Prediction
    from joblint.rules.subject import Subject

_UNLIMITED = 2147483647


def limits(s: Subject, run: float) -> tuple[Limit, ...]:
    """Return the limits that matter for this Job, the one that wins first; `run` is the run time of each attempt, in
    seconds."""
    p = s.prediction
    wins = p.limit(run)
    rows = [_deadline(s, p, run, wins), _backoff(s, p, run, wins)]
    spec = s.spec
    if "backoffLimitPerIndex" in spec:
        rows.append(_per_index(s, p, wins))
        if spec.get("maxFailedIndexes") is not None:
            n = spec["maxFailedIndexes"]
            here = f"more than {n} failed indexes fail the Job immediately; running Pods are killed"
            rows.append(_row(s, "maxFailedIndexes", str(n), wins, here))
    if s.pod.get("activeDeadlineSeconds") is not None:
        own = s.pod["activeDeadlineSeconds"]
        more = p.spec.backoff_limit > 0 and (p.spec.per_index is None or p.spec.per_index > 0)
        then = "a new Pod follows" if more else "no other Pod follows"
        spans = ", restarts included" if p.on_failure else ""
        here = f"each Pod is stopped {show_duration(own)} after its start{spans}; it counts as a failed attempt, and {then}"
        field = s.pod_at + ".activeDeadlineSeconds"
        rows.append(Limit(field, "template … activeDeadlineSeconds", str(own), True, False, here))
    if "podFailurePolicy" in spec:
        rules = as_list(as_dict(spec["podFailurePolicy"]).get("rules"))
        here = f"checked before the limits; the first rule that matches applies: {on_failed_pods(rules)}"
        rows.append(_row(s, "podFailurePolicy", count(len(rules), "rule"), wins, here))
    if "successPolicy" in spec:
        rules = as_list(as_dict(spec["successPolicy"]).get("rules"))
        here = f"the Job succeeds as soon as {on_succeeded_indexes(rules)}; Pods that still run are stopped"
        rows.append(_row(s, "successPolicy", count(len(rules), "rule"), wins, here))
    rows.append(_ttl(s, p))
    if "terminationGracePeriodSeconds" in s.sent_pod:
        rows.append(_grace(s))
    by_itself = alone(p, run)
    if by_itself is not None:
        rows = [replace(r, at=by_itself[1]) if r.name == by_itself[0] else r for r in rows]
    return tuple(sorted(rows, key=lambda r: not r.wins))


def _row(s: Subject, name: str, value: str, wins: str | None, here: str) -> Limit:
    return Limit(f"{s.spec_at}.{name}", name, value, name in s.sent_spec, wins == name, here)


def _deadline(s: Subject, p: Prediction, run: float, wins: str | None) -> Limit:
    deadline = p.deadline
    if deadline is None:
        endless = "a Pod that hangs or never starts keeps the Job running indefinitely"
        return Limit(f"{s.spec_at}.activeDeadlineSeconds", "activeDeadlineSeconds", "not set", False, False, endless)
    at = show_duration(deadline)
    written = s.spec.get("activeDeadlineSeconds")
    if deadline == 0:
        here = "the Job fails immediately, before any Pod runs"
        here += ": more than 292 years overflow the controller's clock" if written != 0 else ""
    elif wins == "activeDeadlineSeconds":
        here = f"fails the Job at {at}, even if retries are left"
    else:
        here = f"fails the Job at {at} if it still runs; waiting and back-off also count"
    won = wins == "activeDeadlineSeconds"
    return Limit(f"{s.spec_at}.activeDeadlineSeconds", "activeDeadlineSeconds", str(written), True, won, here, float(deadline))


def _backoff(s: Subject, p: Prediction, run: float, wins: str | None) -> Limit:
    limit = p.spec.backoff_limit
    given = "backoffLimit" in s.sent_spec
    value = "unlimited" if limit == _UNLIMITED else str(limit)
    if not given:
        value += " (default)"
    tries = p.tries(run)
    begun = len(tries.begins)
    if p.on_failure and p.spec.per_index is None and (limit != _UNLIMITED or wins):
        whose = "its Pods" if len(s.mains) == 1 else f"the {len(s.mains)} containers of its Pods"
        here = f"the Job fails when the restarts of {whose} add up to {max(1, limit)}; the last restart is killed as it starts"
        here += _time_to_fail(tries, wins)
    elif p.spec.per_index is not None:
        here = "for all indexes together, in addition to the limit per index"
        if p.on_failure:
            here = "does not limit this Job: with backoffLimitPerIndex, restarts in place are not counted"
        elif limit == _UNLIMITED:
            here = "does not limit this Job: each index has its own limit"
    elif wins is None and p.at_once and not p.spec.suspend and not p.spec.managed_elsewhere and not s.pod.get("schedulingGates"):
        here = f"the {_nth(limit + 1)} counted failure fails the Job"
        found = p.run("fail", run)
        if found.outcome == "for-ever":
            here += f"; {'restarts in place' if found.restarts else 'failures with exit code 1'} are not counted"
        if limit == _UNLIMITED:
            here = "never reached: failing attempts are retried indefinitely"
    elif p.at_once > 1:
        here = f"the Job fails when {_failed(limit + 1)}; {p.at_once} run at the same time"
        here += _time_to_fail(tries, wins)
    else:
        here = f"{limit + 1} attempts" if limit else "one attempt, no retry"
        if wins == "backoffLimit" and tries.ends is not None and limit:
            here += f"; if every attempt fails, that takes {show_span(tries.ends)}"
        elif wins == "activeDeadlineSeconds" and begun < limit + 1 and not s.pod.get("schedulingGates"):
            here += f", but only {begun} start{'s' if begun == 1 else ''} before the deadline" if begun else ", but none starts"
    return Limit(f"{s.spec_at}.backoffLimit", "backoffLimit", value, given, wins == "backoffLimit", here)


def _time_to_fail(tries: Tries, wins: str | None) -> str:
    if wins != "backoffLimit" or tries.ends is None:
        return ""
    return f"; if every attempt fails, that is after {show_span(tries.ends)}"


def _per_index(s: Subject, p: Prediction, wins: str | None) -> Limit:
    n = s.spec["backoffLimitPerIndex"]
    if p.on_failure:
        here = "no effect with OnFailure: restarts in place are not counted"
    else:
        here = f"each index has {count(n + 1, 'attempt')}; an index without attempts left fails; the others continue"
    return _row(s, "backoffLimitPerIndex", str(n), wins, here)


def _ttl(s: Subject, p: Prediction) -> Limit:
    ttl = p.ttl
    if s.kind == "CronJob" and ttl is None:
        here = "the CronJob's history limits delete old Jobs"
    elif ttl is None:
        here = "Job, Pods and logs are kept until somebody deletes them"
    elif ttl == 0:
        here = "Job, Pods and logs are deleted as soon as it finishes"
    else:
        here = f"Job, Pods and logs are deleted {show_duration(ttl)} after it finishes"
    value = "not set" if ttl is None else str(ttl)
    at = None if ttl is None else float(ttl)
    return Limit(f"{s.spec_at}.ttlSecondsAfterFinished", "ttlSecondsAfterFinished", value, ttl is not None, False, here, at)


def _grace(s: Subject) -> Limit:
    seconds = s.grace_period
    given = "terminationGracePeriodSeconds" in s.sent_pod
    here = f"a stopped Pod gets SIGTERM, and SIGKILL {show_duration(seconds)} later; the Job finishes after its last Pod"
    field = s.pod_at + ".terminationGracePeriodSeconds"
    value = str(seconds) + ("" if given else " (default)")
    return Limit(field, "terminationGracePeriodSeconds", value, given, False, here)


def _failed(n: int) -> str:
    return "one Pod has failed" if n == 1 else f"{n} Pods in total have failed"


def _nth(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
