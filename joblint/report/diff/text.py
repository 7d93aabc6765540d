"""The changes of `joblint diff` as text and as JSON (`schemas/output/diff.json`); knows changes, not how they came about."""

from __future__ import annotations

from joblint.report.check.json import crash_data
from joblint.report.check.summary import plural
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.report.style import Style
    from joblint.run.diff import Change, Diff

_COLOURS = {"created": "green", "unchanged": "dim", "updated": "yellow", "refused": "red", "removed": "yellow"}
_LONGEST = 300


def render_text(diff: Diff, style: Style) -> Iterator[str]:
    """The lines for a person: each object with its outcome, the server's words, and what it means."""
    for change in diff.changes:
        place = f"{safe(change.file)}:{change.line}"
        where = f" in {safe(change.namespace)}" if change.namespace else ""
        outcome = style.paint(change.outcome, _COLOURS[change.outcome], "bold")
        yield f"{style.paint(place, 'bold')}  {change.kind} {safe(change.name)}{where}  {outcome}"
        for error in change.errors:
            yield f"  {_short(f'{error.field}: {error.message}' if error.field else error.message)}"
        for effect in change.effects:
            yield f"  {style.paint('→' if style.boxes else '-', 'cyan')} {safe(effect)}"
        yield ""
    counted: dict[str, int] = {}
    for change in diff.changes:
        counted[change.outcome] = counted.get(change.outcome, 0) + 1
    what = ", ".join([f"{n} {outcome}" for outcome, n in counted.items()]) or "nothing to compare"
    line = f"{plural(len(diff.changes), 'object')} compared: {what}."
    others = sum(1 for s in diff.skipped if s[2].startswith("kind "))
    rest = [f"{safe(file)} ({safe(reason)})" for file, _, reason in diff.skipped if not reason.startswith("kind ")]
    if others:
        rest.insert(0, f"{others} of other kinds")
    yield line + (f"  Not compared: {', '.join(rest)}." if rest else "")


def _short(text: str) -> str:
    """The server's words without the object that it prints whole where a field is immutable."""
    head, brace, rest = text.partition("Invalid value: {")
    end = rest.rfind("}: ")
    if brace and end > _LONGEST:
        text = head + brace + "…" + rest[end:]
    plain = safe(text)
    return plain if len(plain) <= _LONGEST else f"{plain[:120]} … {plain[-160:]}"


def render_json(diff: Diff) -> str:
    """The changes as one JSON text."""
    from json import dumps

    data = {
        "version": 1,
        "kubernetes": diff.kubernetes,
        "changes": [_change(c) for c in diff.changes],
        "skipped": [{"file": file, "document": document, "reason": reason} for file, document, reason in diff.skipped],
        "crashes": [crash_data(c) for c in diff.crashes],
    }
    return dumps(data, ensure_ascii=False, indent=1)


def _change(change: Change) -> dict[str, Any]:
    return {
        "file": change.file,
        "line": change.line,
        "kind": change.kind,
        "namespace": change.namespace,
        "name": change.name,
        "outcome": change.outcome,
        "errors": [{"type": e.type, "field": e.field, "message": e.message} for e in change.errors],
        "effects": list(change.effects),
        "patch": change.patch,
    }
