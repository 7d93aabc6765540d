"""Explanations as Markdown, for pull requests and wikis."""

from __future__ import annotations

from joblint.api.version.versions import titled
from joblint.explain.sentences import SHORT_TITLES
from joblint.report.markdown import code, code_cell, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.explain.explanation import Explanation
    from joblint.run.explain import Explained


def render(explained: Explained) -> Iterator[str]:
    """Return the lines of all explanations."""
    for n, e in enumerate(explained.explanations):
        if n:
            yield ""
        yield from _one(e)
    for s in explained.skipped:
        yield ""
        yield f"Not explained: {code(s.file)} ({words(s.reason)})"


def _one(e: Explanation) -> Iterator[str]:
    yield f"## {e.kind} {words(e.name)}"
    yield ""
    yield f"{code(f'{e.file}:{e.line}')}, Kubernetes {titled(e.kubernetes)}"
    if not e.verdict.accepted:
        yield ""
        yield f"**The API server rejects this {words(e.kind)}:**"
        yield ""
        for error in e.verdict.errors:
            named = error.field and error.type not in ("Strict", "Decode")  # their messages contain the field themselves
            yield f"- {code(error.field)}: {words(error.message)}" if named else f"- {words(error.message)}"
    if not e.is_told:
        return
    yield ""
    yield words(e.headline)
    yield ""
    yield f"Closest Job pattern: {words(e.documented[0])} ({words(e.documented[1])})."
    if e.schedule is not None:
        yield ""
        yield f"Schedule: {words(e.schedule.words)}."
        yield ""
        yield "| next starts | UTC | Job |"
        yield "|---|---|---|"
        for start in e.schedule.starts:
            yield f"| {words(start.local)} | {words(start.utc)} | {words(start.job)} |"
        from joblint.explain.cron import note_title, told_once

        for text, _ in told_once(e.schedule.overlaps):
            yield ""
            yield f"Long runs: {words(text)}."
        for _, text in e.schedule.notes:
            yield ""
            yield f"{note_title(text).capitalize()}: {words(text)}."
    yield ""
    yield "| limit | value | effect |"
    yield "|---|---|---|"
    for r in e.limits:
        here = f"**reached first: {words(r.here)}**" if r.wins else words(r.here)
        yield f"| {code_cell(r.name)} | {words(r.value)} | {here} |"
    yield ""
    yield "| what happens | how it ends |"
    yield "|---|---|"
    for told in ((e.asked,) if e.asked is not None else ()) + e.scenarios:
        yield f"| {words(SHORT_TITLES.get(told.name, told.title))} | {words(told.text)} |"
    for title, text in e.notes:
        yield f"| {title} | {words(text)} |"
