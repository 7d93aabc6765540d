"""No regular expression of joblint explodes: each is asked as the code asks it, over texts that are made for it.

How times grow where a text is doubled is measured by benchmarks/regexes.py; here a text is so short that only an expression that
takes far more than the square of its length needs seconds.
"""

from __future__ import annotations

import importlib.util
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def _benchmark() -> Any:
    spec = importlib.util.spec_from_file_location("regexes", ROOT / "benchmarks" / "regexes.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


regexes = _benchmark()
EXPRESSIONS = list(regexes.expressions())


def test_all_expressions_are_known() -> None:
    """Whoever writes one more has it tested here, or this fails."""
    known = {e.where.partition(":")[0] for e in EXPRESSIONS} | {where.partition(":")[0] for where in regexes.NOT_OURS}
    for path in (ROOT / "joblint").rglob("*.py"):
        text = path.read_text("utf-8")
        uses = re.search(r"\bre\.(compile|search|match|fullmatch|subn?|split|findall|finditer)\(|from re import", text)
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        assert (module in known) == bool(uses), module
    assert len(EXPRESSIONS) > 100


@pytest.mark.skipif(not hasattr(signal, "setitimer") or sys.implementation.name != "cpython", reason="needs a timer in re")
@pytest.mark.parametrize("expression", EXPRESSIONS, ids=[f"{e.where}-{i}" for i, e in enumerate(EXPRESSIONS)])
def test_none_explodes(expression: Any) -> None:
    for begin, piece, end in regexes.texts(expression):
        regexes.seconds(expression, begin + piece * (200 // len(piece)) + end)  # raises TooLong


def test_what_explodes_is_noticed() -> None:
    bad = regexes.Expression("x", re.compile(r"(a|a)*b"), "match")
    with pytest.raises(regexes.TooLong):
        test_none_explodes(bad)
