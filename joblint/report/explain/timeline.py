"""A simulated run as bars and marks on a time axis, for every format that draws; knows runs, not where they are drawn."""

from __future__ import annotations

from joblint.base.durations import show_duration, show_span
from joblint.base.record import Record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.trace import Event
    from joblint.explain.explanation import Limit, Told

MOST_BARS = 150
"""With more attempts, the number of running Pods is drawn instead of each attempt."""

MOST_ROWS = 40

FEW_ROWS = 8
"""With this many rows, the number of Pods at once is not shown."""

_STEPS = 160  # of the curve for very many attempts


class Bar(Record):
    """One attempt: a Pod, or one run of its container with OnFailure. `n` numbers the attempts from 1, `pod` the Pods from 0;
    `start` and `end` are seconds; `outcome` is succeeded, failed, killed, running or pending. `container` is set if several of
    them are restarted separately."""

    n: int
    pod: int
    index: int | None
    start: float
    end: float
    outcome: str
    container: str = ""


class Row(Record):
    """Consecutive bars; `label` is the name of the row; `waits` are its back-off periods, as (start, end)."""

    label: str
    bars: tuple[Bar, ...]
    waits: tuple[tuple[float, float], ...]


class Mark(Record):
    """A point of the axis: `kind` is end, gone, deadline, limit or action; `text` describes it."""

    at: float
    kind: str
    text: str


class Timeline(Record):
    """`until` is the right end of the axis in seconds; `finish` when the Job finished (None: not), `gone` when it was deleted.
    `bars` are all attempts in order and `rows` the same as they are drawn. If there are too many, both are empty. `load` is,
    unless there are few, the most Pods that ran at once from each of its times on, `tries` the number of attempts. `marks` are
    on the axis, `beyond` further right. `gaps` are the waits in which no attempt runs. `soft` is when the Job ends at the
    earliest and at the latest; None if that does not differ or is not known."""

    bars: tuple[Bar, ...]
    rows: tuple[Row, ...]
    load: tuple[tuple[float, int], ...]
    tries: int
    until: float
    finish: float | None
    gone: float | None
    failed: bool
    endless: bool
    gaps: tuple[tuple[float, float], ...]
    marks: tuple[Mark, ...]
    beyond: tuple[Mark, ...]
    soft: tuple[float, float] | None = None


def timeline(told: Told, limits: tuple[Limit, ...] = ()) -> Timeline:
    """Return the timeline of one scenario; the limits give its marks."""
    run = told.run
    tries = run.pods + run.restarts
    few = tries <= MOST_BARS or told.end.outcome == "for-ever"
    last = max([e.t for e in run.events if e.event not in ("job-deleted", "status")], default=0.0)
    end = run.ends_at if run.ends_at is not None else max(last * 1.1, 60.0)
    if told.end.outcome in ("until", "too-many"):
        end = max(run.stopped_at, 1.0)
    bars = _numbered(_by_container(run.events, end) if _several(run.events) else _bars(run.events, end)) if few else []
    if told.end.outcome == "for-ever" and len(bars) > 12:
        bars = bars[:12]
        end = bars[-1].end * 1.05
    until = max([end, 1.0] + [b.end for b in bars])
    soft = run.ends_between
    if soft is not None:
        until = max(until, soft[1])
    found = sorted(_marks(told, limits), key=lambda m: m.at)
    reach = until * 1.7
    until = max([until] + [m.at for m in found if m.at <= reach])
    if run.ends_at is None:  # what still runs is drawn to the end of the axis
        bars = [replace(b, end=until) if b.end >= end else b for b in bars]
    rows = _rows(bars)
    return Timeline(
        tuple(bars),
        rows if len(rows) <= MOST_ROWS else (),
        () if bars and len(rows) <= FEW_ROWS else _load(run.events, until, run.events_until is not None),
        tries,
        until,
        run.ends_at,
        run.job_deleted_at,
        told.end.type == "Failed",
        run.ends_at is None,
        _gaps(bars),
        tuple([m for m in found if m.at <= until]),
        tuple([m for m in found if m.at > until]),
        soft if soft is not None and soft[1] > soft[0] else None,
    )


