"""When each attempt of a Job begins whose every attempt fails, read off a simulation; knows runs, no rules and no words."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.trace import Run


class Tries(Record):
    """The attempts of a Job whose every attempt runs `run` seconds and fails.

    `begins`: seconds at which each round of attempts typically begins (Pods of restartPolicy Never, runs of the containers of
    OnFailure); each round has at most `at_once` attempts. `ends_at` is when the Job is Failed, None if that never comes (or not
    within 30 days), `ends` its earliest and latest likely time; `reason` that of the condition. `failed` is what the status
    counts at the end."""

    run: float
    begins: tuple[float, ...]
    at_once: int
    ends_at: float | None
    ends: tuple[float, float] | None
    reason: str | None
    failed: int


def tries_of(found: Run, run: float, on_failure: bool) -> Tries:
    """The attempts of a run in which every attempt fails after `run` seconds."""
    rounds: list[float] = []
    most = here = 0
    for event in found.events:
        if event.event == "pod-created" or (event.event == "container-restarted" and on_failure):
            here = here + 1 if rounds and rounds[-1] == event.t else 1
            if here == 1:
                rounds.append(event.t)
            most = max(most, here)
    conditions = found.final.conditions
    reason = conditions[-1].reason if found.outcome == "failed" and conditions else None
    if reason is None:
        return Tries(run, tuple(rounds), most, None, None, None, found.final.failed)
    return Tries(run, tuple(rounds), most, found.ends_at, found.ends_between, reason, found.final.failed)
