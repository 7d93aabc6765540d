"""A scenario's timeline for a terminal: an axis, attempts to scale, marks; plain characters where there are no others."""

from __future__ import annotations

from joblint.base.durations import show_duration
from joblint.base.words import count as count_of
from joblint.report.explain.timeline import FEW_ROWS, short, ticks, timeline
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.explain.explanation import Limit, Told
    from joblint.report.explain.timeline import Bar, Row, Timeline
    from joblint.report.style import Style

_GLYPHS = {
    "succeeded": ("✓", "V", "green"),
    "failed": ("✗", "X", "red"),
    "killed": ("■", "K", "yellow"),
    "running": ("→", ">", "blue"),
    "pending": ("…", ".", "dim"),
}
_LEVELS = (" ▁▂▃▄▅▆▇█", " .:-=+*%#")


def drawing(told: Told, limits: tuple[Limit, ...], style: Style) -> Iterator[str]:
    """Return the timeline in lines: a single line for consecutive attempts, a line each for Pods that run side by side, and the
    height of a curve for very many."""
    line = timeline(told, limits)
    width = min(style.width - 6, 90)
    side = bool(line.rows) and (any(b.index is not None or b.container for b in line.bars) or _beside(line))
    rows = line.rows if side and len(line.rows) <= FEW_ROWS else ()
    lead = max([len(r.label) for r in rows], default=0)
    lead += 2 if lead else 0
    scale = (width - 3 - lead) / line.until
    yield f"  {' ' * lead}{style.paint(_axis(line, width - lead, scale), 'dim')}"
    if rows:
        for row in rows:
            yield f"  {style.paint(f'{safe(row.label):<{lead}}', 'dim')}{_row(row, line, width - lead, scale, style)}"
    elif line.rows and not side:
        yield f"  {_single(line, width, scale, style)}"
    else:
        drawn, stop, says = _curve(line, width, scale, style)
        if stop + 5 + len(says) <= style.width:
            yield f"  {drawn}  {says}"
        else:
            yield f"  {drawn}"
            yield f"  {says}"
    for mark in line.marks:
        if mark.kind != "end":
            yield _mark(lead, round(mark.at * scale), mark.text, width, style)


_LEGEND = (
    ("═━", "=", "running"),
    ("─┄", "-", "waiting"),
    ("╌", "~", "possible end"),
    ("✓", "V", "succeeded"),
    ("✗", "X", "failed"),
    ("■", "K", "killed"),
    ("·", ".", "pending"),
)


def legend(lines: list[str], style: Style) -> Iterator[str]:
    """Return what the signs of a drawing mean, in one line; none for a curve."""
    body = "".join(lines[1:])
    if "Pods at the same time" in body:
        if not style.boxes:
            yield f"  {style.paint(' '.join(_LEVELS[1].strip()) + '  few to many running Pods', 'dim')}"
        return
    if not style.boxes and lines[1:] and lines[1].endswith("..."):
        body = lines[1][:-3] + "".join(lines[2:])  # the simulation continues: nothing is pending
    found = [f"1 start of attempt 1{_left_out(lines[1])}"] if len(lines) > 1 and lines[1].lstrip().startswith("1") else []
    for fancy, plain, meaning in _LEGEND:
        shown = "".join([c for c in fancy if c in body]) if style.boxes else plain if plain in body else ""
        if shown:
            found.append(f"{shown[0]} {meaning}")
    text = "   ".join(found)
    if len(text) + 2 > style.width:  # on a narrow terminal, only what is not obvious
        text = "   ".join(found[1:])
    yield f"  {style.paint(text, 'dim')}"


def _left_out(drawn: str) -> str:
    """Which attempts have no number in a line, because the previous one is too close."""
    plain = drawn.partition("\x1b")[0]  # only the end is in color
    numbers = [int(n) for n in "".join([c if c.isdigit() else " " for c in plain]).split()]
    left = [str(n) for n in range(1, max(numbers) + 1) if n not in numbers]
    if not left:
        return ""
    return f" ({left[0]} follows too soon to be shown)" if len(left) == 1 else " (some follow too soon to be shown)"


def _beside(line: Timeline) -> bool:
    """Whether Pods run side by side."""
    return any(a.end > b.start for a, b in zip(line.bars, line.bars[1:], strict=False))