def _bars(events: tuple[Event, ...], end: float) -> list[Bar]:
    """The attempts."""
    bars: list[Bar] = []
    opened: dict[int, tuple[float, int | None]] = {}
    started: set[int] = set()
    killed: dict[int, float] = {}
    for event in events:
        n, kind = event.n, event.event
        if n is None:
            continue
        if kind in ("pod-created", "container-restarted"):
            if n in opened:
                begun, index = opened.pop(n)
                bars.append(Bar(0, n, index, begun, event.t, "failed"))
            opened[n] = (event.t, event.index)
            if kind == "container-restarted":
                started.add(n)
        elif kind == "pod-started":
            started.add(n)
        elif kind == "pod-deleting":
            killed[n] = event.t
        elif n in opened and kind in ("pod-succeeded", "pod-failed", "container-failed", "pod-gone"):
            begun, index = opened.pop(n)
            over = min(event.t, max(begun, event.detail.get("finished", event.t)))
            outcome = "succeeded" if kind == "pod-succeeded" else "killed" if n in killed or kind == "pod-gone" else "failed"
            outcome = outcome if n in started else "pending"
            bars.append(Bar(0, n, index, begun, over, outcome))
    for n, (begun, index) in opened.items():
        if n in killed:  # deleted, and it is not known whether it has stopped
            bars.append(Bar(0, n, index, begun, max(killed[n], begun), "killed" if n in started else "pending"))
        else:
            bars.append(Bar(0, n, index, begun, max(end, begun), "running" if n in started else "pending"))
    return bars


def _numbered(bars: list[Bar]) -> list[Bar]:
    """The bars in the order of their start, numbered from 1."""
    bars.sort(key=lambda b: (b.start, b.pod))
    return [replace(b, n=i + 1) for i, b in enumerate(bars)]


def _several(events: tuple[Event, ...]) -> bool:
    """Whether more than one container of a Pod is restarted separately."""
    return len({e.detail["container"] for e in events if e.event == "container-restarted"}) > 1


def _by_container(events: tuple[Event, ...], end: float) -> list[Bar]:
    """The runs of each container that fails or is restarted."""
    bars: list[Bar] = []
    begun: dict[tuple[int, str], float] = {}
    made: dict[int, tuple[float, int | None]] = {}
    killed: set[int] = set()
    for event in events:
        n, kind = event.n, event.event
        if n is None:
            continue
        container = str(event.detail.get("container", ""))
        if kind == "pod-created":
            made[n] = (event.t, event.index)
        elif kind == "pod-deleting":
            killed.add(n)
        elif kind == "container-restarted":
            begun[n, container] = event.t
        elif kind == "container-failed":
            start = begun.pop((n, container), made[n][0])
            over = min(event.t, max(start, event.detail.get("finished", event.t)))
            bars.append(Bar(0, n, made[n][1], start, over, "failed", container))
        elif kind in ("pod-succeeded", "pod-failed", "pod-gone"):
            outcome = "succeeded" if kind == "pod-succeeded" else "killed" if n in killed else "failed"
            for key in [key for key in begun if key[0] == n]:
                bars.append(Bar(0, n, made[n][1], begun.pop(key), event.t, outcome, key[1]))
    for (n, container), start in begun.items():
        bars.append(Bar(0, n, made[n][1], start, max(end, start), "running", container))
    return bars


def _rows(bars: list[Bar]) -> tuple[Row, ...]:
    """A row for each completion index, or for each Pod that runs next to others, or for each container, or for each attempt."""
    if any(b.container for b in bars):
        pods = {b.pod for b in bars}
        by_name: dict[str, list[Bar]] = {}
        for bar in bars:
            by_name.setdefault(bar.container if len(pods) == 1 else f"Pod {bar.pod + 1} {bar.container}", []).append(bar)
        return tuple([Row(name, tuple(own), _gaps(own)) for name, own in by_name.items()])
    if any(b.index is not None for b in bars):
        by_index: dict[int, list[Bar]] = {}
        for bar in bars:
            by_index.setdefault(bar.index if bar.index is not None else -1, []).append(bar)
        return tuple([Row(f"index {i}", tuple(by_index[i]), _gaps(by_index[i])) for i in sorted(by_index)])
    lanes: list[list[Bar]] = []
    for bar in bars:
        free = next((lane for lane in lanes if lane[-1].end <= bar.start), None)
        if free is None:
            lanes.append([bar])
        else:
            free.append(bar)
    if len(lanes) != 1 or len(bars) > MOST_ROWS // 2:
        return tuple([Row(f"Pod {i + 1}" if len(lanes) > 1 else "", tuple(lane), _gaps(lane)) for i, lane in enumerate(lanes)])
    rows = []
    reached = 0.0
    for bar in bars:
        wait = ((reached, bar.start),) if bar.start > reached + _SHORTEST_GAP else ()
        rows.append(Row(f"attempt {bar.n}", (bar,), wait))
        reached = bar.end
    return tuple(rows)


