"""Explanations for a person at a terminal: one screen of what is specific to a Job, everything, or five lines."""

from __future__ import annotations

from joblint.api.version.versions import titled
from joblint.controller.live.states import GOING_ON
from joblint.explain.sentences import SHORT_TITLES, kubectl
from joblint.report.explain.live_text import lines as live_lines
from joblint.report.explain.live_text import summary
from joblint.report.explain.text_timeline import drawing, legend
from joblint.report.guarded import shown
from joblint.report.not_judged import not_judged
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.api.verdict import ApiError
    from joblint.controller.live.states import Live
    from joblint.explain.explanation import Explanation, Limit, Schedule
    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.explain import Explained

_ERRORS_SHOWN = 4
_STARTS_SHOWN = 3
_LEAST = 30  # longer lines are hard to read


def render(explained: Explained, style: Style, brief: bool, full: bool = False) -> Iterator[str]:
    """Return the lines of all explanations, then what was not explained. `full` includes what is the same for nearly every
    Job."""
    failed: list[Exception] = []
    for n, e in enumerate(explained.explanations):
        if n and not (e.live is not None and e.owner):
            yield ""
        yield from shown(_one(e, explained, style, brief, full), f"{e.kind} {safe(e.name)} ({safe(e.file)}:{e.line})", failed)
    if not explained.explanations:
        yield "No Job or CronJob to explain."
    rest = not_judged(explained.skipped, len({s.file for s in explained.skipped} | {e.file for e in explained.explanations}))
    if rest:
        yield ""
        yield f"Not explained: {', '.join(rest)}."
    if failed:
        raise failed[0]


def _one(e: Explanation, explained: Explained, style: Style, brief: bool, full: bool) -> Iterator[str]:
    if e.live is not None and e.owner:
        yield summary(e, e.live)
    elif brief or e.live is not None:
        yield from _brief(e, style)
    else:
        yield from _screen(e, style, full)
        yield from _findings(e, explained.findings, style)


def _head(e: Explanation, style: Style, gap: str = "  ") -> str:
    return f"{style.paint(_named(e), 'bold')}{gap}{_place(e)}"


def _named(e: Explanation) -> str:
    """The kind and the name; no name ends with a hyphen, but what generateName is usually set to does."""
    if not e.name:
        return f"{e.kind} without a name"
    return f"{e.kind} {safe(e.name)}" + ("… (generateName)" if e.name.endswith("-") and e.verdict.accepted else "")


def _place(e: Explanation) -> str:
    return f"({safe(e.file)}:{e.line}, Kubernetes {titled(e.kubernetes)})"


def _refused(e: Explanation, style: Style) -> Iterator[str]:
    if e.verdict.accepted:
        return
    yield style.paint(f"The API server rejects this {safe(e.kind)}:", "red", "bold")
    for error in e.verdict.errors[:_ERRORS_SHOWN]:
        yield f"  {_cut(_error(error), style.width * 2)}"
    if len(e.verdict.errors) > _ERRORS_SHOWN:
        yield f"  and {len(e.verdict.errors) - _ERRORS_SHOWN} more (joblint check {safe(e.file)})"
    if e.is_told:
        yield "After the fix:"
    else:
        yield "joblint can predict what it will do only after this is fixed."


def _error(error: ApiError) -> str:
    told = error.field and error.type not in ("Strict", "Decode")
    return safe(f"{error.field}: {error.message}" if told else error.message)


def _brief(e: Explanation, style: Style) -> Iterator[str]:
    """Five lines at most: the object, the kind of Job, which limit is reached first, how failing ends, what comes next."""
    yield _head(e, style)
    if e.live is not None:
        yield from live_lines(e, e.live)
        if e.live.state in ("complete", "failed"):
            return
    if not e.verdict.accepted:
        text = _error(e.verdict.errors[0]) if e.verdict.errors else ""
        more = f" (and {len(e.verdict.errors) - 1} more)" if len(e.verdict.errors) > 1 else ""
        yield style.paint("rejected       ", "red") + _cut(text, style.width * 2) + more
    if not e.is_told:
        return
    if e.live is not None and e.kind == "Job" and e.verdict.accepted:
        yield from _futures(e, e.live, style)
        return
    assumed = "  (Each attempt is assumed to run 1s.)" if "is assumed" in dict(e.notes).get("run time", "") else ""
    if e.live is not None:
        yield "each Job"
    yield _cut(e.headline.split("  ")[0], style.width * 2) + assumed
    winner = next((text for title, text in e.notes if title == "reached first"), "")
    if winner:
        yield f"reached first  {winner.split(';')[0]}"
    fail = next(t for t in e.scenarios if t.name == "fail")
    yield f"program fails  {_cut(fail.text, style.width * 2)}"
    if not e.verdict.accepted:
        return
    if e.schedule is not None and e.live is not None:
        return  # its next Job is reported above
    if e.schedule is not None:
        yield f"next start     {e.schedule.starts[0].local if e.schedule.starts else 'never'}"
    else:
        notes = dict(e.notes)
        title, text = (
            ("applied again", notes["applied again"]) if "applied again" in notes else ("created", notes.get("created by", ""))
        )
        if text:
            yield f"{title:<15}{_cut(text.split('; ')[0], style.width * 2)}"


