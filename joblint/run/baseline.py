"""Known findings: a file of their keys and counts, and a report without them; knows reports, no format.

A key is rule, object and field path: moved lines, renamed files and changed numbers do not make a known finding new.
"""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.rules.identity import identity
from joblint.rules.ignores.settle import EXPIRED, UNUSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from joblint.run.result import Report

VERSION = 1
NAME = ".joblint-baseline.json"


class BaselineError(Exception):
    """A file that is not a baseline; the text says why."""


class Baseline(Record):
    """How often each key was found when the baseline was written."""

    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Return the number of findings in the baseline."""
        return sum(self.counts.values())


class Compared(Record):
    """The report without what is known, the baseline without what is fixed, and how many of its findings are fixed."""

    report: Report
    left: Baseline
    fixed: int


def of_report(report: Report) -> Baseline:
    """Return the baseline of everything in a report, except findings on ignores, which are easier to fix."""
    counts: dict[str, int] = {}
    for finding in report.findings:
        if finding.name in (UNUSED, EXPIRED):
            continue
        key = identity(finding)
        counts[key] = counts.get(key, 0) + 1
    return Baseline(dict(sorted(counts.items())))


def read(data: bytes, name: str) -> Baseline:
    """Return the baseline in a file. Raises BaselineError if it is not one."""
    from json import loads

    try:
        value = loads(data)
    except ValueError as error:
        raise BaselineError(f"{name}: not a baseline: {error}") from None
    counts = value.get("findings") if isinstance(value, dict) else None
    if not isinstance(counts, dict) or value.get("version") != VERSION:
        raise BaselineError(f"{name}: not a baseline of this joblint version; write it again: joblint baseline write")
    if not all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in counts.values()):
        raise BaselineError(f"{name}: not a baseline: the count of a finding must be a number above 0")
    return Baseline(counts)


def written(baseline: Baseline) -> bytes:
    """Return the baseline as a file, one line for each key in the order of keys, so that diffs are readable."""
    from json import dumps

    lines = [f"  {dumps(key, ensure_ascii=False)}: {n}" for key, n in sorted(baseline.counts.items())]
    text = f'{{\n "version": {VERSION},\n "findings": {{\n' + ",\n".join(lines) + ("\n" if lines else "") + " }\n}\n"
    return text.encode("utf-8", "backslashreplace")


def compare(report: Report, baseline: Baseline, rules: Iterable[str], whole: bool = False) -> Compared:
    """Compare a report with a baseline.

    A finding in the baseline that does not occur is fixed if its rule is one of `rules` (those that ran) and its object was
    checked; with `whole`, everything in the baseline was checked.
    """
    left = dict(baseline.counts)
    new, known = [], []
    for finding in report.findings:
        key = identity(finding)
        if left.get(key, 0) > 0:
            left[key] -= 1
            known.append(finding)
        else:
            new.append(finding)
    ran = frozenset(rules)
    checked = _checked(report)
    counts, fixed = dict(baseline.counts), 0
    for key, n in left.items():
        rule, _, rest = key.partition(" ")
        if n and rule in ran and (whole or rest.partition(" ")[0] in checked):
            fixed += n
            counts[key] -= n
    counts = {key: n for key, n in counts.items() if n}
    return Compared(replace(report, findings=tuple(new), known=tuple(known), fixed=fixed), Baseline(counts), fixed)


def _checked(report: Report) -> frozenset[str]:
    """The objects and files of a report, in the form of keys."""
    from joblint.rules.identity import owner

    found = {owner(d.judged.kind, d.judged.namespace, d.judged.name, d.file) for d in report.documents}
    return frozenset(found | {owner(None, None, None, d.file) for d in report.documents})
