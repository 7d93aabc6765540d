"""The bad examples of all rules: what can be fixed is better afterwards, and fixing again changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.engine import Engine
from joblint.rules.fixes.apply import fix_data
from joblint.source.documents import read

from .helper import engine_of

FILES = [read_rule_file(name, data) for name, data in builtin_rule_files()]
EXAMPLES = [
    pytest.param(example["manifest"], example.get("kubernetes", "1.36"), id=f"{data['id']}-{kind}-{n}")
    for data in FILES
    if data["id"] not in ("JL015", "JL016")  # these take a comment out, and are found only over a whole report
    for kind in ("bad", "good")
    for n, example in enumerate(data["examples"][kind])
]


def _findings(engine: Engine, data: bytes) -> list[Any]:
    return [f for d in read(data, "x") for f in engine.run(d).findings]


def _comments(text: str) -> int:
    return sum(line.lstrip().startswith("#") and not line.lstrip().startswith("#!") for line in text.split("\n"))


@pytest.mark.parametrize(("manifest", "version"), EXAMPLES)
def test_fixes_of_an_example(manifest: str, version: str) -> None:
    engine = engine_of(version)
    data = manifest.encode()
    for unsafe in (False, True):
        result = fix_data(engine, data, "job.yaml", unsafe)
        assert fix_data(engine, result.data, "job.yaml", unsafe).data == result.data
        assert _comments(result.data.decode()) == _comments(manifest)
        before, after = _findings(engine, data), _findings(engine, result.data)
        if result.made and all(j.verdict.stage not in ("yaml", "decode") for d in read(data, "x") for j in engine.run(d).judged):
            assert len([f for f in after if f.severity == "error"]) <= len([f for f in before if f.severity == "error"])
            assert {made.rule for made in result.made} <= {f.rule for f in before} | {f.rule for f in after} | {"JL105", "JL106"}
        if not result.made:
            assert result.data == data


def test_a_fix_that_is_offered_does_what_it_says() -> None:
    """Of all fixes offered on the bad examples nearly all are made: what is left is a choice between two."""
    engine = engine_of()
    made: dict[str, int] = {}
    left: dict[str, int] = {}
    for data in FILES:
        for example in data["examples"]["bad"]:
            result = fix_data(engine, example["manifest"].encode(), "job.yaml", unsafe=True)
            for applied in result.made:
                made[applied.rule] = made.get(applied.rule, 0) + 1
            for applied in result.left:
                left[applied.rule] = left.get(applied.rule, 0) + 1
    sure = {"JL005", "JL101", "JL103", "JL105", "JL106", "JL107", "JL109", "JL117", "JL125", "JL126", "JL301"}
    assert sure <= set(made)
    assert sum(left.values()) * 20 <= sum(made.values())
