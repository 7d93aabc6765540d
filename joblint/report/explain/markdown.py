"""Explanations as Markdown, for pull requests and wikis."""

from __future__ import annotations

from joblint.api.version.versions import titled
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.explain.explanation import Explanation
    from joblint.run.explain import Explained

_NAMES = {
    "succeed": "all goes well",
    "fail": "every attempt fails",
    "hang": "it hangs",
    "lost": "a Pod is lost",
    "pending": "no node fits",
}


def render(explained: Explained) -> Iterator[str]:
    """The lines of all explanations."""
    for n, e in enumerate(explained.explanations):
        if n:
            yield ""
        yield from _one(e)
    for s in explained.skipped:
        yield ""
        yield f"Not explained: `{_cell(s.file)}` ({_cell(s.reason)})"


def _one(e: Explanation) -> Iterator[str]:
    yield f"## {e.kind} {_cell(e.name)}"
    yield ""
    yield f"`{_cell(e.file)}:{e.line}`, Kubernetes {titled(e.kubernetes)}"
    if not e.verdict.accepted:
        yield ""
        yield "**The API server rejects it as it stands:**"
        yield ""
        for error in e.verdict.errors:
            named = error.field and error.type not in ("Strict", "Decode")  # their messages name the field themselves
            yield f"- `{_cell(error.field)}`: {_cell(error.message)}" if named else f"- {_cell(error.message)}"
    if not e.is_told:
        return
    yield ""
    yield e.headline
    yield ""
    yield f"Pattern: {e.documented[0]} ({e.documented[1]})."
    if e.schedule is not None:
        yield ""
        yield e.schedule.words
        yield ""
        yield "| next starts | UTC | Job |"
        yield "|---|---|---|"
        for start in e.schedule.starts:
            yield f"| {start.local} | {start.utc} | {_cell(start.job)} |"
        for text in [o.text for o in e.schedule.overlaps] + [t for _, t in e.schedule.notes]:
            yield ""
            yield _cell(text)
    yield ""
    yield "| limit | value | here |"
    yield "|---|---|---|"
    for r in e.limits:
        here = f"**{_cell(r.here)}**" if r.wins else _cell(r.here)
        yield f"| `{r.name}` | {_cell(r.value)} | {here} |"
    yield ""
    yield "| what happens | how it ends |"
    yield "|---|---|"
    for told in ((e.asked,) if e.asked is not None else ()) + e.scenarios:
        yield f"| {_cell(_NAMES.get(told.name, told.title))} | {_cell(told.text)} |"
    for title, text in e.notes:
        yield f"| {title} | {_cell(text)} |"


def _cell(text: str) -> str:
    return safe(text).replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
