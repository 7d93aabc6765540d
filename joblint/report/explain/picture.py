"""A timeline as a picture: rectangles, lines and words with positions; knows neither SVG nor HTML.

A picture is drawn once, here. Its items are plain tuples, for an SVG file and, as JSON, for the page: `("r", class, x, y,
width, height, title)`, `("l", class, x1, y1, x2, y2)`, `("t", class, x, y, text)`, `("p", class, points)`. The class says what
an item is; words are anchored at their middle with the class `m`, at their end with `e`.
"""

from __future__ import annotations

from joblint.base.durations import show_duration, show_span
from joblint.base.record import Record
from joblint.report.explain.timeline import short, ticks
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.explain.explanation import Overlap
    from joblint.report.explain.timeline import Mark, Row, Timeline

    Item = tuple[str | float, ...]

WIDTH = 860
LEFT, RIGHT = 78, 838  # the axis is between them
GLYPHS = {"succeeded": "✓", "failed": "✗", "killed": "■", "running": "→", "pending": "…"}
_CHAR = 6.3  # the approximate width of a character


class Picture(Record):
    """`items` in the order in which they are painted; `label` describes the picture in words."""

    width: int
    height: int
    label: str
    items: tuple[Item, ...]


def picture(line: Timeline, label: str) -> Picture:
    """Return the timeline of one scenario."""
    scale = (RIGHT - LEFT) / line.until
    tall = 22 if len(line.rows) <= 16 else 13
    head = 8 + 16 * (len(line.marks) + len(line.beyond))
    body = tall * len(line.rows) if line.rows else 90
    bottom = head + body + 4
    items: list[Item] = []
    _axis(items, line.until, head, bottom, scale)
    if line.rows:
        for i, row in enumerate(line.rows):
            _row(items, row, head + 4 + i * tall, tall, scale)
    else:
        _curve(items, line, head + 4, body, scale)
    if line.soft is not None:
        x = LEFT + line.soft[0] * scale
        width = max(2.0, (line.soft[1] - line.soft[0]) * scale)
        items.append(("r", "soft", _r(x), head, _r(width), body + 4, f"the Job finishes after {show_span(line.soft)}"))
    _marks(items, line.marks, line.beyond, bottom, scale)
    return Picture(WIDTH, bottom + 22, label, tuple(items))


def narrow(line: Timeline, label: str) -> Picture:
    """Return the same as a small picture, with the words of its marks on top: for a narrow screen, and for the overview."""
    told = [mark for mark in line.marks if mark.kind != "action"]
    top = 15 * len(told)
    drawn = _small(line, label, top)
    items = list(drawn.items)
    for i, mark in enumerate(told):
        x, y = _r(4 + mark.at * (drawn.width - 8) / line.until), 11 + 15 * (len(told) - 1 - i)
        items.append(("l", mark.kind, x, y + 3, x, top + 44))
        left = x + len(mark.text) * _CHAR + 8 < drawn.width
        items.append(("t", f"mark {mark.kind}" if left else f"mark {mark.kind} e", x + 4 if left else x, y, mark.text))
    return Picture(drawn.width, drawn.height, label, tuple(items))


def _small(line: Timeline, label: str, top: int) -> Picture:
    """The bars and the axis of a small picture; `top` pixels above them are left free."""
    width, height = 400, 56 + top
    scale = (width - 8) / line.until
    items: list[Item] = [("l", "axis", 4, 40 + top, width - 4, 40 + top)]
    tall = max(2.0, min(8.0, 34 / max(1, len(line.rows))))
    for i, row in enumerate(line.rows[:17]):
        y = _r(top + 38 - tall * min(17, len(line.rows)) + i * tall)
        for bar in row.bars:
            x, w = 4 + bar.start * scale, max(2.0, (bar.end - bar.start) * scale)
            items.append(("r", f"bar {bar.outcome}", _r(x), y, _r(w), _r(tall - 1), ""))
    if not line.rows and line.load:
        items.append(_area(line, 4, top + 38, 32, scale, width - 4))
    for mark in line.marks:
        if mark.kind in ("end", "deadline"):
            items.append(("l", mark.kind, _r(4 + mark.at * scale), top + 2, _r(4 + mark.at * scale), top + 44))
    items.append(("t", "tick", 4, top + 53, "0"))
    items.append(("t", "tick e", width - 4, top + 53, show_duration(line.until) + (" …" if line.endless else "")))
    return Picture(width, height, label, tuple(items))


def strip(overlap: Overlap) -> Picture:
    """Return the Jobs of a CronJob over some periods, in as many rows as run at once."""
    until = max(1.0, overlap.until)
    scale = (RIGHT - LEFT) / until
    lanes: list[float] = []
    bars: list[tuple[int, float, float, str]] = []
    for start, end, how in overlap.jobs[:MOST_STARTS]:
        lane = next((i for i, free in enumerate(lanes) if free <= start), len(lanes))
        stop = until if end is None else min(end, until)
        if lane == len(lanes):
            lanes.append(stop)
        lanes[lane] = stop
        bars.append((lane, start, stop, how))
    tall, head = 14, 6
    skips = 14 if overlap.missed else 0
    bottom = head + tall * max(1, len(lanes)) + 4 + skips
    items: list[Item] = []
    _axis(items, until, head, bottom, scale)
    names = {"complete": "succeeded", "replaced": "killed", "running": "running"}
    for lane, start, stop, how in bars:
        x, w = LEFT + max(0.0, start) * scale, max(2.0, (stop - max(0.0, start)) * scale - 1)
        title = f"Job of {show_duration(max(0.0, start))}: {how} after {show_duration(stop - start)}"
        outcome = names.get(how, how)
        items.append(("r", f"bar {outcome}", _r(x), head + 2 + lane * tall, _r(w), tall - 3, title))
        if w > 16:
            on = "glyph killed m" if outcome == "killed" else "on m"
            items.append(("t", on, _r(x + w / 2), head + 11 + lane * tall, GLYPHS[outcome]))
    if skips:
        items.append(("t", "row e", LEFT - 8, bottom - 4, "skipped"))
    for at in overlap.missed[:MOST_STARTS]:
        items.append(("t", "glyph failed m", _r(LEFT + at * scale), bottom - 4, "✗"))
    return Picture(WIDTH, bottom + 22, overlap.text, tuple(items))


