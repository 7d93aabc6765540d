"""The findings on manifests of public repositories, each with a person's verdict (tools/real_files.py makes the table)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from joblint.rules.catalogue.rule import builtin

TABLE = Path(__file__).parents[1] / "data/real-findings.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:]]


def test_every_finding_has_a_verdict_and_a_rule_that_is_there() -> None:
    rules = {r.id for r in builtin()}
    assert len(ROWS) > 150
    assert {row[2] for row in ROWS} <= rules
    assert {row[5] for row in ROWS} <= {"right", "hint", "wrong"}


def test_no_warning_is_wrong_more_than_once_in_ten() -> None:
    shown = [row for row in ROWS if row[3] != "info"]
    wrong, all_of = Counter(row[2] for row in shown if row[5] == "wrong"), Counter(row[2] for row in shown)
    assert {rule: n for rule, n in wrong.items() if n * 10 > all_of[rule]} == {}
    assert [row for row in shown if row[3] == "error" and row[5] != "right"] == []
