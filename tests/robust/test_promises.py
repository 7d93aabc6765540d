"""Each promise of docs/reliability.md names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_named_tests_exist() -> None:
    promises = (ROOT / "docs/reliability.md").read_text("utf-8").partition("## Fuzzing")[0]
    rows = [line for line in promises.split("\n") if line.startswith("| ")][1:]
    assert len(rows) >= 14
    for row in rows:
        named = re.findall(r"`(tests/[^`]+)`", row)
        assert named, row
        for name in named:
            file, _, test = name.partition("::")
            text = (ROOT / file).read_text("utf-8")
            assert f"def {test}(" in text if test else "\ndef test_" in text, name
