"""Applying the fixes of findings to a file's bytes, and checking the result with the rules again; writes no file.

A fix is kept only if it improves the file: its finding is gone, there is no new error, and nothing else has changed. After a
fix, the server may read more of a file than before, so errors that appear only then are not a regression.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from joblint.base.record import Record
from joblint.rules.fixes.edits import remove_entry, rename_key, replace_raw
from joblint.rules.fixes.moves import move_entry, move_item
from joblint.source.places.spans import line_starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Edit, Finding, RuleCrash
    from joblint.rules.outcome import Outcome
    from joblint.source.documents import Document

    _Place = tuple[int, int]

__all__ = ["Applied", "Fixed", "apply", "fix_data", "move_entry", "move_item", "remove_entry", "rename_key", "replace_raw"]

_ROUNDS = 1000  # each applies at least one fix; a file that needs more is fixed further by the next call
_STAGES = {"yaml": 0, "decode": 1, "strict": 2, "validate": 2}
LEVELS = "wrong-indentation"
_BOM = b"\xef\xbb\xbf"


class Applied(Record):
    """A fix that was applied, or that was discarded because it improved nothing: rule, place in the file at that time,
    title."""

    rule: str
    name: str
    line: int
    column: int
    title: str


class Fixed(Record):
    """The result for a file: its bytes, the applied fixes in order, those that were discarded, errors in joblint itself, and the
    number of unsafe fixes that were not requested."""

    data: bytes
    made: tuple[Applied, ...]
    left: tuple[Applied, ...]
    crashes: tuple[RuleCrash, ...] = ()
    unsafe: int = 0


def fix_data(engine: Engine, data: bytes, name: str, unsafe: bool = False, skipped: str | None = None) -> Fixed:
    """Return the file's bytes with every fix that improves it; `unsafe` fixes (a choice) only on request.

    `skipped` is the reason if the file is not checked. Text outside of the fixes is unchanged, to the byte. Works in rounds,
    until there is nothing left to fix. Raises nothing on bad input.
    """
    made: list[Applied] = []
    crashes: dict[RuleCrash, None] = {}
    left: dict[tuple[object, ...], Applied] = {}
    if skipped or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fixed(data, (), ())
    try:
        before = _look(engine, data, name)
    except RecursionError:  # nested so deeply that it can only be reported, not copied
        return Fixed(data, (), ())
    crashes |= before.crashes()
    for _ in range(_ROUNDS):
        wanted = [f for f in before.findings if f.fix is not None and (f.fix.safe or unsafe) and _key(f) not in left]
        chosen = _without_overlap(wanted)
        if not chosen:
            break
        attempts = [chosen]
        while attempts:
            batch = attempts.pop(0)
            after_data = apply(data, [e for f in batch if f.fix for e in f.fix.edits])
            after = None if after_data is None else _look(engine, after_data, name)
            worse = None if after is None else _worse(before, after, batch)
            crashes |= after.crashes() if after is not None else {}
            if after_data is not None and after is not None and worse == set():
                made.extend([_applied(f) for f in batch])
                data, before = after_data, after
                left.clear()  # what was impossible before may be possible now
                break
            if len(batch) == 1:
                left[_key(batch[0])] = _applied(batch[0])
            elif batch is chosen:
                good = [f for f in batch if worse and f.document not in worse]
                attempts = [good, *[[f] for f in batch if f not in good]] if good else [[f] for f in batch]
    more = 0 if unsafe else sum(1 for f in before.findings if f.fix is not None and not f.fix.safe)
    return Fixed(data, tuple(made), tuple(left.values()), tuple(crashes), more)


def apply(data: bytes, edits: list[Edit]) -> bytes | None:
    """Return the bytes with edits applied, whose lines and columns count characters from 1; line ends are not changed.

    None if two edits overlap, or one is outside of the text.
    """
    bom = _BOM if data.startswith(_BOM) else b""
    text = data[len(bom) :].decode("utf-8", "surrogateescape")
    break_ = "\r\n" if "\r\n" in text else "\n"
    ended = text.endswith("\n")
    text += "" if ended else break_  # as a document's last line always has it
    starts = line_starts(text)
    spans = []
    for edit in edits:
        if not 1 <= edit.line <= edit.end_line <= len(starts):
            return None
        begin, end = starts[edit.line - 1] + edit.column - 1, starts[edit.end_line - 1] + edit.end_column - 1
        if not begin <= end <= len(text):
            return None
        spans.append((begin, end, edit.text))
    spans.sort(key=lambda s: s[:2])
    parts, at = [], 0
    for begin, end, new in spans:
        if begin < at:
            return None
        parts += [text[at:begin], new.replace("\n", break_)]
        at = end
    made = "".join([*parts, text[at:]])
    return bom + (made if ended else made.removesuffix(break_)).encode("utf-8", "surrogateescape")


class _Look(Record):
    """A file, read and checked."""

    documents: tuple[Document, ...]
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]

    def crashes(self) -> dict[RuleCrash, None]:
        """Errors in joblint, each once."""
        return {crash: None for outcome in self.outcomes for crash in outcome.crashes}


def _look(engine: Engine, data: bytes, name: str) -> _Look:
    from joblint.rules.manifests import read_manifests

    documents = tuple(read_manifests(data, name, holders=engine.holders))
    outcomes = tuple([engine.run(d) for d in documents])
    findings = [f for o in outcomes for f in o.findings]
    ignores = [i for o in outcomes for i in o.ignores]
    if ignores or engine.overrides:
        from joblint.rules.ignores.settle import settle

        findings = settle(engine, findings, ignores).findings
    return _Look(documents, outcomes, tuple(findings))


def _key(finding: Finding) -> tuple[object, ...]:
    """What identifies a finding before and after a fix: lines may have moved."""
    return finding.rule, finding.document, finding.field, finding.message


def _applied(finding: Finding) -> Applied:
    title = finding.fix.title if finding.fix is not None else ""
    return Applied(finding.rule, finding.name, finding.span.line, finding.span.column, title)


def _without_overlap(findings: list[Finding]) -> list[Finding]:
    """The findings, in order, whose edits do not touch those of an earlier one."""
    taken = _Taken()
    chosen = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix is not None else ()
        spans = [((e.line, e.column), (e.end_line, e.end_column)) for e in edits]
        if spans and all(map(taken.is_free, spans)):
            for span in spans:
                taken.take(span)
            chosen.append(finding)
    return chosen


class _Taken:
    """Stretches of a text that do not touch each other, each from a line and column to another."""

    def __init__(self) -> None:
        self._begins: list[_Place] = []
        self._ends: list[_Place] = []

    def is_free(self, span: tuple[_Place, _Place]) -> bool:
        """Return whether a stretch touches none of them."""
        at = bisect_right(self._begins, span[1])
        return at == 0 or self._ends[at - 1] < span[0]

    def take(self, span: tuple[_Place, _Place]) -> None:
        """Add a stretch; those that it touches are merged with it."""
        begin, end = span
        first, last = bisect_left(self._ends, begin), bisect_right(self._begins, end)
        if first < last:
            begin, end = min(begin, self._begins[first]), max(end, self._ends[last - 1])
        self._begins[first:last], self._ends[first:last] = [begin], [end]


def _worse(before: _Look, after: _Look, fixed: list[Finding]) -> set[int] | None:
    """The numbers of the documents that are not better: a fixed finding is still there, or something else is worse.

    None if the documents are no longer the same ones.
    """
    if len(after.documents) != len(before.documents):
        return None
    touched = {f.document for f in fixed}
    old, new = _counted(before.findings), _counted(after.findings)
    worse = {f.document for f in fixed if new.get(_key(f), 0) >= old[_key(f)]}
    for i, (was, now) in enumerate(zip(before.outcomes, after.outcomes, strict=True)):
        if i not in touched:
            if before.documents[i].value != after.documents[i].value:
                return None
        elif _twice(after.documents[i]) > _twice(before.documents[i]) or not _no_worse(was, now):
            worse.add(i)
    return worse


def _no_worse(was: Outcome, now: Outcome) -> bool:
    """Whether a document is not worse: no earlier stage, no new error if all of it was checked before."""
    if len(was.judged) == 1 and was.judged[0].verdict.stage == "yaml" and len(now.judged) > 1:
        return len(now.crashes) <= len(was.crashes)  # a List that could not be read, and its items
    if len(was.judged) != len(now.judged) or was.skipped != now.skipped or len(now.crashes) > len(was.crashes):
        return False
    stages = [(_stage(a), _stage(b)) for a, b in zip(was.judged, now.judged, strict=True)]
    if any(b < a for a, b in stages):
        return False
    if any(a <= 1 for a, _ in stages) or any(f.name == LEVELS for f in was.findings):
        return True  # more of it is checked now than before
    errors = {(f.rule, f.field) for f in was.findings if f.severity == "error"}
    return all(f.severity != "error" or (f.rule, f.field) in errors for f in now.findings)


def _twice(document: Document) -> int:
    """How many keys are defined twice: two fixes, each correct by itself, may add the same key."""
    return sum([p.kind == "duplicate-key" for p in document.problems])


def _stage(judged: object) -> int:
    verdict = judged.verdict  # type: ignore[attr-defined]
    return 3 if verdict.accepted else _STAGES.get(verdict.stage, 2)


def _counted(findings: tuple[Finding, ...]) -> dict[tuple[object, ...], int]:
    counts: dict[tuple[object, ...], int] = {}
    for finding in findings:
        counts[_key(finding)] = counts.get(_key(finding), 0) + 1
    return counts
