"""Every input that once was a fault, and fresh ones from hypothesis: each target of the fuzzing holds.

Long runs are `python -m tests.fuzz`; HYPOTHESIS_PROFILE=ci or nightly runs more here.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .mutate import mutated
from .seeds import CORPUS, recorded, seeds
from .targets import TARGETS

A_FEW = settings(max_examples=max(5, settings().max_examples // 4))
"""A part of what the profile says: a target is many times as long as another test's example."""
RECORDED = [(name, data) for name in TARGETS for data in recorded(name)]


def test_the_corpus_is_of_targets() -> None:
    assert {path.name for path in CORPUS.iterdir()} <= set(TARGETS)
    assert RECORDED


@pytest.mark.parametrize(("name", "data"), RECORDED, ids=[f"{n}-{i}" for i, (n, _) in enumerate(RECORDED)])
def test_recorded(name: str, data: bytes) -> None:
    TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
@A_FEW
@given(seed=st.integers(0, 2**32))
def test_changed(name: str, seed: int) -> None:
    random, pool = Random(seed), seeds(name)
    TARGETS[name](mutated(random.choice(pool), random, pool))


@pytest.mark.parametrize("name", TARGETS)
@A_FEW
@given(data=st.binary(max_size=60))
def test_any_bytes(name: str, data: bytes) -> None:
    TARGETS[name](data)
