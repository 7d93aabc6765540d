"""A simulated run as bars and marks on a time axis, for every format that draws; knows runs, not where they are drawn."""

from __future__ import annotations

from joblint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.explain.explanation import Told

MOST_BARS = 200
"""Bars beyond these are counted, not drawn."""


@record
class Bar:
    """One try: a Pod, or one run of its container under OnFailure. `n` numbers the tries from 1, `pod` the Pods from 0;
    `start` and `end` are seconds; `outcome` is succeeded, failed, killed or running."""

    n: int
    pod: int
    index: int | None
    start: float
    end: float
    outcome: str


@record
class Timeline:
    """`until` is the right end of the axis in seconds; `finish` when the Job was finished (None: not), `gone` when it was
    deleted; `more` counts tries that are not drawn; `gaps` are the waits between tries, as (start, end)."""

    bars: tuple[Bar, ...]
    until: float
    finish: float | None
    gone: float | None
    failed: bool
    more: int
    gaps: tuple[tuple[float, float], ...]


def timeline(told: Told) -> Timeline:
    """The timeline of one scenario."""
    bars: list[Bar] = []
    open_bars: dict[int, Bar] = {}
    more = 0
    last = 0.0
    for event in told.run.events:
        n = event.n
        if event.event == "pod-created" or event.event == "container-restarted":
            if n is None:
                continue
            if len(bars) + len(open_bars) >= MOST_BARS:
                more += 1
                continue
            if n in open_bars:
                bars.append(_closed(open_bars.pop(n), event.t, "failed"))
            number = len(bars) + len(open_bars) + 1
            open_bars[n] = Bar(number, n, event.index, event.t, event.t, "running")
        elif n is not None and n in open_bars and event.event in ("pod-succeeded", "pod-failed", "container-failed", "pod-gone"):
            outcome = {"pod-succeeded": "succeeded", "pod-gone": "killed"}.get(event.event, "failed")
            bars.append(_closed(open_bars.pop(n), event.t, outcome))
        if event.event != "job-deleted":
            last = max(last, event.t)
    end = told.run.ends_at if told.run.ends_at is not None else max(last, min(told.run.stopped_at, max(last * 1.2, 60.0)))
    bars += [_closed(b, end, "running") for b in open_bars.values()]
    bars.sort(key=lambda b: (b.start, b.pod))
    until = max([end, 1.0] + [b.end for b in bars])
    bars = [Bar(i + 1, b.pod, b.index, b.start, b.end, b.outcome) for i, b in enumerate(bars)]
    return Timeline(
        tuple(bars), until, told.run.ends_at, told.run.job_deleted_at, told.end.type != "Complete", more, _gaps(bars, until)
    )


def _closed(bar: Bar, end: float, outcome: str) -> Bar:
    return Bar(bar.n, bar.pod, bar.index, bar.start, max(end, bar.start), outcome)


def _gaps(bars: list[Bar], until: float) -> tuple[tuple[float, float], ...]:
    """The stretches in which no try runs, from the end of one to the beginning of the next."""
    found = []
    reached = 0.0
    for bar in bars:
        if bar.start > reached + 5:
            found.append((reached, bar.start))
        reached = max(reached, bar.end)
    return tuple(found)


def ticks(until: float, most: int) -> list[float]:
    """Round times for an axis of at most so many steps."""
    for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800, 2592000):
        if until / step <= most:
            return [float(i * step) for i in range(int(until / step) + 1)]
    return [0.0]


def short(seconds: float) -> str:
    """A time on an axis: `0`, `45s`, `5m`, `1h30m`, `2d`."""
    whole = round(seconds)
    if whole == 0:
        return "0"
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "m"), (secs, "s")]
    return "".join([f"{n}{unit}" for n, unit in parts if n][:2])