def _futures(e: Explanation, live: Live, style: Style) -> Iterator[str]:
    """How a live Job continues from now, if it does: as its Pods succeed, fail or hang."""
    if live.state not in GOING_ON:
        return
    starts = ", if its Pods can start now" if live.state in ("pending", "create-refused") else ""
    over = any(pod.over for pod in live.pods)
    yield f"from now{starts}" + (" (numbers of Pods include those above)" if over else "")
    told = {t.name: t for t in e.scenarios}
    for name, title in (("succeed", "program succeeds"), ("fail", "program fails"), ("hang", "program hangs")):
        yield f"  {title:<18}{_cut(told[name].text, style.width * 2)}"


def _screen(e: Explanation, style: Style, full: bool) -> Iterator[str]:
    fits = len(f"{_named(e)}  {_place(e)}") <= style.width
    yield from _head(e, style, "  " if fits else "\n").split("\n")
    yield from _refused(e, style)
    if not e.is_told:
        return
    yield from _wrap(e.headline, style, "")
    if full:
        yield from _wrap(f"Closest Job pattern: {e.documented[0]} ({e.documented[1]}).", style, "")
    yield ""
    if e.schedule is not None:
        yield from _schedule(e.schedule, style, full)
        yield ""
    yield from _table(e.limits, style)
    drawn = e.asked or next(t for t in e.scenarios if t.name == "fail")
    same = len({t.text for t in (drawn, *e.scenarios)}) == 1
    yield ""
    if e.schedule is not None and any("each start kills" in o.text for o in e.schedule.overlaps):
        yield "  Each Job alone, without the next start that kills it:"
    yield f"  {style.paint('in every scenario' if same else drawn.title, 'bold')}"
    if drawn.run.pods:
        lines = list(drawing(drawn, e.limits, style))
        yield from lines
        yield from legend(lines, style)
    shown = "" if "kubectl get jobs" in drawn.text else f" · {kubectl(drawn.end)}"
    yield from _wrap(drawn.text + shown, style, "  ")
    yield ""
    for told in e.scenarios:
        if told is not drawn and not same:
            yield from _wrap(told.text, style, _label(SHORT_TITLES[told.name], style), 20)
    for title, text in e.notes:
        if full or title not in e.ordinary:
            yield from _wrap(text, style, _label(title, style), 20)


def _findings(e: Explanation, findings: tuple[Finding, ...], style: Style) -> Iterator[str]:
    """The warnings of `joblint check` on the object; what the server rejects is at the top already."""
    told = [
        f
        for f in findings
        if (f.file, f.document, f.object.kind, f.object.name or "") == (e.file, e.document, e.kind, e.name)
        and f.severity != "info"
        and not f.refused
    ]
    if told:
        yield ""
    for f in told:
        yield from _wrap(f.message, style, _label(f"{f.rule} line {f.span.line}", style), 20)


def _label(title: str, style: Style) -> str:
    """A title in its column, 20 characters wide."""
    return f"  {style.paint(f'{title:<16}', 'cyan')}  "


def _table(limits: tuple[Limit, ...], style: Style) -> Iterator[str]:
    names = max(len(r.name) for r in limits)
    values = max(len(r.value) for r in limits)
    yield "  " + style.paint(f"{'limit':<{names}}  {'value':<{values}}  effect", "dim")
    for r in limits:
        mark = ("◀ " if style.boxes else "") + "reached first: " if r.wins else ""
        lead = f"  {r.name:<{names}}  {r.value:<{values}}  "
        if style.width - len(lead) < _LEAST:  # its effect is on the line below on a narrow terminal
            lines = [lead.rstrip(), *_wrap(mark + r.here, style, " " * 4)]
        else:
            lines = list(_wrap(mark + r.here, style, lead, len(lead)))
        yield from [style.paint(line, "yellow") if r.wins else line for line in lines]


def _schedule(s: Schedule, style: Style, full: bool) -> Iterator[str]:
    yield from _wrap(s.words, style, _label("schedule", style), 20)
    for i, start in enumerate(s.starts if full else s.starts[:_STARTS_SHOWN]):
        label = _label("next starts" if i == 0 else "", style)
        for parts in _packed([start.local, *([start.utc] if start.utc != start.local else []), f"Job {safe(start.job)}"], style):
            yield label + parts
            label = " " * 20
    from joblint.explain.cron import note_title, told_once

    for n, (text, _) in enumerate(told_once(s.overlaps)):
        yield from _wrap(text, style, _label("" if n else "long runs", style), 20)
    for _, text in s.notes:
        yield from _wrap(text, style, _label(note_title(text), style), 20)


def _packed(parts: list[str], style: Style) -> list[str]:
    """The parts of an entry on one line after its label, on several if they do not fit."""
    lines: list[str] = []
    for part in parts:
        if lines and 20 + len(lines[-1]) + 3 + len(part) <= style.width:
            lines[-1] += f"   {part}"
        else:
            lines.append(part)
    return lines


def _wrap(text: str, style: Style, lead: str, indent: int | None = None) -> Iterator[str]:
    """The text in lines of the terminal's width; `indent` is the width of a prefix that contains colours."""
    taken = len(lead) if indent is None else indent
    if len(text) + taken <= style.width:
        yield (lead + text).rstrip()
        return
    from joblint.base.wrapped import wrapped

    for n, line in enumerate(wrapped(safe(text), max(_LEAST, style.width - taken))):
        yield (lead if n == 0 else " " * taken) + line


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
