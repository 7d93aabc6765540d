"""Runs compared with the period: what accumulates, is skipped or replaced, and what is kept."""

from __future__ import annotations

from math import ceil

from joblint.api.shared_names import GENERATED_LABELS
from joblint.base.durations import show_duration as duration
from joblint.base.durations import show_span
from joblint.base.today import today
from joblint.base.words import count
from joblint.rules.checks.cronjob.length import harmless, least_run, own_limit
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_OFTEN = 300
_HOURLY = 3600
_HUGE = 100
_TIGHT = 20  # seconds: a lease of the controller manager takes 15 s to expire, and the new leader some time to start
_SHORTEST = 20  # seconds: no shorter deadline is suggested, because a Pod needs some time to start
_MARGIN = 60  # seconds for a killed Pod to stop and for the controller to notice


def _period(s: Subject) -> int:
    """The shortest time between two starts, in seconds; 0 if there are none. A suspended CronJob starts nothing: it is a
    template for `kubectl create job --from`."""
    if s.rhythm is None or s.cron.get("suspend") is True:
        return 0
    return s.rhythm.gaps(today())[0]


def _longest(s: Subject) -> int:
    """The longest time between two starts, in seconds; 0 if there are none."""
    return 0 if s.rhythm is None else s.rhythm.gaps(today())[1]


def _distance(s: Subject) -> str:
    """`a start every 5m0s`, or `starts 5m0s to 23h55m apart`."""
    low, high = _period(s), _longest(s)
    return f"a start every {duration(low)}" if low == high else f"starts {duration(low)} to {duration(high)} apart"


def _meanwhile(s: Subject, seconds: float) -> tuple[int, int]:
    """The fewest and the most starts during a run of this many seconds."""
    return (0, 0) if s.rhythm is None else s.rhythm.meanwhile(today(), seconds)


def _given(s: Subject) -> tuple[int | None, str]:
    """The maximum run time in seconds, and what sets it: the Job's deadline, otherwise the timeouts of its commands."""
    limit = _limit(s)
    return (limit, "its deadline") if limit is not None else (own_limit(s), "its own timeouts")


def _limit(s: Subject) -> int | None:
    """The seconds after which the deadline fails a Job of this CronJob, None if there is no deadline."""
    deadline = s.spec.get("activeDeadlineSeconds")
    return deadline if isinstance(deadline, int) else None


