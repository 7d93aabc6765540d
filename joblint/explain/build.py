"""From a validated object to its explanation: runs the scenarios and combines the sentences; knows nothing about output
format.
"""

from __future__ import annotations

from joblint.api.apply.tools import way_of
from joblint.base.durations import show_duration
from joblint.controller.prediction.predict import RUN
from joblint.explain import sentences
from joblint.explain.adoption import adopts
from joblint.explain.explanation import Explanation, Rung, Told
from joblint.explain.limits import limits
from joblint.explain.precedence import precedence
from joblint.rules.subject import Subject, as_list
from joblint.rules.workload.attempt import attempt_of

LADDER = (1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 21600.0)
"""Run times of an attempt, in seconds, for which a Job is simulated for comparison."""

MOVING = ("fail", "succeed", "evict")
"""The scenarios that depend on how long an attempt runs."""

MOST_EVENTS = 40_000
"""About so many events are simulated for all run times together: a second's work."""

MOST_TRIES = 600
"""About this many attempts are reported for all run times together."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import Verdict
    from joblint.controller.scenario.recorded import Recorded
    from joblint.controller.scenario.scenario import Scenario
    from joblint.explain.explanation import Limit
    from joblint.rules.refusals.unknown import Assumed
    from joblint.rules.workload.attempt import Attempt
    from joblint.source.documents import Document


def explain(
    document: Document,
    prefix: str,
    value: dict[str, Any],
    verdict: Verdict,
    version: str,
    *,
    scenario: Scenario | str | None,
    run: float | None,
    until: float | None,
    now: float,
    ladder: bool = False,
    recorded: Recorded | None = None,
) -> Explanation:
    """Return the explanation of one Job or CronJob.

    `scenario` is one more to simulate, or the name of a built-in one; `run` is how long each attempt runs (None:
    as its commands show, or 1 s) and `until` the simulated time, in seconds; `now` is the time from which a CronJob's next
    starts are counted (epoch seconds). For an object that the API server rejects, it describes what would happen after the
    fix, if that is known. With `ladder`, it also contains the results for a series of other run times. Placeholders are
    read as the default of their field, or as an example of what may be there; a note says so. With `recorded`, the state of a
    live Job, the scenarios start from that state.
    """
    if verdict.accepted:
        return _explained(document, prefix, value, verdict, version, scenario, run, until, now, ladder, (), recorded)
    from joblint.rules.refusals.unknown import example

    way, assumed = example(document, prefix, value, verdict, version)
    found = _explained(document, prefix, way.object, way.verdict, version, scenario, run, until, now, ladder, assumed, None)
    if not way.tokens:
        return found
    from joblint.rules.refusals.stand_ins import put_back_in

    named: Explanation = put_back_in(found, way.tokens)
    return named


def _explained(
    document: Document,
    prefix: str,
    value: dict[str, Any],
    verdict: Verdict,
    version: str,
    scenario: Scenario | str | None,
    asked_run: float | None,
    until: float | None,
    now: float,
    ladder: bool,
    assumed: tuple[Assumed, ...],
    recorded: Recorded | None,
) -> Explanation:
    from joblint.rules.refusals.nearest_accepted import nearest_accepted

    nearest = nearest_accepted(value, verdict, version)
    s = Subject(document, prefix, nearest.object, verdict, nearest.verdict, version)
    line = document.span(prefix.rstrip(".")).line if prefix else document.line
    kind = s.kind if s.kind in ("Job", "CronJob") else "Job"
    if nearest.verdict.defaulted is None or not s.pod:
        nothing = Explanation(
            document.file, document.index, line, kind, s.name, version, verdict, False, None, ("", ""), "", (), None, (), None, ()
        )
        return nothing
    p = s.prediction
    p.recorded = recorded
    attempt = attempt_of(s) if asked_run is None else None
    run, good = _run_times(asked_run, attempt)
    told = _scenarios(s, run, good, until)
    asked = _asked(s, scenario, told, until)
    schedule = None
    if kind == "CronJob":
        from joblint.explain.cron import schedule_of

        around = scenario.around if scenario is not None and not isinstance(scenario, str) else None
        schedule = schedule_of(s, now, run, good, around)
    from joblint.controller.prediction.documented_patterns import documented_pattern

    documented = documented_pattern(s.job)
    rows = limits(s, run)
    rest = [
        ("run time", _run_time(s, attempt, asked_run, run, good)),
        ("placeholders", "; ".join([f"{a.field.rpartition('.')[2]}: {a.placeholder} is treated as {a.words}" for a in assumed])),
        ("containers", _not_simulated(s)),
        ("reached first", precedence(s, rows, run)),
        ("adopts", adopts(s)),
        ("once resumed", _once_resumed(s, run, good)),
        ("gates removed", _once_ungated(s, run, good)),
        ("what is kept", sentences.left(s, p)),
        ("applied again", sentences.applied_again(s, p)),
        ("deleted", sentences.deleted(s)),
    ]
    rungs = _rungs(s, run, until, rows, told if run == good else _scenarios(s, run, run, until)) if ladder else ()
    return Explanation(
        document.file,
        document.index,
        line,
        kind,
        s.name,
        version,
        verdict,
        True,
        p.pattern,
        (documented.name, documented.when),
        sentences.headline(s),
        rows,
        asked,
        told,
        schedule,
        tuple([(title, text) for title, text in rest if text]),
        rungs,
        _ordinary(s),
    )


def _run_time(s: Subject, attempt: Attempt | None, asked: float | None, run: float, good: float) -> str:
    """What shows the run time of an attempt, or that it is assumed; nothing if it was requested or nothing runs."""
    if attempt is not None:
        return sentences.run_time(s, attempt, run, good)
    if asked is not None or not s.prediction.at_once or s.prediction.spec.managed_elsewhere:
        return ""
    return f"{show_duration(run)} per attempt is assumed, because the commands do not show it; --run sets another time"


def _run_times(asked: float | None, attempt: Attempt | None) -> tuple[float, float]:
    """The seconds that a failing and a succeeding attempt are assumed to run; a requested value applies to both."""
    if asked is not None:
        return asked, asked
    if attempt is None:
        return RUN, RUN
    return max(RUN, float(round(attempt.fails))), max(RUN, float(round(attempt.least)))


def _not_simulated(s: Subject) -> str:
    """Which containers the simulation leaves out."""
    from joblint.controller.node.kubelet import MOST_CONTAINERS

    told = []
    for key, word in (("initContainers", "init containers"), ("containers", "containers")):
        count = len(as_list(s.pod.get(key)))
        if count > MOST_CONTAINERS:
            told.append(f"only the first {MOST_CONTAINERS} of the {count} {word} of a Pod are simulated")
    return "; ".join(told)


def _scenarios(s: Subject, run: float, good: float, until: float | None) -> tuple[Told, ...]:
    """The built-in scenarios, the failing one first, because the limits are about it; `run` and `good` are the run times of a
    failing and of a succeeding attempt."""
    from joblint.controller.scenario.scenario import BUILT_IN

    names = sorted(BUILT_IN, key=lambda n: n != "fail")
    lasts = {name: run if name == "fail" else good for name in names}
    return tuple([_tell(s, s.prediction.scenario(n, t), sentences.title(n, t), until, t) for n, t in lasts.items()])


def _rungs(s: Subject, run: float, until: float | None, rows: tuple[Limit, ...], told: tuple[Told, ...]) -> tuple[Rung, ...]:
    """The Job's results for other run times; the more events, the fewer of them."""

    def moving(all_told: tuple[Told, ...]) -> tuple[Told, ...]:
        return tuple([t for t in all_told if t.name in MOVING])

    events = sum([max(len(t.run.events), 3 * (t.run.pods + t.run.restarts)) for t in moving(told)])
    tries = sum([min(t.run.pods + t.run.restarts, MOST_TRIES // 3) for t in moving(told)])
    if not tries:
        return ()
    found = []
    fewest = 3 if events < MOST_EVENTS else 1
    for seconds in run_times(run, max(fewest, min(len(LADDER), MOST_EVENTS // max(1, events), MOST_TRIES // tries))):
        if seconds == run:
            found.append(Rung(run, rows, moving(told)))
            continue
        others = [_tell(s, s.prediction.scenario(n, seconds), sentences.title(n, seconds), until, seconds) for n in MOVING]
        found.append(Rung(seconds, limits(s, seconds), tuple(others)))
    return tuple(found)


def run_times(run: float, most: int) -> tuple[float, ...]:
    """Return at most this many run times in seconds, shortest first, including `run`, the others evenly from the ladder."""
    others = [t for t in LADDER if t != run]
    few = most - 1
    picked = [others[i * (len(others) - 1) // max(1, few - 1)] for i in range(few)] if few < len(others) else others
    return tuple(sorted({run, *picked}))


def _tell(s: Subject, scenario: Scenario, title: str, until: float | None, seconds: float | None = None) -> Told:
    from joblint.controller.prediction.endings import end_of
    from joblint.controller.scenario.scenario import BUILT_IN

    if until is None and scenario.name in BUILT_IN and seconds is not None:
        found = s.prediction.run(scenario.name, seconds)  # also used by the limits
    else:
        found = s.prediction.simulate(scenario, until)
    end = end_of(scenario.name, s.prediction.spec, found)
    return Told(scenario.name, title, sentences.ending(s, end, found, seconds), end, found)


def _once_resumed(s: Subject, run: float, good: float) -> str:
    """What a suspended Job does if it is resumed as soon as it is created."""
    if not s.prediction.spec.suspend or s.prediction.spec.managed_elsewhere:
        return ""
    from joblint.base.record import replace
    from joblint.controller.prediction.endings import end_of
    from joblint.controller.scenario.scenario import Action

    ends = {}
    for name, lasts in (("succeed", good), ("fail", run)):
        scenario = replace(s.prediction.scenario(name, lasts), actions=(Action(0.0, "patch", {"spec": {"suspend": False}}),))
        found = s.prediction.simulate(scenario)
        ends[name] = sentences.ending(s, end_of(name, s.prediction.spec, found), found, lasts)
    return _both(ends, "it is resumed")


def _both(ends: dict[str, str], since: str) -> str:
    """Both ends in one sentence; `since` is the moment from which their times count."""
    if ends["succeed"] == ends["fail"]:
        return f"{ends['fail']}, whatever the program does"
    return f"if the program succeeds, {ends['succeed']}; if every attempt fails, {ends['fail']}; times count from when {since}"


def _once_ungated(s: Subject, run: float, good: float) -> str:
    """What a Job does whose scheduling gates are removed as soon as its Pods are created."""
    if not s.pod.get("schedulingGates") or s.prediction.spec.suspend or not s.prediction.at_once:
        return ""
    p = s.prediction.without_gates()
    lasts = {"succeed": good, "fail": run}
    ends = {name: sentences.told_end(s, p.end(name, t), p.run(name, t)) for name, t in lasts.items()}
    return _both(ends, "the gates are removed")


def _ordinary(s: Subject) -> tuple[str, ...]:
    """The titles of what is the same for nearly every Job."""
    p = s.prediction
    found = ["what is kept", "deleted"]
    if not way_of(s.object).tool and (s.kind == "CronJob" or (s.metadata.get("name") and p.ttl is None)):
        found.append("applied again")
    return tuple(found)


def _asked(s: Subject, scenario: Scenario | str | None, told: tuple[Told, ...], until: float | None) -> Told | None:
    if scenario is None:
        return None
    if isinstance(scenario, str):
        return next(t for t in told if t.name == scenario)
    from joblint.base.record import replace

    recorded = s.prediction.recorded
    begun = scenario if recorded is None else replace(scenario, recorded=recorded)  # a live Job goes on from where it is
    return _tell(s, begun, f"scenario {scenario.name}", until)
