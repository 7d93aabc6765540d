"""joblint says what it said when this was last read: findings, texts, spans, fixes and explanations."""

from __future__ import annotations

from functools import cache

import pytest

from .record import Case, cases, change, recorded, said

PARTS = 32
_recorded = cache(recorded)


@cache
def _cases() -> tuple[Case, ...]:
    return tuple(cases())


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_else_is_said(part: int) -> None:
    """`python -m tests.said.record` records a change that is wanted, and prints it."""
    changes = [change(case.name, _recorded().get(case.name, ""), said(case)) for case in _cases()[part::PARTS]]
    assert not any(changes), "\n".join(filter(None, changes))[:20_000]


def test_nothing_is_recorded_that_nobody_asks() -> None:
    assert {case.name for case in _cases()} == set(_recorded())