def _axis(line: Timeline, width: int, scale: float) -> str:
    """Round times at their positions, and the last moment at the right end."""
    last = show_duration(line.until)
    end = round(line.until * scale)
    cells = [" "] * max(width + 8, end + 2)
    begin = max(2, end + 1 - len(last))
    cells[begin : begin + len(last)] = last
    for t in ticks(line.until, max(3, width // 12)):
        at, text = round(t * scale), short(t)
        if at + len(text) < begin and all(c == " " for c in cells[max(0, at - 1) : at + len(text) + 1]):
            cells[at : at + len(text)] = text
    return "".join(cells).rstrip()


def _single(line: Timeline, width: int, scale: float, style: Style) -> str:
    """Consecutive attempts: each number is the start of that attempt."""
    stop = round((line.finish if line.finish is not None else line.until) * scale)
    row = ["─" if style.boxes else "-"] * max(1, stop)
    if line.soft is not None:
        for x in range(max(1, round(line.soft[0] * scale)), len(row)):
            row[x] = "╌" if style.boxes else "~"
    taken = -1
    for bar in line.bars:
        at, text = round(bar.start * scale), str(bar.n)
        if at <= taken or at + len(text) > len(row):
            continue
        row[at : at + len(text)] = text
        taken = at + len(text)
        fill = ("═" if style.boxes else "=") if bar.outcome != "pending" else "."
        for x in range(taken, min(round(bar.end * scale), len(row))):
            row[x] = fill
    return "".join(row) + _last(line, style) + _soft(line, stop, scale, style)


def _soft(line: Timeline, stop: int, scale: float, style: Style) -> str:
    """The soft edge after the typical end: the Job may end that late."""
    if line.soft is None or line.finish is None:
        return ""
    return ("╌" if style.boxes else "~") * max(0, round(line.soft[1] * scale) - stop - 1)


def _last(line: Timeline, style: Style) -> str:
    """How the Job ends, or that it does not."""
    if line.finish is None:
        return "…" if style.boxes else "..."
    fancy, plain, colour = _GLYPHS["failed" if line.failed else "succeeded"]
    return style.paint(fancy if style.boxes else plain, colour)


def _row(row: Row, line: Timeline, width: int, scale: float, style: Style) -> str:
    """The attempts of one index, or of the Pods that follow one another in one slot: the last cell of each shows its result."""
    cells = [" "] * (width + 4)
    colours: dict[int, str] = {}
    for start, end in row.waits:
        for x in range(round(start * scale), min(round(end * scale), len(cells))):
            cells[x] = "┄" if style.boxes else "-"
    for bar in row.bars:
        at = min(round(bar.start * scale), len(cells) - 1)
        to = min(max(at, round(bar.end * scale) - 1), len(cells) - 1)
        fancy, plain, colour = _GLYPHS[bar.outcome]
        for x in range(at, to):
            cells[x] = _fill(bar, style)
        cells[to] = fancy if style.boxes else plain
        colours[to] = colour
    while cells and cells[-1] == " ":
        cells.pop()
    return "".join([style.paint(c, colours[x]) if x in colours else c for x, c in enumerate(cells)])


def _fill(bar: Bar, style: Style) -> str:
    if bar.outcome == "pending":
        return "·" if style.boxes else "."
    return "━" if style.boxes else "="


def _curve(line: Timeline, width: int, scale: float, style: Style) -> tuple[str, int, str]:
    """The number of running Pods as the height of each character, the number of characters, and the highest value in words."""
    most = max([count for _, count in line.load], default=0) or 1
    levels = _LEVELS[0] if style.boxes else _LEVELS[1]
    stop = max(1, round((line.finish if line.finish is not None else line.until) * scale))
    cells = [0] * stop
    steps = [*line.load, (line.until, 0)]
    for (start, count), (end, _) in zip(steps, steps[1:], strict=False):
        for x in range(min(round(start * scale), stop - 1), min(max(round(end * scale), round(start * scale) + 1), stop)):
            cells[x] = max(cells[x], count)
    text = "".join([levels[-(-c * (len(levels) - 1) // most)] for c in cells])
    return f"{text}{_last(line, style)}", stop, f"up to {count_of(most, 'Pod')} at the same time"


def _mark(lead: int, at: int, text: str, width: int, style: Style) -> str:
    sign = "╵" if style.boxes else "'"
    if lead + at + 2 + len(text) <= width + 4:
        shown = " " * (lead + at) + f"{sign} {text}"
    else:
        shown = f"{text} {sign}".rjust(lead + at + 1)
    return "  " + style.paint(shown, "dim")
