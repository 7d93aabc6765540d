"""How long a script runs before anything in it can fail."""

from __future__ import annotations

import pytest

from joblint.shell.duration.failing import before_failure
from joblint.shell.grammar import parse


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("sleep 300; /app/probe", 300),
        ("/app/probe; sleep 300", 0),
        ("echo starting\nsleep 20\nsleep 10\n/app/probe && sleep 60", 30),
        ("sleep 60; sleep 60", 120),
        ("for i in 1 2 3; do sleep 10; done; /app/probe", 30),
        ("for i in 1 2 3; do /app/probe; sleep 10; done", 0),
        ("sleep 5; exit 1", 5),
        ("sleep 5; X=$(/app/token); sleep 60", 5),
        ("wait() { sleep 60; }; /app/probe", 0),
    ],
)
def test_seconds_before_a_failure(text: str, seconds: float) -> None:
    assert before_failure(parse(text), {}) == seconds
