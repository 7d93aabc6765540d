"""Writes what joblint says of the recorded manifests: `python -m tests.said.record`; prints what changes, to be read.

The manifests are those of the rules' examples, the trap and report pairs, the clean files, the live clusters, a draw of
the API server's verdicts, and those with the numbers and words at which findings change (find_limits.py,
find_words.py). Every finding with its texts and fix is kept, and the whole explanation as text. A day is fixed, as schedules
are told from today on.
"""

from __future__ import annotations

import datetime
import difflib
import gzip
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from joblint.report.explain.text import render
from joblint.report.style import Style
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.rule_files import builtin_rule_files, validate
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.finding import Finding
from joblint.run.check import check_text
from joblint.run.explain import explain_files

DATA = Path(__file__).parents[1] / "data"
FILE = DATA / "said.json.gz"
LIMITS = DATA / "limits.jsonl.gz"
WORDS = DATA / "words.jsonl.gz"
VERSION = "1.36"
NOW = 1764547200.0
"""2025-12-01 00:00:00 UTC."""

EVERY = 8
"""Of the recorded verdicts of the version, one of so many is asked."""


class Case(NamedTuple):
    """A manifest, or several in one text, and the second since 1970 at which it is looked at; whether
    its explanation is recorded too."""

    name: str
    text: str
    now: float = NOW
    explained: bool = True


def given() -> Iterator[Case]:
    """Those that somebody wrote, or a cluster."""
    for name, found in builtin_rule_files():
        rule = validate(name, found)
        for which in ("bad", "good"):
            for n, example in enumerate(rule["examples"][which]):
                yield Case(f"{rule['id']}-{which}-{n}", "\n---\n".join([example["manifest"], *example.get("files", {}).values()]))
    for trap in _rows("traps.jsonl.gz"):
        yield Case(f"{trap['name']}-bad", trap["bad"])
        yield Case(f"{trap['name']}-good", trap["good"])
    for file in sorted([*(DATA / "reports").glob("*.yaml"), *(DATA / "clean").iterdir()]):
        yield Case(file.name, file.read_text("utf-8"))
    for row in _rows("live.jsonl.gz"):
        captured = datetime.datetime.fromisoformat(row["captured_at"].replace("Z", "+00:00"))
        yield Case(f"live-{row['state']}", json.dumps(row["list"]), captured.timestamp())


def cases() -> Iterator[Case]:
    """All of them, always in the same order."""
    yield from given()
    for row in [r for r in _rows("verdicts.jsonl.gz") if r["version"] == VERSION][::EVERY]:
        yield Case(row["id"], row["yaml"])
    yield from more()
    for file in (LIMITS, WORDS):
        for row in _rows(file.name) if file.is_file() else ():
            yield Case(row["name"], row["text"], explained=False)


def more() -> Iterator[Case]:
    """The pairs that came later, without their explanations."""
    for line in (DATA / "more-traps.jsonl").read_text("utf-8").splitlines():
        trap = json.loads(line)
        yield Case(f"{trap['name']}-bad", trap["bad"], explained=False)
        yield Case(f"{trap['name']}-good", trap["good"], explained=False)


def said(case: Case) -> str:
    """The findings one by one, then the explanation."""
    with mock.patch("time.time", lambda: case.now):
        report = check_text(engine(), case.text.encode(), "job.yaml")
        lines = [*map(_finding, report.findings), *map(repr, report.crashes)]
        if case.explained:
            explained = explain_files([("job.yaml", case.text.encode())], VERSION, now=case.now)
            lines += render(explained, Style(colour=False, boxes=True, width=100), brief=False, full=True)
    return "\n".join(lines)


@cache
def engine() -> Engine:
    return Engine(chosen(builtin(), Selection(profile="strict"), VERSION), VERSION)


def recorded() -> dict[str, str]:
    """What was said of each case when it was recorded."""
    found: dict[str, str] = json.loads(gzip.decompress(FILE.read_bytes()))
    return found


def change(name: str, before: str, after: str) -> str:
    """The lines that differ, a few around them; nothing if none does."""
    return "\n".join(difflib.unified_diff(before.split("\n"), after.split("\n"), name, name, "recorded", "now", 1, ""))


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress((DATA / name).read_bytes()).decode().splitlines()]


def _finding(found: Finding) -> str:
    span, fix = found.span, found.fix
    place = f"{span.line}:{span.column}-{span.end_line}:{span.end_column}" if span is not None else "-"
    head = f"{found.severity} {found.confidence} {found.rule} {found.field} {place}"
    parts = (found.message, found.label, found.fix_text, fix and repr(fix), *map(repr, found.also))
    return "\n  ".join([head, *[part for part in parts if part]])


def main() -> int:
    """Record all cases; a change is printed."""
    before = recorded() if FILE.is_file() else {}
    after = {case.name: said(case) for case in cases()}
    for name in sorted({*before, *after}):
        if text := change(name, before.get(name, ""), after.get(name, "")):
            print(text)
    FILE.write_bytes(gzip.compress(json.dumps(after, ensure_ascii=False).encode(), 9, mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
