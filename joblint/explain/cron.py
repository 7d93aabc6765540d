"""What a CronJob's schedule does: the next starts, and what happens when runs take longer than the period."""

from __future__ import annotations

from joblint.api.create.defaults import CONCURRENCY_POLICY, FAILED_JOBS_KEPT, SUCCESSFUL_JOBS_KEPT
from joblint.base.durations import show_duration, show_span
from joblint.controller.cron.simulate import next_starts, simulate
from joblint.controller.cron.trace import JobRun
from joblint.controller.node.stopping import grace_period
from joblint.explain.explanation import Overlap, Schedule, Start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.cron.trace import CronJobRun, CronRun
    from joblint.controller.prediction.predict import Prediction
    from joblint.controller.scenario.scenario import Surroundings
    from joblint.rules.subject import Subject

_SHOWN = 5
_LOOKED_AT = 400  # starts from which the distances are computed
_STARTS = 12  # the number of starts in a simulation of overlapping runs


def schedule_of(s: Subject, now: float, run: float, good: float, around: Surroundings | None = None) -> Schedule:
    """Return the schedule of a CronJob as seen at `now` (epoch seconds); `run` is the run time of a failing attempt, `good` of
    a succeeding one, in seconds, `around` the other objects in its namespace."""
    cronjob: dict[str, Any] = s.nearest.defaulted or {}
    cron = s.cron
    text = str(cron.get("schedule") or "")
    zone = str(cron.get("timeZone") or "")
    found = next_starts(cronjob, _LOOKED_AT, now)
    starts = [f.at for f in found]
    gaps = [b - a for a, b in zip(starts, starts[1:], strict=False)]
    notes: list[tuple[str, str]] = []
    if not zone:
        notes.append(("spec.timeZone", "no timeZone: the schedule uses the controller manager's time zone, usually UTC"))
    if cron.get("suspend") is True:
        notes.append(
            (
                "spec.suspend",
                "suspended: nothing starts; when it is resumed, a Job for the last missed start is created immediately",
            )
        )
    notes += _deadline_notes(cron)
    where = f" in {zone}" if zone else ""
    if not found:
        words = f"{text}{where}: never matches; the controller writes an InvalidSchedule event and starts nothing"
        return Schedule(text, zone or "UTC", words, (), (), tuple(notes))
    offsets = [f.local[-6:] for f in found]
    changed = [a != b for a, b in zip(offsets, offsets[1:], strict=False)]
    words = f"{text}{where}: {_distance(gaps, changed)}"
    shown = tuple([Start(f.local, f.utc, f.job) for f in found[:_SHOWN]])
    overlaps = _overlaps(cronjob, s.prediction, starts, run, good) if gaps else ()
    notes.append(("spec", _history(cron, s.prediction.ttl, _usual(gaps))))
    notes += _quota_notes(cron, around, s.prediction.ttl)
    return Schedule(text, zone or "UTC", words, shown, overlaps, tuple(notes))


