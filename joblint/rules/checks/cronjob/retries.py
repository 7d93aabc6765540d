"""The back-off of a failing run compared with the period: what becomes of the starts that are due meanwhile."""

from __future__ import annotations

from math import ceil

from joblint.base.durations import show_duration as duration
from joblint.base.durations import show_span
from joblint.base.record import Record
from joblint.base.words import count
from joblint.rules.checks.cronjob.period import deadline_of, longest_of, meanwhile, period_of
from joblint.rules.finding import Hit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import Subject


def retries_outlast_period(s: Subject) -> Iterator[Hit]:
    """The back-off of a failing run takes longer than the period."""
    if s.kind != "CronJob":
        return
    period = period_of(s)
    if not period or s.pod.get("restartPolicy") not in ("Never", "OnFailure") or s.spec.get("backoffLimit") == 0:
        return
    limit = deadline_of(s)
    if limit is not None and limit <= period:
        return
    said = "backoffLimit" in s.sent_spec
    field = f"{s.spec_at}.backoffLimit" if said else "spec.schedule"
    backoff = s.prediction.least_backoff
    runs = _runs(s)
    run, each, _ = runs[0]
    warns = said and s.concurrency_policy == "Forbid" and limit is None
    if not warns and not each and backoff > period and backoff + run * s.backoff_limit <= _LONGEST:
        # It is longer in any case, and an info: the simulation is for the text alone.
        yield Hit(field, {}, later=lambda: _told(s, field, period, _longer(s, period, limit, runs)[0]))
        return
    for found in _longer(s, period, limit, runs):
        yield _told(s, field, period, found)


_LONGEST = 10**9  # seconds; longer runs are not simulated
_LONG = 86400  # seconds; of longer runs the typical end is enough, which takes a third of the time
_SPREAD = 0.003  # of that end: the earliest and the latest one differ by less


class _Retrying(Record):
    """How long a run takes at least and at most whose every attempt fails; what of it each attempt takes, in seconds and in
    words; and whether it takes that in any case."""

    low: float
    high: float
    run: float
    each: str
    sure: bool


def _told(s: Subject, field: str, period: int, found: _Retrying) -> Hit:
    starts = range(meanwhile(s, found.low)[0], meanwhile(s, found.high)[1] + 1)
    policy = s.concurrency_policy
    said = "backoffLimit" in s.sent_spec
    retries = s.backoff_limit
    waits = False
    if policy == "Forbid":
        effect, waits = _missed(s, starts, period, found.high)
    elif policy == "Replace":
        effect = "the next start kills them first"
    else:
        effect = f"{_several(range(starts[0] + 1, starts[-1] + 2), 'Job')} retry at the same time"
    fitting = 0
    while fitting < 12 and s.prediction.backoff_before(fitting + 1) + (fitting + 2) * found.run < period:
        fitting += 1
    warns = found.sure and said and policy == "Forbid" and not waits and deadline_of(s) is None
    return s.hit(
        field,
        needed=show_span((found.low, found.high)) + found.each,
        limit=retries,
        default="" if said else " (default)",
        next=f"the {'' if period == longest_of(s) else 'shortest '}period is {duration(period)}",
        effect=effect,
        fitting=min(fitting, max(retries - 1, 0)),
        severity="warning" if warns else "",
        label="longer than the period",
    )


def _runs(s: Subject) -> list[tuple[float, str, bool]]:
    """How long an attempt may take: in seconds and in words, and whether it takes that in any case."""
    from joblint.controller.prediction.predict import RUN
    from joblint.rules.workload.attempt import attempt_of

    attempt = attempt_of(s)
    runs = [(RUN, "", True)]
    if attempt is not None:
        fails, patience = float(int(attempt.fails)), float(int(attempt.patience))
        if fails > RUN:
            runs = [(fails, f" ({duration(int(fails))} each)", True)]
        if patience > max(fails, RUN):
            runs.append((patience, f" (up to {duration(int(patience))} each)", False))
    return runs


def _longer(s: Subject, period: int, limit: int | None, runs: list[tuple[float, str, bool]]) -> list[_Retrying]:
    """The first of the runs that takes longer than the period, if there is one."""
    # The attempts and the node also take time: the back-off is the lower bound.
    backoff = s.prediction.least_backoff
    for run, each, sure in runs:
        if backoff + run * s.backoff_limit > _LONGEST or not each and backoff <= period:
            continue
        if backoff > _LONG:
            at = s.prediction.failure(run)[1]
            low, high = (float(backoff),) * 2 if at is None else (at * (1 - _SPREAD), at * (1 + _SPREAD))
        else:
            low, high = s.prediction.tries(run).ends or (float(backoff), float(backoff))
        low = max(low, float(backoff if limit is None else min(backoff, limit)))
        if low > period:
            return [_Retrying(low, max(low, high), run, each, sure)]
    return []


def _missed(s: Subject, starts: range, period: int, longest: float) -> tuple[str, bool]:
    """What happens to the starts that are due during a failing run, and whether none is lost.

    The latest missed start begins when the run ends, if that is within startingDeadlineSeconds; the others are lost (Kubernetes
    1.36.3, pkg/controller/cronjob/utils.go, mostRecentScheduleTime).
    """
    deadline = s.cron.get("startingDeadlineSeconds")
    late = longest - starts[-1] * period if len(starts) == 1 or starts[-1] == 1 else min(longest, longest_of(s))
    if isinstance(deadline, int) and late > deadline:
        return f"{_several(starts, 'start')} {'is' if starts[-1] == 1 else 'are'} skipped in that time", False
    lost = range(max(0, starts[0] - 1), starts[-1])
    if not lost[-1]:
        return f"the next start is up to {duration(ceil(late))} late", True
    verb = "is" if lost[-1] == 1 else "are"
    return f"{_several(lost, 'start')} {verb} skipped, 1 is late", False


def _several(numbers: range, what: str) -> str:
    """`3 starts`, `3 to 4 starts`, or `up to 4 starts`."""
    most = count(numbers[-1], what)
    return most if len(numbers) == 1 else f"{numbers[0]} to {most}" if numbers[0] else f"up to {most}"
