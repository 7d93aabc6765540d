"""Traps of the kinds that trouble reports tell of, and their corrected twins: the trap is reported, the twin has no warning."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from joblint import check

DATA = Path(__file__).parents[1] / "data"
LINES = gzip.decompress((DATA / "traps.jsonl.gz").read_bytes()).decode() + (DATA / "more-traps.jsonl").read_text("utf-8")
TRAPS: list[dict[str, Any]] = [json.loads(line) for line in LINES.splitlines()]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda t: str(t["name"]))
def test_a_trap_is_reported_and_its_twin_is_not(trap: dict[str, Any]) -> None:
    bad, good = check(trap["bad"]), check(trap["good"])
    assert not bad.crashes and not good.crashes
    grave = {"info", "warning", "error"} if trap["severity"] == "info" else {"warning", "error"}
    assert set(trap["rules"]) <= {f.rule for f in bad.findings if f.severity in grave}
    assert [(f.rule, f.message) for f in good.findings if f.severity != "info"] == []
