"""concurrencyPolicy compared with the period: runs that accumulate, block later starts, are replaced or skipped."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.rules.checks.cronjob.length import harmless, least_run, own_limit
from joblint.rules.checks.cronjob.period import deadline_of, distance, longest_of, meanwhile, most_run, period_of, starts_a_day
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_OFTEN = 300
_HOURLY = 3600
_SHORTEST = 20  # seconds: no shorter deadline is suggested, because a Pod needs some time to start
_MARGIN = 60  # seconds for a killed Pod to stop and for the controller to notice


def runs_pile_up_with_allow(s: Subject) -> Iterator[Hit]:
    """Allow, and runs that last (or may last) longer than the period."""
    if s.kind != "CronJob" or s.concurrency_policy != "Allow":
        return
    period = period_of(s)
    if not period:
        return
    said = "concurrencyPolicy" in as_dict(s.object.get("spec"))
    field = "spec.concurrencyPolicy" if said else "spec.schedule"
    limit, least = deadline_of(s), least_run(s)
    default = "" if said else " (default)"
    values: dict[str, Any] = {"default": default, "starts": distance(s)}
    if limit is not None and 0 < limit < least:
        least = limit
    ends = max(period - _MARGIN, period // 2)
    values["advice"] = f"activeDeadlineSeconds: {ends}    in jobTemplate.spec, shorter than the period"
    if least > period or ends < _SHORTEST:
        values["advice"] = (
            "Start it less often, or set concurrencyPolicy: Forbid: a start that is due during a run then waits or is skipped."
        )
    if least > period:
        fewest, most = meanwhile(s, least)
        at_once = most + 1
        all_the_time = f"{at_once} Jobs always run at the same time"
        some = f"up to {at_once} Jobs run at the same time"
        runs = f"{all_the_time if fewest == most and least % period == 0 else some}: each run takes at least {duration(least)}"
        yield s.hit(field, runs=runs, **values, confidence="certain", label=f"{at_once} at the same time")
    elif (given := most_run(s))[0] is not None and given[0] > period:
        at_once = meanwhile(s, given[0])[1] + 1
        runs = f"up to {at_once} Jobs run at the same time: a run may take {duration(given[0])} ({given[1]})"
        yield s.hit(field, runs=runs, **values, severity="info" if said else "", label=f"up to {at_once} at the same time")
    elif limit is None and period <= _HOURLY and not isinstance(s.pod.get("activeDeadlineSeconds"), int):
        often = (period <= _OFTEN or _writes_a_claim(s)) and not said and not harmless(s)
        runs = f"runs that hang pile up, at most {starts_a_day(s)} a day: no run has a deadline"
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


def forbid_without_deadline(s: Subject) -> Iterator[Hit]:
    """Forbid without a deadline: a run that hangs blocks all later ones."""
    if s.cron.get("concurrencyPolicy") != "Forbid" or deadline_of(s) is not None or s.cron.get("suspend") is True:
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
    period = period_of(s)
    if not period:
        return
    limit, least = deadline_of(s), least_run(s)
    if least >= period:
        next_start, which = f"the next start, after {duration(period)}, kills it", "no run ever finishes"
        if least < longest_of(s):
            next_start, which = f"a start that comes {duration(period)} later kills it", "such a run never finishes"
        problem = f"each run takes at least {duration(least)} and {next_start}: {which}"
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
    period = period_of(s)
    if not period:
        return
    limit, least = deadline_of(s), least_run(s)
    if limit is not None and 0 < limit < least:
        least = limit
    starting = s.cron.get("startingDeadlineSeconds")
    if least > period:
        fewest, due = meanwhile(s, least)
        several = f"{'' if fewest == due else 'up to '}{due} starts are due during it"
        starts = f"the next start {'is' if fewest == due else 'may be'} due during it" if due == 1 else several
        sure = f"Each run takes at least {duration(least)}"
        severity, confidence = "warning", "certain"
    elif (given := most_run(s))[0] is not None and given[0] > period:
        due = meanwhile(s, given[0])[1]
        starts = "the next start may be due during it" if due == 1 else f"up to {due} starts are due during it"
        sure = f"A run may take {duration(given[0])} ({given[1]})"
        severity, confidence = "", ""
    else:
        return
    caught = "it comes late, when the run ends" if due == 1 else "one comes late, the others are skipped"
    if isinstance(starting, int) and starting < period:
        caught = f"starts more than {starting}s late are skipped"
    yield s.hit(
        "spec.concurrencyPolicy",
        starts=distance(s),
        sure=sure,
        due=starts,
        caught=caught,
        severity=severity,
        confidence=confidence,
        label="starts are late or skipped",
    )
