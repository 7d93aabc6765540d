"""The back-off of a failing run compared with the period: what becomes of the starts that are due meanwhile."""

from __future__ import annotations

from math import ceil

from joblint.base.durations import show_duration as duration
from joblint.base.durations import show_span
from joblint.base.words import count
from joblint.rules.checks.cronjob.period import deadline_of, longest_of, meanwhile, period_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
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
    found = _retrying(s, period, limit)
    if found is None:
        return
    low, high, run, each, sure = found
    policy = s.concurrency_policy
    starts = range(meanwhile(s, low)[0], meanwhile(s, high)[1] + 1)
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
        next=f"the {'' if period == longest_of(s) else 'shortest '}period is {duration(period)}",
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
    late = longest - starts[-1] * period if len(starts) == 1 or starts[-1] == 1 else min(longest, longest_of(s))
    if isinstance(deadline, int) and late > deadline:
        return f"{_several(starts, 'start')} {'is' if starts[-1] == 1 else 'are'} skipped meanwhile", False
    lost = range(max(0, starts[0] - 1), starts[-1])
    if not lost[-1]:
        return f"the next start is up to {duration(ceil(late))} late", True
    verb = "is" if lost[-1] == 1 else "are"
    return f"{_several(lost, 'start')} {verb} skipped, 1 is late", False


def _several(numbers: range, what: str) -> str:
    """`3 starts`, `3 to 4 starts`, or `up to 4 starts`."""
    most = count(numbers[-1], what)
    return most if len(numbers) == 1 else f"{numbers[0]} to {most}" if numbers[0] else f"up to {most}"
