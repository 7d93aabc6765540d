"""Explanations for a person at a terminal: two screens at most, or five lines with `brief`."""

from __future__ import annotations

from joblint.report.safe import safe
from joblint.report.summary import plural
from joblint.report.timeline import short, ticks, timeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.explain.explanation import Explanation, Limit, Schedule, Told
    from joblint.explainer import Explained
    from joblint.report.style import Style

_ERRORS_SHOWN = 4


def render(explained: Explained, style: Style, brief: bool) -> Iterator[str]:
    """The lines of all explanations, then what was not explained."""
    for n, e in enumerate(explained.explanations):
        if n:
            yield ""
        yield from _brief(e, style) if brief else _full(e, style)
    if not explained.explanations:
        yield "No Job or CronJob to explain."
    others = sum(1 for s in explained.skipped if s[2].startswith("kind "))
    rest = [f"{safe(f)} ({safe(why)})" for f, _, why in explained.skipped if not why.startswith("kind ")]
    if others:
        rest.insert(0, f"{others} of other kinds")
    if rest:
        yield ""
        yield f"Not explained: {', '.join(rest)}."


def _head(e: Explanation, style: Style) -> str:
    return f"{style.paint(f'{e.kind} {safe(e.name)}', 'bold')}  ({safe(e.file)}:{e.line}, Kubernetes {e.kubernetes})"


def _refused(e: Explanation, style: Style) -> Iterator[str]:
    if e.verdict.accepted:
        return
    yield style.paint("The API server refuses it as it stands:", "red", "bold")
    for error in e.verdict.errors[:_ERRORS_SHOWN]:
        text = f"{error.field}: {error.message}" if error.field and error.type not in ("Strict", "Decode") else error.message
        yield f"  {_cut(safe(text), style.width * 2)}"
    if len(e.verdict.errors) > _ERRORS_SHOWN:
        yield f"  and {len(e.verdict.errors) - _ERRORS_SHOWN} more (joblint check {safe(e.file)})"
    if e.told:
        yield "Once that is mended:"
    else:
        yield "What it would do cannot be told before that is mended."


def _brief(e: Explanation, style: Style) -> Iterator[str]:
    """Five lines: who, what, which limit wins, how failing ends, what applying again does."""
    yield _head(e, style)
    yield from _refused(e, style)
    if not e.told:
        return
    yield _cut(e.headline, style.width * 2)
    if e.schedule is not None and e.schedule.starts:
        yield f"next start   {e.schedule.starts[0].local}"
    winner = next((r for r in e.limits if r.wins), None)
    yield (
        f"limit        {winner.name} {winner.value}: {winner.here}"
        if winner
        else "limit        none ends it: failing tries go on for ever"
    )
    fail = next(t for t in e.scenarios if t.name == "fail")
    yield f"if it fails  {fail.text}"
    yield f"again        {dict(e.rest)['applied again']}"


def _full(e: Explanation, style: Style) -> Iterator[str]:
    yield _head(e, style)
    yield from _refused(e, style)
    if not e.told:
        return
    yield from _wrap(e.headline, style, "")
    yield from _wrap(f"Pattern: {e.fits[0]}: {e.fits[1]}.", style, "")
    yield ""
    if e.schedule is not None:
        yield from _schedule(e.schedule, style)
        yield ""
    yield from _table(e.limits, style)
    drawn = e.asked or next(t for t in e.scenarios if t.name == "fail")
    yield ""
    yield f"  {style.paint(drawn.title, 'bold')}"
    yield from _drawing(drawn, style)
    yield from _wrap(drawn.text, style, "  ")
    yield ""
    names = {
        "succeed": "all goes well",
        "fail": "every try fails",
        "hang": "it hangs",
        "lost": "a Pod is lost",
        "pending": "no node fits",
    }
    for told in e.scenarios:
        if told is not drawn:
            yield from _wrap(told.text, style, _label(names[told.name], style), 19)
    for title, text in e.rest:
        yield from _wrap(text, style, _label(title, style), 19)


def _label(title: str, style: Style) -> str:
    """A title in its column, 19 wide."""
    return f"  {style.paint(f'{title:<16}', 'cyan')} "


def _table(limits: tuple[Limit, ...], style: Style) -> Iterator[str]:
    names = max(len(r.name) for r in limits)
    values = max(len(r.value) for r in limits)
    yield "  " + style.paint(f"{'limit':<{names}}  {'value':<{values}}  here", "dim")
    for r in limits:
        mark = ("◀ " if style.boxes else "< ") if r.wins else ""
        lead = f"  {r.name:<{names}}  {r.value:<{values}}  "
        lines = list(_wrap(mark + r.here, style, lead, len(lead)))
        yield from [style.paint(line, "yellow") if r.wins else line for line in lines]


def _schedule(s: Schedule, style: Style) -> Iterator[str]:
    yield from _wrap(s.words, style, _label("schedule", style), 19)
    for i, start in enumerate(s.starts):
        utc = f"   {start.utc}" if start.utc != start.local else ""
        yield f"{_label('next starts' if i == 0 else '', style)}{start.local}{utc}   Job {safe(start.job)}"
    for overlap in s.overlaps:
        yield from _wrap(overlap.text, style, _label("runs overlap", style), 19)
    for _, text in s.notes:
        yield from _wrap(text, style, _label("mind", style), 19)


def _drawing(told: Told, style: Style) -> Iterator[str]:
    """The timeline to scale: an axis, and a line of tries; each number stands where that try begins."""
    line = timeline(told)
    width = min(style.width - 6, 90)
    scale = (width - 2) / line.until
    axis = [" "] * (width + 8)
    for t in ticks(line.until, max(3, width // 12)):
        at, text = round(t * scale), short(t)
        if at + len(text) < len(axis) and all(c == " " for c in axis[max(0, at - 1) : at + len(text) + 1]):
            axis[at : at + len(text)] = text
    rule = "─" if style.boxes else "-"
    row = [rule] * (width - 1)
    taken = -1
    for bar in line.bars:
        at, text = round(bar.start * scale), str(bar.n)
        if at > taken and at + len(text) <= width - 1:
            row[at : at + len(text)] = text
            taken = at + len(text)
            if bar.end > bar.start and bar.outcome in ("running", "killed"):
                for x in range(taken, min(round(bar.end * scale), width - 1)):
                    row[x] = "═" if style.boxes else "="
    if line.finish is None:
        mark = "…" if style.boxes else "..."
    elif line.failed:
        mark = style.paint("✗" if style.boxes else "X", "red")
    else:
        mark = style.paint("✓" if style.boxes else "V", "green")
    yield f"  {style.paint(''.join(axis).rstrip(), 'dim')}"
    yield f"  {''.join(row)}{mark}"
    if line.more:
        yield f"  {plural(line.more, 'further try', 'further tries')} not drawn"


def _wrap(text: str, style: Style, lead: str, indent: int | None = None) -> Iterator[str]:
    """The text in lines of the terminal's width; `indent` is the width of the lead where it holds colours."""
    taken = len(lead) if indent is None else indent
    if len(text) + taken <= style.width:
        yield (lead + text).rstrip()
        return
    from textwrap import wrap

    for n, line in enumerate(wrap(safe(text), max(30, style.width - taken), break_long_words=False, break_on_hyphens=False)):
        yield (lead if n == 0 else " " * taken) + line


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
