"""Finds the numbers at which joblint changes its mind: `python -m tests.said.find_limits` writes tests/data/limits.jsonl.gz.

Each number in a rule's example, a trap or a report is replaced by smaller and larger ones. Where the findings differ between
two of them, the two neighbouring numbers in between are looked for, and both manifests become cases of the record. One such
pair is kept for each change of findings.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator

from joblint.rules.finding import Finding
from joblint.run.check import check_text

from .record import LIMITS, NOW, Case, engine, given

NUMBERS = (0, 1, 2, 3, 5, 9, 13, 32, 61, 101, 1001, 3601, 86_401, 10**6, 2**31 - 1, 2**31)
PAIRS = 1
"""So many pairs are kept for each finding that comes or goes."""

Said = frozenset[str]


def changes(case: Case) -> Iterator[tuple[Said, tuple[int, int], int, int]]:
    """What changes, where the number stands, and the last number before and the first after the change."""
    for found in re.finditer(r"(?<![\w.$#])\d{1,10}(?![\w]*\.\d)", case.text):
        own = int(found[0])
        tried = sorted({*NUMBERS, max(own - 1, 0), own, own + 1})
        said = [_said(case, found.span(), number) for number in tried]
        for low, high, before, after in zip(tried, tried[1:], said, said[1:], strict=False):
            if before == after:
                continue
            left, right = low, high
            there = after
            while right - left > 1:
                middle = (left + right) // 2
                now = _said(case, found.span(), middle)
                if now == before:
                    left = middle
                else:
                    right, there = middle, now
            yield before ^ there, found.span(), left, right


def _said(case: Case, span: tuple[int, int], number: int) -> Said:
    text = case.text[: span[0]] + str(number) + case.text[span[1] :]
    report = check_text(engine(), text.encode(), "job.yaml")
    return frozenset(map(_without_numbers, report.findings))


def _without_numbers(found: Finding) -> str:
    parts = (found.rule, found.severity, found.field, found.message, str(bool(found.fix)))
    return re.sub("[0-9]+", "0", " ".join(parts))


def main() -> int:
    """Write the pairs."""
    seen: Counter[str] = Counter()
    rows = []
    for case in given():
        if case.now != NOW:  # a list of a cluster is mostly numbers that nobody reads
            continue
        for what, span, left, right in changes(case):
            if any(seen[part] < PAIRS for part in what):
                seen.update(what)
                for number in (left, right):
                    text = case.text[: span[0]] + str(number) + case.text[span[1] :]
                    rows.append({"name": f"{case.name}-at-{span[0]}-{number}", "text": text})
    written = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
    LIMITS.write_bytes(gzip.compress(written.encode(), 9, mtime=0))
    print(len(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
