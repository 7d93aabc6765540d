"""From a judged object to its explanation: runs the scenarios and puts the sentences together; knows no output format."""

from __future__ import annotations

from joblint.explain import sentences
from joblint.explain.explanation import Explanation, Told
from joblint.explain.limits import limits
from joblint.rules.subject import Subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import Verdict
    from joblint.controller.scenario import Scenario
    from joblint.source.documents import Document


def explain(
    document: Document,
    prefix: str,
    value: dict[str, Any],
    verdict: Verdict,
    version: str,
    *,
    scenario: Scenario | str | None,
    run: float,
    until: float | None,
    now: float,
) -> Explanation:
    """The explanation of one Job or CronJob.

    `scenario` is one to tell beside the built-in ones, or the name of one of these; `run` is how long each try runs and
    `until` how long is looked on, in seconds; `now` is the time from which a CronJob's next starts are counted (epoch
    seconds). Of an object that the server refuses it tells what would happen once mended, where that can be told.
    """
    from joblint.rules.mended import nearest_accepted

    base = nearest_accepted(value, verdict, version)
    s = Subject(document, prefix, value, verdict, base, version)
    line = document.span(prefix.rstrip(".")).line if prefix else document.line
    kind = s.kind if s.kind in ("Job", "CronJob") else "Job"
    if base.defaulted is None or not s.pod:
        nothing = Explanation(
            document.file, document.index, line, kind, s.name, version, verdict, False, None, ("", ""), "", (), None, (), None, ()
        )
        return nothing
    p = s.prediction
    told = _scenarios(s, run, until)
    asked = _asked(s, scenario, told, until)
    schedule = None
    if kind == "CronJob":
        from joblint.explain.cron import schedule_of

        schedule = schedule_of(s, now, run)
    from joblint.controller.official import official

    fits = official(s.job)
    rest = [("left", sentences.left(s, p)), ("applied again", sentences.applied_again(s, p)), ("deleted", sentences.deleted(s))]
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
        (fits.name, fits.when),
        sentences.headline(s),
        limits(s, run),
        asked,
        told,
        schedule,
        tuple(rest),
    )


def _scenarios(s: Subject, run: float, until: float | None) -> tuple[Told, ...]:
    """The built-in scenarios, the failing one first: it is what the limits are there for."""
    from joblint.controller.scenario import BUILT_IN, built_in

    names = sorted(BUILT_IN, key=lambda n: n != "fail")
    return tuple([_tell(s, built_in(n, run), sentences.title(n, run), until) for n in names])


def _tell(s: Subject, scenario: Scenario, title: str, until: float | None) -> Told:
    from joblint.controller.ends import end_of

    found = s.prediction.simulate(scenario, until)
    end = end_of(scenario.name, s.prediction.spec, found)
    return Told(scenario.name, title, sentences.ending(s, end), end, found)


def _asked(s: Subject, scenario: Scenario | str | None, told: tuple[Told, ...], until: float | None) -> Told | None:
    if scenario is None:
        return None
    if isinstance(scenario, str):
        return next(t for t in told if t.name == scenario)
    return _tell(s, scenario, f"as {scenario.name} says", until)
