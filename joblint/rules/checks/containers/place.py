"""The position of a script's command in the manifest, and commands in a short form; helps the checks of the family."""

from __future__ import annotations

from joblint.base.record import replace
from joblint.rules.finding import Hit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.finding import Fix
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command
    from joblint.source.places.spans import Span

_SHORT = 48


def short(text: str) -> str:
    """Return a command on one line, shortened to what fits in a message."""
    plain = " ".join(text.replace("\\\n", " ").split())
    return plain if len(plain) <= _SHORT else plain[: _SHORT - 1].rstrip() + "…"


def as_one_line(text: str) -> str:
    """Return a command whose continued lines are joined; the space inside of each line stays."""
    return " ".join([part.strip() for part in text.split("\\\n")])


def script_hit(
    s: Subject,
    script: Script,
    start: int,
    end: int,
    *,
    severity: str = "",
    confidence: str = "",
    fix: Fix | None = None,
    **values: Any,
) -> Hit:
    """Return a hit at characters of a script, with the span of their first line if the manifest's text shows it."""
    span = _span(s, script, start, end)
    return Hit(script.field, values, "", "value", fix, (), severity, confidence, span)


def command_hit(s: Subject, script: Script, command: Command, **values: Any) -> Hit:
    """Return a hit at a command of a script, whose text is the value `command`."""
    return script_hit(s, script, command.start, command.end, command=short(command.text), **values)


def at_word(s: Subject, hit: Hit, index: int, text: str) -> Hit:
    """Return a hit on a program without a shell with the span of the argument that contains a text, if there is one."""
    run = s.runs[index]
    at = next((n for n, word in enumerate(run.words) if text in word), -1)
    return replace(hit, span=s.document.span(s.prefix + run.fields[at])) if at >= 0 else hit


def _span(s: Subject, script: Script, start: int, end: int) -> Span | None:
    return span_in(s, script.field, script.text, start, end)


def span_in(s: Subject, at: str, text: str, start: int, end: int) -> Span | None:
    """Return the span of characters of a field's text, up to the end of their first line; None if the file does not show it."""
    from joblint.source.places.spans import Span

    field = s.prefix + at
    whole = s.document.span(field)
    first = text[start:end].split("\n", 1)[0].rstrip().rstrip("\\").rstrip()
    if not first or start < 0:
        return None
    rows = list(range(whole.line, whole.end_line + 1))
    if s.document.style(field) == "literal":
        # The block begins on the line after its `|`.
        guess = whole.line + 1 + text.count("\n", 0, start)
        rows.insert(0, guess)
    for row in rows:
        line = s.document.source_line(row)
        if line is None:
            continue
        column = line.find(first, whole.column - 1 if row == whole.line else 0)
        if column >= 0:
            return Span(row, column + 1, row, column + 1 + len(first))
    return None