def _usual(gaps: list[int]) -> int:
    """The median distance between starts, in seconds; 0 if there is none."""
    return sorted(gaps)[len(gaps) // 2] if gaps else 0


def _distance(gaps: list[int], at_clock_changes: list[bool]) -> str:
    """The distances between starts in words; `at_clock_changes`: whether the clock is changed within each of them."""
    if not gaps:
        return "one start"
    low, high, usual = min(gaps), max(gaps), _usual(gaps)
    if low == high:
        return f"a start every {show_duration(low)}"
    if all(gap == usual or changed for gap, changed in zip(gaps, at_clock_changes, strict=True)):
        others = sorted({show_duration(gap) for gap in (low, high) if gap != usual})
        return f"a start every {show_duration(usual)}, except at clock changes ({' or '.join(others)})"
    if gaps.count(usual) > len(gaps) * 0.9:
        extremes = f"the shortest gap is {show_duration(low)}, the longest {show_duration(high)}"
        return f"usually a start every {show_duration(usual)}; {extremes}"
    return f"{show_duration(low)} to {show_duration(high)} between starts"


def _deadline_notes(cron: dict[str, Any]) -> list[tuple[str, str]]:
    deadline = cron.get("startingDeadlineSeconds")
    field = "spec.startingDeadlineSeconds"
    if deadline is None:
        return []
    if deadline == 0:
        return [(field, "startingDeadlineSeconds 0: every start is too late; nothing runs, and nothing reports it")]
    return [(field, f"a start that is more than {show_duration(deadline)} late is skipped")]


def _limits(cron: dict[str, Any]) -> tuple[int, int]:
    """How many successful and failed Jobs are kept."""
    return (
        int(cron.get("successfulJobsHistoryLimit", SUCCESSFUL_JOBS_KEPT)),
        int(cron.get("failedJobsHistoryLimit", FAILED_JOBS_KEPT)),
    )


def _history(cron: dict[str, Any], ttl: int | None, period: int) -> str:
    """Which finished Jobs are kept, and for how long."""
    good, bad = _limits(cron)
    kept = ["the last successful Job" if good == 1 else f"the last {good} successful Jobs"] if good else []
    kept += ["the last failed one" if bad == 1 else f"the last {bad} failed ones"] if bad else []
    if ttl is not None:
        gone = f"each Job is deleted {show_duration(ttl)} after it finishes, with Pods and logs (ttlSecondsAfterFinished)"
        if not kept:
            return "nothing is kept: each Job is deleted with its Pods and logs when it finishes"
        if not period or ttl < period * min(n for n in (good, bad) if n):
            return f"{gone}, before the history limits apply" if ttl < period else gone
        return f"{gone}; until then {' and '.join(kept)} are kept"
    if not kept:
        return "nothing is kept: each Job is deleted with its Pods and logs when it finishes"
    none = "" if good and bad else "; no successful Job" if bad else "; no failed Job"
    return f"keeps {' and '.join(kept)}, with Pods and logs{none}"


def _quota_notes(cron: dict[str, Any], around: Surroundings | None, ttl: int | None) -> list[tuple[str, str]]:
    """Notes on a quota on Jobs that kept finished Jobs use up."""
    quota = dict(around.quota) if around is not None else {}
    most = quota.get("count/jobs.batch")
    kept = sum(_limits(cron))
    if most is None or not most.isdigit() or int(most) > kept:
        return []
    ends = "the CronJob stops permanently"
    if ttl is not None:
        ends = f"the CronJob stops until the TTL deletes a Job, {show_duration(ttl)} after its end"
    text = (
        f"the quota count/jobs.batch: {most} also counts finished Jobs, and the history limits keep up to {kept}. Once {most} "
        f"exist, no new Job is created, so no later Job finishes and no old one is deleted: {ends}"
    )
    return [("spec", text)]


class _Case:
    """A kind of run to report: `when` in words, the least and greatest length of its Job (None: it never ends)."""

    __slots__ = ("when", "low", "high", "outcome")

    def __init__(self, when: str, between: tuple[float, float] | None, outcome: str = "Complete") -> None:
        self.when = when
        self.low: float | None = None if between is None else between[0]
        self.high: float | None = None if between is None else between[1]
        self.outcome = outcome


def _cases(p: Prediction, run: float, good_run: float, shortest: int, usual: int) -> list[_Case]:
    """The runs that may last until the next start: the requested one, a failing one, one that hangs, a long one."""
    found = []
    good = p.end("succeed", good_run)
    if good.between is None or good.between[1] >= shortest:
        found.append(_Case(f"if a run takes {show_duration(good_run)}", good.between, good.type or "Complete"))
    bad = p.tries(run).ends
    if bad is not None and bad[1] >= shortest:
        found.append(_Case(f"if every attempt fails ({show_span(bad)})", bad, "Failed"))
    hang = p.end("hang", run).between
    if hang is None:
        found.append(_Case("if a run never ends", None))
    elif hang[1] >= shortest:
        found.append(_Case(f"if a run hangs ({show_span(hang)})", hang, "Failed"))
    if len(found) <= 1 and (hang is None or hang[0] > usual * 1.5):
        found.insert(0, _Case(f"if a run takes {show_duration(usual * 1.5)}", (usual * 1.5, usual * 1.5)))
    return found


def _overlaps(cronjob: dict[str, Any], p: Prediction, starts: list[int], run: float, good: float) -> tuple[Overlap, ...]:
    """What happens to the starts if runs last until the next one."""
    looked_at = starts[: _STARTS + 1]
    gaps = [b - a for a, b in zip(looked_at, looked_at[1:], strict=False)]
    shortest, first = min(gaps), looked_at[0]
    horizon = looked_at[-1] if len(looked_at) > _STARTS else looked_at[-1] + shortest
    policy = str((cronjob.get("spec") or {}).get("concurrencyPolicy") or CONCURRENCY_POLICY)
    found: list[Overlap] = []
    for case in _cases(p, run, good, shortest, _usual(gaps)):
        ends = (case.low,) if case.low == case.high else (case.low, case.high)
        bad = case.outcome == "Failed"
        results = [simulate(cronjob, first - 1, horizon - 1, (_run(end, bad),), most_jobs=1000) for end in ends]
        found.append(_overlap(_what(policy, case, results), case, results[-1], first, horizon))
    if not found:
        least = p.end("hang", run).between
        if least is not None:
            latest = least[1] + grace_period(p.spec.pod) / 1000
            text = f"no overlap: every run ends within {show_duration(latest)} of its start, before the next start"
            least_gap = min(b - a for a, b in zip(starts, starts[1:], strict=False))
            if least_gap <= latest:
                text = f"every run ends within {show_duration(latest)} of its start; the shortest time between two starts is "
                text += f"{show_duration(least_gap)}"
            found.append(Overlap(latest, text, 0, 0, 1))
    return tuple(found)


def _run(seconds: float | None, failed: bool) -> JobRun:
    return JobRun(seconds, "Failed" if failed else "Complete")


def _what(policy: str, case: _Case, results: list[CronRun]) -> str:
    """What the policy does with such runs; "may" if it differs between the shortest and the longest of them."""
    skipped = _range([len(r.lost) for r in results])
    if policy == "Forbid":
        if case.high is None:
            return "it blocks all later starts until somebody deletes its Job"
        if results[0].lost != results[-1].lost and not results[0].lost:
            return f"the next start may be late or skipped ({skipped} of the next {_STARTS})"
        return f"the next start waits until it has ended; {skipped} of the next {_STARTS} starts are skipped"
    if policy == "Replace":
        killed = [sum([1 for j in r.jobs if j.deleted_by == "replaced"]) for r in results]
        if not killed[0] and killed[-1]:
            return "the next start may kill each run: the times are too close to tell"
        done = _range([sum([1 for j in r.jobs if j.outcome is not None]) for r in results])
        finish = "none finishes" if done == "0" else f"{done} finish"
        return f"each start kills the previous run; {_range(killed)} of the next {_STARTS} are killed, {finish}"
    most = [r.most_running for r in results]
    if case.high is None:
        return f"runs pile up, {most[-1]} at the same time after {_STARTS} starts"
    if most[0] == 1 and most[-1] > 1:
        return f"runs may overlap, {most[-1]} at the same time"
    return f"runs overlap, up to {most[-1]} at the same time"


def _range(counts: list[int]) -> str:
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"


def note_title(text: str) -> str:
    """Return the title of a note on a schedule: what it is about."""
    return "history" if text.startswith(("keeps ", "nothing is kept", "each Job")) else "note"


def told_once(overlaps: tuple[Overlap, ...]) -> tuple[tuple[str, tuple[Overlap, ...]], ...]:
    """Return the overlaps in words, each text with its overlaps: equal ones are reported once."""
    kinds: dict[str, list[Overlap]] = {}
    for o in overlaps:
        kinds.setdefault(o.what or o.text, []).append(o)
    found = []
    for what, same in kinds.items():
        when = ", or ".join([o.when for o in same if o.when])
        found.append((f"{when}: {what}" if when else what, tuple(same)))
    return tuple(found)


def _overlap(what: str, case: _Case, result: CronRun, first: int, horizon: int) -> Overlap:
    jobs = [(j.created - first, None if e is None else e - first, how) for j in result.jobs for e, how in (_end_of(j),)]
    missed = [float(m.scheduled - first) for m in result.lost]
    length = -1.0 if case.high is None else case.high
    started, skipped = len(result.jobs), len(result.lost)
    text, until = f"{case.when}: {what}", float(horizon - first)
    return Overlap(length, text, started, skipped, result.most_running, tuple(jobs), tuple(missed), until, case.when, what)


def _end_of(job: CronJobRun) -> tuple[float | None, str]:
    """When a Job stopped running, and how."""
    if job.finished is not None:
        return job.finished, "failed" if job.outcome == "Failed" else "complete"
    if job.deleted is not None:
        return job.deleted, "replaced"
    return None, "running"