def piles_up_under_allow(s: Subject) -> Iterator[Hit]:
    """Allow, and runs that last (or may last) longer than the period."""
    if s.kind != "CronJob" or s.concurrency_policy != "Allow":
        return
    period = _period(s)
    if not period:
        return
    said = "concurrencyPolicy" in as_dict(s.object.get("spec"))
    field = "spec.concurrencyPolicy" if said else "spec.schedule"
    limit, least = _limit(s), least_run(s)
    default = "" if said else " (default)"
    values: dict[str, Any] = {"default": default, "starts": _distance(s)}
    if limit is not None and 0 < limit < least:
        least = limit
    ends = max(period - _MARGIN, period // 2)
    values["advice"] = f"activeDeadlineSeconds: {ends}    in jobTemplate.spec, shorter than the period"
    if least > period or ends < _SHORTEST:
        values["advice"] = "Start it less often, or set concurrencyPolicy: Forbid: a start that comes too early then waits."
    if least > period:
        fewest, most = _meanwhile(s, least)
        at_once = most + 1
        all_the_time = f"{at_once} Jobs run at once all the time"
        runs = f"{all_the_time if fewest == most else f'up to {at_once} Jobs run at once'}: each run sleeps {duration(least)}"
        yield s.hit(field, runs=runs, **values, confidence="certain", label=f"{at_once} at once")
    elif (given := _given(s))[0] is not None and given[0] > period:
        at_once = _meanwhile(s, given[0])[1] + 1
        runs = f"up to {at_once} Jobs run at once: a run may take {duration(given[0])} ({given[1]})"
        yield s.hit(field, runs=runs, **values, severity="info" if said else "", label=f"up to {at_once} at once")
    elif limit is None and period <= _HOURLY and not isinstance(s.pod.get("activeDeadlineSeconds"), int):
        often = (period <= _OFTEN or _writes_a_claim(s)) and not said and not harmless(s)
        runs = f"runs that hang pile up, at most {_a_day(s)} a day: no run has a deadline"
        severity, confidence = ("", "") if often else ("info", "hint")
        yield s.hit(field, runs=runs, **values, severity=severity, confidence=confidence, label="nothing limits a run that hangs")


def _writes_a_claim(s: Subject) -> bool:
    """Whether the Pods mount a claim read-write, which two runs then use at once; one that hangs may keep the next from it."""
    for entry in as_list(s.pod.get("volumes")):
        volume = as_dict(entry)
        claim = as_dict(volume.get("persistentVolumeClaim"))
        if claim.get("claimName") and claim.get("readOnly") is not True:
            mounts = [as_dict(m) for c in s.containers for m in as_list(c.data.get("volumeMounts"))]
            if any(m.get("name") == volume.get("name") and m.get("readOnly") is not True for m in mounts):
                return True
    return False


def _a_day(s: Subject) -> int:
    """The most starts in a day."""
    return 0 if s.rhythm is None else s.rhythm.per_day(today())


def forbid_without_deadline(s: Subject) -> Iterator[Hit]:
    """Forbid without a deadline: a run that hangs blocks all later ones."""
    if s.cron.get("concurrencyPolicy") != "Forbid" or _limit(s) is not None or s.cron.get("suspend") is True:
        return
    pod = s.pod.get("activeDeadlineSeconds")
    hang = "a Pod that cannot be scheduled" if isinstance(pod, int) else "a stuck program, a missing image, a full cluster"
    yield s.hit(
        "spec.concurrencyPolicy", hang=hang, at=s.spec_at, confidence="likely", severity="info" if isinstance(pod, int) else ""
    )


def replace_kills_runs(s: Subject) -> Iterator[Hit]:
    """Replace kills what runs longer than the period."""
    if s.cron.get("concurrencyPolicy") != "Replace":
        return
    period = _period(s)
    if not period:
        return
    limit, least = _limit(s), least_run(s)
    if least >= period:
        next_start, which = f"the next start, after {duration(period)}, kills it", "no run ever finishes"
        if least < _longest(s):
            next_start, which = f"a start that comes {duration(period)} later kills it", "such a run never finishes"
        problem = f"each run sleeps {duration(least)} and {next_start}: {which}"
        yield s.hit("spec.concurrencyPolicy", problem=problem, confidence="certain", label="kills every run")
    elif limit is not None and limit > period:
        problem = (
            f"the next start kills a run after {duration(period)}, before its activeDeadlineSeconds ({duration(limit)}): "
            "the Job is deleted and never becomes Failed"
        )
        yield s.hit("spec.concurrencyPolicy", problem=problem, label=f"at most {duration(period)} a run")
    elif limit is not None:
        return  # every run ends before the next start
    elif (own := own_limit(s)) is not None and own > period:
        problem = (
            f"the next start kills a run after {duration(period)}, before its own timeouts ({duration(own)}): "
            "the Job is deleted and never becomes Failed"
        )
        yield s.hit("spec.concurrencyPolicy", problem=problem, label=f"at most {duration(period)} a run")
    elif period <= _OFTEN and not harmless(s):
        problem = f"the next start kills every run that takes longer than {duration(period)}"
        yield s.hit("spec.concurrencyPolicy", problem=problem, severity="info", confidence="hint")


def forbid_skips_starts(s: Subject) -> Iterator[Hit]:
    """Forbid, and runs that take longer than the period."""
    if s.cron.get("concurrencyPolicy") != "Forbid":
        return
    period = _period(s)
    if not period:
        return
    limit, least = _limit(s), least_run(s)
    if limit is not None and 0 < limit < least:
        least = limit
    starting = s.cron.get("startingDeadlineSeconds")
    if least > period:
        fewest, due = _meanwhile(s, least)
        starts = f"{'' if fewest == due else 'up to '}{count(due, 'start')} {'is' if due == 1 else 'are'} due then"
        sure = f"each run sleeps {duration(least)}: {starts}"
        severity, confidence = "warning", "certain"
    elif (given := _given(s))[0] is not None and given[0] > period:
        due = _meanwhile(s, given[0])[1]
        up_to = f"up to {count(due, 'start')} {'is' if due == 1 else 'are'} due then"
        sure = f"a run may take {duration(given[0])} ({given[1]}): {up_to}"
        severity, confidence = "", ""
    else:
        return
    caught = "It starts late, when the run ends" if due == 1 else "One of them starts late, the others are skipped"
    if isinstance(starting, int) and starting < period:
        caught = f"Starts more than {starting}s late are skipped"
    yield s.hit(
        "spec.concurrencyPolicy",
        starts=_distance(s),
        sure=sure,
        caught=caught,
        severity=severity,
        confidence=confidence,
        label="starts are skipped",
    )


def retries_outlast_period(s: Subject) -> Iterator[Hit]:
    """The back-off of a failing run takes longer than the period."""
    if s.kind != "CronJob":
        return
    period = _period(s)
    if not period or s.pod.get("restartPolicy") not in ("Never", "OnFailure") or s.spec.get("backoffLimit") == 0:
        return
    limit = _limit(s)
    if limit is not None and limit <= period:
        return
    found = _retrying(s, period, limit)
    if found is None:
        return
    low, high, run, each, sure = found
    policy = s.concurrency_policy
    starts = range(_meanwhile(s, low)[0], _meanwhile(s, high)[1] + 1)
    said = "backoffLimit" in s.sent_spec
    retries = s.backoff_limit
    waits = False
    if policy == "Forbid":
        effect, waits = _missed(s, starts, period, high)
    elif policy == "Replace":
        effect = "the next start replaces it first"
    else:
        effect = f"{_several(range(starts[0] + 1, starts[-1] + 2), 'Job')} retry at once"
    fitting = 0
    while fitting < 12 and s.prediction.backoff_before(fitting + 1) + (fitting + 2) * run < period:
        fitting += 1
    yield s.hit(
        f"{s.spec_at}.backoffLimit" if said else "spec.schedule",
        needed=show_span((low, high)) + each,
        limit=retries,
        default="" if said else " (default)",
        next=f"the {'' if period == _longest(s) else 'shortest '}period is {duration(period)}",
        effect=effect,
        fitting=min(fitting, max(retries - 1, 0)),
        severity="warning" if sure and said and policy == "Forbid" and not waits and limit is None else "",
        label="longer than the period",
    )


def _retrying(s: Subject, period: int, limit: int | None) -> tuple[float, float, float, str, bool] | None:
    """How long a run takes at least and at most whose every attempt fails, if that is longer than the period; what of it each
    attempt takes, in seconds and in words; and whether it takes that in any case. None where it is no longer."""
    from joblint.controller.prediction.predict import RUN
    from joblint.rules.workload.attempt import attempt_of

    attempt = attempt_of(s)
    runs = [(RUN, "", True)]
    if attempt is not None:
        fails, patience = float(int(attempt.fails)), float(int(attempt.patience))
        if fails > RUN:
            runs = [(fails, f" (attempts: {duration(int(fails))})", True)]
        if patience > max(fails, RUN):
            runs.append((patience, f" (attempts: up to {duration(int(patience))})", False))
    # The attempts and the node take time, too: the back-off is the lower bound.
    backoff = s.prediction.backoff_needed
    for run, each, sure in runs:
        if backoff + run * s.backoff_limit > 10**9 or not each and backoff <= period:
            continue
        low, high = s.prediction.tries(run).ends or (float(backoff), float(backoff))
        low = max(low, float(backoff if limit is None else min(backoff, limit)))
        if low > period:
            return low, max(low, high), run, each, sure
    return None


def _missed(s: Subject, starts: range, period: int, longest: float) -> tuple[str, bool]:
    """What happens to the starts that are due during a failing run, and whether none is lost.

    The latest missed start begins when the run ends, if that is within startingDeadlineSeconds; the others are lost (Kubernetes
    1.36.3, pkg/controller/cronjob/utils.go, mostRecentScheduleTime).
    """
    deadline = s.cron.get("startingDeadlineSeconds")
    late = longest - starts[-1] * period if len(starts) == 1 or starts[-1] == 1 else min(longest, _longest(s))
    if isinstance(deadline, int) and late > deadline:
        return f"{_several(starts, 'start')} {'is' if starts[-1] == 1 else 'are'} skipped meanwhile", False
    lost = range(max(0, starts[0] - 1), starts[-1])
    if not lost[-1]:
        return f"the next start waits for it, up to {duration(ceil(late))}", True
    verb = "is" if lost[-1] == 1 else "are"
    return f"{_several(lost, 'start')} {verb} skipped, one is late", False


def _several(numbers: range, what: str) -> str:
    """`3 starts`, `3 to 4 starts`, or `up to 4 starts`."""
    most = count(numbers[-1], what)
    return most if len(numbers) == 1 else f"{numbers[0]} to {most}" if numbers[0] else f"up to {most}"


def starting_deadline_zero(s: Subject) -> Iterator[Hit]:
    """startingDeadlineSeconds: 0: every start is too late, and no event reports it (pkg/controller/cronjob)."""
    if s.cron.get("startingDeadlineSeconds") == 0 and s.kind == "CronJob":
        yield s.hit("spec.startingDeadlineSeconds", seconds=_enough(s))


def starting_deadline_short(s: Subject) -> Iterator[Hit]:
    """startingDeadlineSeconds below 10, which the documentation warns about: a busy controller misses starts. Info up to
    the time that a new leader takes to start."""
    seconds = s.cron.get("startingDeadlineSeconds")
    if isinstance(seconds, int) and (0 < seconds < 10 or 10 <= seconds <= _TIGHT < _enough(s)):
        severity, confidence = ("", "") if seconds < 10 else ("info", "hint")
        yield s.hit("spec.startingDeadlineSeconds", seconds=seconds, enough=_enough(s), severity=severity, confidence=confidence)


def _enough(s: Subject) -> int:
    """A deadline for late starts of a few minutes, below the period, in seconds."""
    period = _period(s)
    return min(200, max(10, period // 2)) if period else 200


def no_history(s: Subject) -> Iterator[Hit]:
    """History limits of 0: no finished Job is left to look at."""
    from joblint.api.create.defaults import FAILED_JOBS_KEPT, SUCCESSFUL_JOBS_KEPT

    if s.kind != "CronJob":
        return
    successful, failed = s.cron.get("successfulJobsHistoryLimit"), s.cron.get("failedJobsHistoryLimit")
    if failed == 0 and successful == 0:
        failures = f"failedJobsHistoryLimit: {FAILED_JOBS_KEPT}        the default"
        yield s.hit(
            "spec.failedJobsHistoryLimit",
            which="With both limits at 0, each Job, failed or not,",
            advice=f"{failures}\nsuccessfulJobsHistoryLimit: {SUCCESSFUL_JOBS_KEPT}    the default",
            label="nothing is kept",
        )
    elif failed == 0:
        yield s.hit(
            "spec.failedJobsHistoryLimit",
            which="With failedJobsHistoryLimit: 0, each failed Job",
            advice=f"failedJobsHistoryLimit: {FAILED_JOBS_KEPT}    the default",
            label="failures are not kept",
        )
    elif successful == 0:
        which = "With successfulJobsHistoryLimit: 0, each Job that succeeded"
        advice = f"successfulJobsHistoryLimit: {SUCCESSFUL_JOBS_KEPT}    the default"
        yield s.hit(
            "spec.successfulJobsHistoryLimit", which=which, advice=advice, severity="info", label="successes are not kept"
        )


def huge_history(s: Subject) -> Iterator[Hit]:
    """More finished Jobs are kept than a cluster handles well."""
    if s.kind != "CronJob":
        return
    for name in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        limit = s.cron.get(name)
        if isinstance(limit, int) and limit >= 20:
            period = _period(s)
            span = f" (the last {duration(limit * period)})" if period and period == _longest(s) else ""
            yield s.hit(f"spec.{name}", name=name, limit=limit, span=span, severity="warning" if limit >= _HUGE else "")


def cronjob_suspended(s: Subject) -> Iterator[Hit]:
    """suspend: true on the CronJob."""
    if s.cron.get("suspend") is not True:
        return
    seconds = s.cron.get("startingDeadlineSeconds")
    after = (
        f"a Job for a start missed no more than {duration(seconds)} ago is created immediately"
        if isinstance(seconds, int)
        else "a Job for the last missed start is created immediately"
    )
    yield s.hit("spec.suspend", after=after)


def template_suspended(s: Subject) -> Iterator[Hit]:
    """suspend: true in the jobTemplate: Jobs are created that never start."""
    if s.kind != "CronJob" or s.spec.get("suspend") is not True:
        return
    meta = as_dict(as_dict(as_dict(s.object.get("spec")).get("jobTemplate")).get("metadata"))
    if "kueue.x-k8s.io/queue-name" in as_dict(meta.get("labels")):
        return
    effects: dict[str, str] = {
        "Forbid": "the first Job blocks all later starts",
        "Replace": "each start replaces the previous Job",
    }
    piling = "the Jobs pile up, one per start, and the history limits do not delete them"
    effect = effects.get(str(s.cron.get("concurrencyPolicy")), piling)
    yield s.hit(f"{s.spec_at}.suspend", effect=effect)


def job_template_refused(s: Subject) -> Iterator[Hit]:
    """The CronJob is accepted, the Jobs that it creates are rejected: what only a Job's own validation checks."""
    if s.kind != "CronJob" or not s.verdict.accepted:
        return
    template = as_dict(as_dict(s.object.get("spec")).get("jobTemplate"))
    meta = as_dict(template.get("metadata"))
    labels = as_dict(as_dict(as_dict(s.sent_spec.get("template")).get("metadata")).get("labels"))
    if not (
        s.spec.get("completionMode") == "Indexed"
        or any(key in labels for key in GENERATED_LABELS)
        or _odd(as_dict(meta.get("labels")))
        or any(_odd_name(str(key)) for key in as_dict(meta.get("annotations")))
    ):
        return
    from joblint.api.judge import judge

    own: dict[str, Any] = {k: meta[k] for k in ("labels", "annotations") if k in meta}
    name = f"{s.metadata.get('name')}-{today() // 60}"
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name, **own}, "spec": s.sent_spec}
    verdict = judge(job, s.version)
    if verdict is None or verdict.accepted or not verdict.errors:
        return
    error = verdict.errors[0]
    field = f"spec.jobTemplate.{error.field}" if error.field and error.field != "metadata.name" else "metadata.name"
    message = error.detail if isinstance(error.value, dict) else error.message  # without the labels that are printed before it
    yield s.hit(field, error=f"{error.field}: {message}")


def _odd(labels: dict[str, object]) -> bool:
    return any(_odd_name(str(k)) or _odd_name(str(v), True) for k, v in labels.items())


def _odd_name(text: str, value: bool = False) -> bool:
    plain = text.replace("-", "").replace(".", "").replace("_", "").replace("/", "", 0 if value else 1)
    return (
        len(text) > 63
        or not (plain.isalnum() and plain.isascii() or (value and not text))
        or not text[-1:].isalnum()
        and bool(text)
    )
