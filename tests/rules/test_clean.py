"""Carefully written Jobs get no warning: silence is a feature."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.check import check_files

CLEAN = sorted((Path(__file__).parents[1] / "data/clean").iterdir())


@pytest.mark.parametrize("path", CLEAN, ids=lambda p: p.stem)
def test_no_warning(path: Path) -> None:
    report = check_files(Engine(chosen(builtin(), Selection(), "1.36"), "1.36"), (str(path),))
    assert report.documents and all(c.judged.verdict.accepted for c in report.documents)
    assert report.crashes == ()
    assert [(f.rule, f.span.line, f.message) for f in report.findings if f.severity != "info"] == []


def test_there_are_twenty_of_them() -> None:
    assert len(CLEAN) >= 20
