"""Traps of real trouble reports and their corrected twins: each trap is reported, no twin has a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblint import check

REPORTS = Path(__file__).parents[1] / "data" / "reports"
INFO = {"33-generate-name-apply", "46-kueue-no-suspend"}
"""Traps that may be intended: whoever reads the manifest alone cannot tell."""


def _severities(path: Path) -> set[str]:
    return {f.severity for f in check(path.read_text("utf-8")).findings}


@pytest.mark.parametrize("name", sorted(p.name.removesuffix(".bad.yaml") for p in REPORTS.glob("*.bad.yaml")))
def test_the_trap_is_reported_and_its_twin_is_not(name: str) -> None:
    bad, good = _severities(REPORTS / f"{name}.bad.yaml"), _severities(REPORTS / f"{name}.good.yaml")
    assert bad & ({"info", "warning", "error"} if name in INFO else {"warning", "error"})
    assert not good & {"warning", "error"}