_SHORTEST_GAP = 1.5  # seconds: shorter gaps are the controller's own delay


def _gaps(bars: list[Bar]) -> tuple[tuple[float, float], ...]:
    """The periods in which no attempt runs, from the end of one to the start of the next."""
    found = []
    reached: float | None = None
    for bar in bars:
        if reached is not None and bar.start > reached + _SHORTEST_GAP:
            found.append((reached, bar.start))
        reached = max(reached or 0.0, bar.end)
    return tuple(found)


def _load(events: tuple[Event, ...], until: float, goes_on: bool) -> tuple[tuple[float, int], ...]:
    """The most Pods that ran at once in each of equal periods, as (start, count). `goes_on`: after the last event it continues
    in the same way."""
    width = until / _STEPS
    most = [0] * _STEPS
    now = 0
    at = 0
    open_pods: set[int] = set()
    for event in events:
        n, kind = event.n, event.event
        if n is None:
            continue
        if kind == "pod-created":
            open_pods.add(n)
        elif kind in ("pod-succeeded", "pod-failed", "pod-gone"):
            open_pods.discard(n)
        else:
            continue
        step = min(_STEPS - 1, int(event.t / width))
        while at < step:  # what runs continues running
            at += 1
            most[at] = now
        now = len(open_pods)
        most[step] = max(most[step], now)
    for step in range(at + 1, _STEPS):
        most[step] = max(most[: at + 1]) if goes_on else now
    found = [(i * width, count) for i, count in enumerate(most)]
    return tuple([p for i, p in enumerate(found) if i == 0 or found[i - 1][1] != p[1]])


def _marks(told: Told, limits: tuple[Limit, ...]) -> list[Mark]:
    """The deadline, the limit of failures, the end and the deletion, if they are on the axis."""
    run, end = told.run, told.end
    marks = []
    start = run.final.start_time
    for limit in limits:
        if limit.at is None:
            continue
        if limit.name == "activeDeadlineSeconds" and start is not None and end.limit != limit.name:
            at = max(0.0, start + limit.at)
            marks.append(Mark(at, "deadline", f"deadline at {show_duration(limit.at)}"))
        elif limit.name == "backoffLimit" and told.name == "fail" and end.limit != limit.name and start is not None:
            marks.append(Mark(limit.at, "limit", f"backoffLimit would fail it at {show_duration(limit.at)}"))
        elif limit.name == "ttlSecondsAfterFinished" and run.ends_at is not None and run.job_deleted_at is not None:
            text = f"TTL deletes Job, Pods and logs at {show_duration(run.job_deleted_at)}"
            marks.append(Mark(run.job_deleted_at, "gone", text))
    if run.ends_at is not None:
        by = {"activeDeadlineSeconds": "deadline: ", "backoffLimit": "backoffLimit: "}.get(end.limit, "")
        marks.append(
            Mark(run.ends_at, "end", f"{by}{end.type} after {show_span(run.ends_between or (run.ends_at, run.ends_at))}")
        )
    for event in run.events:
        if event.event == "action" and len(marks) < 12:
            what = next((text for key, text in _ACTIONS.items() if key in event.detail), "Job changed")
            marks.append(Mark(event.t, "action", what))
    return marks


_ACTIONS = {
    "delete_pod": "Pod deleted",
    "evict": "Pod evicted",
    "node_lost": "Node fails",
    "node_deleted": "Node deleted",
    "controller_restart": "controller restarted",
    "create": "missing object created",
    "delete_job": "Job deleted",
}


def ticks(until: float, most: int) -> list[float]:
    """Return round times for an axis with at most this many steps."""
    for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800, 2592000):
        if until / step <= most:
            return [float(i * step) for i in range(int(until / step) + 1)]
    return [i * until / most for i in range(most + 1)]


def short(seconds: float) -> str:
    """Return a time on an axis, in seconds, as reports show durations, but `0` without a unit."""
    whole = round(seconds)
    return show_duration(whole) if whole else "0"
