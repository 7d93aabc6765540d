"""The changes of `joblint diff` as text; knows changes, not how they were computed."""

from __future__ import annotations

from joblint.api.version.versions import PREVIEWS, RELEASES
from joblint.report.check.summary import plural
from joblint.report.guarded import shown
from joblint.report.not_judged import others_of
from joblint.report.safe import safe
from joblint.rules.skips import OTHER_KIND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.run.diff.changes import Change, Diff

_COLOURS = {
    "created": "green",
    "unchanged": "dim",
    "updated": "yellow",
    "applied": "yellow",
    "recreated": "yellow",
    "refused": "red",
    "conflict": "red",
    "removed": "yellow",
    "unknown": "yellow",
}
_SHOWN = {"refused": "rejected", "removed": "only in OLD"}
"""The words for outcomes that differ from those in the JSON output."""
_LONGEST = 300


def render_text(diff: Diff, style: Style) -> Iterator[str]:
    """Return the lines for a person: each object with its outcome, the server's errors, and what the outcome means."""
    failed: list[Exception] = []
    for i, change in enumerate(diff.changes):
        yield from shown(_change(diff, i, change, style), f"{safe(change.file)}:{change.line}", failed)
    counted: dict[str, int] = {}
    for change in diff.changes:
        counted[change.outcome] = counted.get(change.outcome, 0) + 1
    what = ", ".join([f"{n} {_shown(outcome)}" for outcome, n in counted.items()]) or "nothing to compare"
    line = f"{plural(len(diff.changes), 'object')} compared: {what}."
    if diff.kubernetes in PREVIEWS:
        line += f"  Kubernetes {diff.kubernetes} is a preview: the results are those of {RELEASES[diff.kubernetes]}."
    if diff.others:
        same = "the same" if all(o == tuple(c.outcome for c in diff.changes) for _, o in diff.others) else "see above"
        line += f"  Kubernetes {diff.kubernetes}; on {', '.join(version for version, _ in diff.others)}: {same}."
    others = sum(1 for s in diff.skipped if s.what == OTHER_KIND)
    rest = [f"{safe(s.file)} ({safe(s.reason)})" for s in diff.skipped if s.what != OTHER_KIND]
    if others:
        rest.insert(0, others_of(others))
    yield line + (f"  Not compared: {', '.join(rest)}." if rest else "")
    if failed:
        raise failed[0]


def _change(diff: Diff, number: int, change: Change, style: Style) -> Iterator[str]:
    place = f"{safe(change.file)}:{change.line}"
    where = f" in {safe(change.namespace)}" if change.namespace else ""
    outcome = style.paint(_shown(change.outcome), _COLOURS[change.outcome], "bold")
    what = " ".join(part for part in (safe(change.kind), safe(change.name)) if part)
    yield f"{style.paint(place, 'bold')}  {what}{where}  {outcome}"
    for line in _words(change):
        yield f"  {_short(line)}"
    for effect in change.effects:
        yield f"  {style.paint('→' if style.boxes else '-', 'cyan')} {safe(effect)}"
    for version, outcomes in diff.others:
        if number < len(outcomes) and outcomes[number] != change.outcome:
            yield f"  {style.paint('→' if style.boxes else '-', 'cyan')} on Kubernetes {version}: {_shown(outcomes[number])}"
    yield ""


def _shown(outcome: str) -> str:
    return _SHOWN.get(outcome, outcome)


def _words(change: Change) -> list[str]:
    """The server's message, or its errors one by one."""
    if change.problem:
        return change.problem.split("\n")
    named = [bool(error.field) and error.type not in ("Strict", "Decode") for error in change.errors]
    return [f"{e.field}: {e.message}" if path else e.message for e, path in zip(change.errors, named, strict=True)]


def _short(text: str) -> str:
    """The server's message without the object, which it prints in full if a field is immutable."""
    head, brace, rest = text.partition("Invalid value: {")
    end = rest.rfind("}: ")
    if brace and end > _LONGEST:
        text = head + brace + "…" + rest[end:]
    plain = safe(text)
    return plain if len(plain) <= _LONGEST else f"{plain[:120]} … {plain[-160:]}"
