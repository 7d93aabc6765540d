"""What a CronJob's schedule comes to: the next starts, and what happens when runs take longer than the period."""

from __future__ import annotations

from joblint.api.create.defaults import CONCURRENCY_POLICY, FAILED_JOBS_KEPT, SUCCESSFUL_JOBS_KEPT
from joblint.base.durations import show_duration
from joblint.base.words import count
from joblint.controller.cron.simulate import next_starts, simulate
from joblint.controller.cron.trace import JobRun
from joblint.explain.explanation import Overlap, Schedule, Start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.cron.trace import CronJobRun, CronRun
    from joblint.rules.subject import Subject

_SHOWN = 5
_LOOKED_AT = 400  # starts from which the distances are read
_PERIODS = 12  # how many periods a simulation of overlapping runs lasts


def schedule_of(s: Subject, now: float, run: float) -> Schedule:
    """The schedule of a CronJob as seen at `now` (epoch seconds); `run` is how long each Job takes, in seconds."""
    cronjob: dict[str, Any] = s.nearest.defaulted or {}
    cron = s.cron
    text = str(cron.get("schedule") or "")
    zone = str(cron.get("timeZone") or "")
    found = next_starts(cronjob, _LOOKED_AT, now)
    gaps = [b.at - a.at for a, b in zip(found, found[1:], strict=False)]
    notes: list[tuple[str, str]] = []
    if not zone:
        notes.append(("spec.timeZone", "no timeZone: the hours are those of the machine the controller runs on, mostly UTC"))
    if cron.get("suspend") is True:
        notes.append(
            (
                "spec.suspend",
                "suspended: nothing starts; when it is resumed, the last start missed meanwhile is made up for at once",
            )
        )
    notes += _deadline_notes(cron, gaps)
    where = f" in {zone}" if zone else ""
    if not found:
        words = f"{text}{where}: never comes; the controller says InvalidSchedule and starts nothing"
        return Schedule(text, zone or "UTC", words, (), (), tuple(notes))
    words = f"{text}{where}: {_distance(gaps)}"
    shown = tuple([Start(f.local, f.utc, f.job) for f in found[:_SHOWN]])
    overlaps = _overlaps(cronjob, found[0].at, _usual(gaps), run, s.prediction.tries(run).ends_at)
    return Schedule(text, zone or "UTC", words, shown, overlaps, tuple(notes + [("spec", _history(cron))]))


def _usual(gaps: list[int]) -> int:
    """The distance between starts that lies in the middle of all, in seconds; 0 where there is none."""
    return sorted(gaps)[len(gaps) // 2] if gaps else 0


def _distance(gaps: list[int]) -> str:
    if not gaps:
        return "one start"
    low, high, usual = min(gaps), max(gaps), _usual(gaps)
    if low == high:
        return f"a start every {show_duration(low)}"
    if gaps.count(usual) > len(gaps) * 0.9:
        return f"a start every {show_duration(usual)}, now and then {show_duration(low)} to {show_duration(high)}"
    return f"{show_duration(low)} to {show_duration(high)} between starts"


def _deadline_notes(cron: dict[str, Any], gaps: list[int]) -> list[tuple[str, str]]:
    deadline = cron.get("startingDeadlineSeconds")
    field = "spec.startingDeadlineSeconds"
    if deadline is None:
        return []
    if deadline == 0:
        return [(field, "startingDeadlineSeconds 0: no start is ever in time; nothing runs, and nothing says so")]
    return [(field, f"a start that is more than {show_duration(deadline)} late is skipped")]


def _history(cron: dict[str, Any]) -> str:
    good, bad = (
        cron.get("successfulJobsHistoryLimit", SUCCESSFUL_JOBS_KEPT),
        cron.get("failedJobsHistoryLimit", FAILED_JOBS_KEPT),
    )
    return f"kept: the last {count(good, 'successful Job')} and {count(bad, 'failed one')}, with Pods and logs"


def _overlaps(cronjob: dict[str, Any], first: int, period: int, run: float, failing: float | None) -> tuple[Overlap, ...]:
    """What becomes of runs that take `run`, that fail to the end (`failing` seconds), half as long again as the period, and
    indefinitely."""
    if period <= 0:
        return ()
    runs = [(JobRun(period * 1.5), "runs of "), (JobRun(None), "a run that never ends")]
    if run > period:
        runs.insert(0, (JobRun(run), "runs of "))
    elif failing is not None and failing > period:
        runs.insert(0, (JobRun(failing, "Failed"), "runs whose every attempt fails, for "))
    policy = str((cronjob.get("spec") or {}).get("concurrencyPolicy") or CONCURRENCY_POLICY)
    horizon = first + _PERIODS * period
    found = []
    for each, words in runs:
        result = simulate(cronjob, first - 1, horizon, (each,), most_jobs=1000)
        seconds = each.seconds
        when = words if seconds is None else f"{words}{show_duration(seconds)} (the period is {show_duration(period)})"
        found.append(_told(policy, seconds, when, result, first, horizon))
    return tuple(found)


def _told(policy: str, seconds: float | None, when: str, result: CronRun, first: int, horizon: int) -> Overlap:
    started = len(result.jobs)
    skipped = len(result.lost)
    replaced = sum([1 for j in result.jobs if j.deleted_by == "replaced"])
    done = sum([1 for j in result.jobs if j.outcome is not None])
    if policy == "Forbid":
        text = f"{when}: the next start waits; {count(started, 'Job')} started and {count(skipped, 'start')} skipped"
        text += f" in {_PERIODS} periods"
        if seconds is None:
            text = f"{when} blocks all later ones: {count(skipped, 'start')} skipped in {_PERIODS} periods, and so on"
    elif policy == "Replace":
        text = f"{when}: each start kills the one before; {replaced} of {started} were killed, {done} finished"
        text += f" in {_PERIODS} periods"
    else:
        text = f"{when}: they pile up, {result.most_running} at once after {_PERIODS} periods"
        if seconds is not None:
            text = f"{when}: they overlap, up to {result.most_running} at once"
    jobs = [(j.created - first, None if e is None else e - first, how) for j in result.jobs for e, how in (_end_of(j),)]
    missed = [float(m.scheduled - first) for m in result.lost]
    length = -1.0 if seconds is None else seconds
    return Overlap(length, text, started, skipped, result.most_running, tuple(jobs), tuple(missed), float(horizon - first))


def _end_of(job: CronJobRun) -> tuple[float | None, str]:
    """When a Job stopped running, and how."""
    if job.finished is not None:
        return job.finished, "failed" if job.outcome == "Failed" else "complete"
    if job.deleted is not None:
        return job.deleted, "replaced"
    return None, "running"