MOST_STARTS = 60


def _axis(items: list[Item], until: float, top: float, bottom: float, scale: float) -> None:
    end = LEFT + until * scale
    items.append(("l", "axis", LEFT, bottom, _r(end), bottom))
    last = show_duration(until)
    free = end - len(last) * _CHAR - 14
    for t in ticks(until, 8):
        x = LEFT + t * scale
        if t:
            items.append(("l", "grid", _r(x), top, _r(x), bottom))
        if x + len(short(t)) * _CHAR / 2 < free:
            items.append(("t", "tick m", _r(x), bottom + 16, short(t)))
    items.append(("t", "tick e", _r(end), bottom + 16, last))


def _row(items: list[Item], row: Row, y: float, tall: int, scale: float) -> None:
    middle = y + tall / 2
    high = tall - 8 if tall > 14 else tall - 4
    if row.label:
        items.append(("t", "row e", LEFT - 8, _r(middle + 4), safe(row.label)))
    for start, end in row.waits:
        x1, x2, text = LEFT + start * scale, LEFT + end * scale, f"{show_duration(_whole(end - start))} wait"
        items.append(("l", "wait", _r(x1), _r(middle), _r(x2), _r(middle)))
        free = x1 + 13 if any(bar.end <= end for bar in row.bars) else x1  # after the sign of the previous attempt
        if x2 - free > len(text) * _CHAR + 10:
            items.append(("t", "gap m", _r((free + x2) / 2), _r(middle + 4), text))
        elif len(row.bars) == 1 and x2 + len(text) * _CHAR + 30 < RIGHT:
            items.append(
                (
                    "t",
                    "gap",
                    _r(LEFT + row.bars[0].end * scale + 20),
                    _r(middle + 4),
                    f"after {text}",
                )
            )
    for i, bar in enumerate(row.bars):
        x, w = LEFT + bar.start * scale, max(3.0, (bar.end - bar.start) * scale)
        title = f"{bar.outcome}, {show_duration(bar.start)} to {show_duration(bar.end)}"
        items.append(("r", f"bar {bar.outcome}", _r(x), _r(middle - high / 2), _r(w), high, title))
        following = LEFT + row.bars[i + 1].start * scale if i + 1 < len(row.bars) else 1e9
        if following - x - w > 13 and x + w < WIDTH - 12:
            items.append(("t", f"glyph {bar.outcome}", _r(x + w + 3), _r(middle + 4), GLYPHS[bar.outcome]))


def _curve(items: list[Item], line: Timeline, top: float, tall: float, scale: float) -> None:
    if not line.tries:
        items.append(("t", "gap m", (LEFT + RIGHT) / 2, _r(top + tall / 2), "no Pod is created"))
        return
    most = max([count for _, count in line.load], default=0)
    items.append(_area(line, LEFT, top + tall, tall - 10, scale, RIGHT))
    items.append(("t", "row e", LEFT - 8, _r(top + 14), str(most)))
    items.append(("t", "row e", LEFT - 8, _r(top + 28), "Pod" if most == 1 else "Pods"))
    items.append(("t", "row e", LEFT - 8, _r(top + tall), "0"))


def _area(line: Timeline, left: float, bottom: float, tall: float, scale: float, right: float) -> Item:
    """The number of Pods that run, as one shape."""
    most = max([count for _, count in line.load], default=0) or 1
    points = [f"{_r(left)},{_r(bottom)}"]
    level = bottom
    for t, count in line.load:
        x, y = left + t * scale, bottom - count / most * tall
        points += [f"{_r(x)},{_r(level)}", f"{_r(x)},{_r(y)}"]
        level = y
    points += [f"{_r(right)},{_r(level)}", f"{_r(right)},{_r(bottom)}"]
    return ("p", "load", " ".join(points))


def _marks(items: list[Item], marks: tuple[Mark, ...], beyond: tuple[Mark, ...], bottom: float, scale: float) -> None:
    """A line down through all rows and the words on top, each on a line of its own."""
    rows = len(marks) + len(beyond)
    for i, mark in enumerate(marks):
        x, y = LEFT + mark.at * scale, 14 + 16 * (rows - 1 - i)  # the leftmost lowest: no line crosses words
        items.append(("l", mark.kind, _r(x), y - 6, _r(x), bottom))
        if x + len(mark.text) * _CHAR + 8 < RIGHT:
            items.append(("t", f"mark {mark.kind}", _r(x + 5), y, mark.text))
        else:
            items.append(("t", f"mark {mark.kind} e", _r(x - 5), y, mark.text))
    for i, mark in enumerate(beyond):
        items.append(("t", f"mark {mark.kind} e", RIGHT - 6, 14 + 16 * i, f"{mark.text}, further right ▸"))


def _whole(seconds: float) -> float:
    """A wait as people write it: Kubernetes keeps whole seconds, so that 9.7 s is what is left of 10."""
    return round(seconds) if seconds >= 5 else seconds


def _r(value: float) -> float:
    """Half pixels are fine enough; whole numbers are written without a decimal point."""
    rounded = round(value * 2) / 2
    return int(rounded) if rounded == int(rounded) else rounded
