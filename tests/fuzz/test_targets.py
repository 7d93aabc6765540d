"""Every input that once was a fault, and fresh ones from hypothesis: each target of the fuzzing holds.

Long runs are `python -m tests.fuzz`; HYPOTHESIS_PROFILE=ci or nightly runs more here.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .mutate import mutated
from .seeds import CORPUS, ROOT, recorded, seeds
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


def test_nothing_is_imported_before_it_is_instrumented() -> None:
    """What was imported before atheris' hook gives no coverage, so that nothing guides the run."""
    code = "import sys, tests.fuzz.guided; print([m for m in sys.modules if m.split('.')[0] == 'joblint'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("guided", [True, False])
def test_a_run_says_whether_it_is_guided(
    guided: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from . import __main__ as long

    asked: list[str] = []
    monkeypatch.setattr(long, "_has_atheris", lambda: guided)
    monkeypatch.setattr(long, "_guided_apart", lambda name, options: asked.append(name) or 0)
    monkeypatch.setattr(sys, "argv", ["x", "quantity", "--time", "0", "--into", str(tmp_path)])
    before = signal.getsignal(signal.SIGVTALRM)
    try:
        assert long.main() == 0
    finally:
        signal.signal(signal.SIGVTALRM, before)
    first = capsys.readouterr().out.split("\n")[0]
    if guided:
        assert first == "guided by coverage (atheris), 0 s for each of 1 targets"
        assert asked == ["quantity"]
    else:
        assert first == "atheris is not installed: inputs are random, from a seed, and not guided by coverage"
        assert asked == []
