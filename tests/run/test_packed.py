"""Outcomes as text and back: the same, whatever is in them."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from joblint.api.admission.asked import Admission
from joblint.api.admission.levels import parse
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.manifests import read_manifests
from joblint.rules.outcome import Outcome
from joblint.run.packed import TYPES, Damaged, Packer

DATA = Path(__file__).parents[1] / "data"


def _texts() -> list[str]:
    texts = [e["manifest"] for n, d in builtin_rule_files() for es in read_rule_file(n, d)["examples"].values() for e in es]
    for file in sorted(DATA.rglob("*.jsonl")):
        for line in file.read_text().splitlines()[:30]:
            case = json.loads(line)
            texts += [
                case[k] if isinstance(case[k], str) else json.dumps(case[k]) for k in ("yaml", "sent", "manifest") if k in case
            ]
    return [*texts, "kind: Job\nmetadata: {name: \x01}\n", "# joblint: ignore[JL301] until=2020-01-01 -- x\n" + texts[0]]


def test_outcomes_come_back_as_they_were() -> None:
    rules = chosen(builtin(), Selection(profile="strict"), "1.36")
    packer, other = Packer(rules), Packer(rules)
    for admission in (None, Admission(parse("restricted"), True)):
        engine = Engine(rules, "1.36", admission=admission)
        for text in _texts():
            outcomes = tuple([engine.run(d) for d in read_manifests(text.encode("utf-8", "surrogateescape"), "a.yaml")])
            if any(o.crashes for o in outcomes):
                continue
            packed = packer.pack(outcomes)
            assert packed.isascii() and "\n" not in packed
            assert other.unpack(packed) == outcomes


@pytest.mark.parametrize(("module", "name"), TYPES)
def test_every_record_is_defined_where_its_number_says(module: str, name: str) -> None:
    """A record that moves to another module is not found by its former name, and no result that contains one can be sent."""
    found = getattr(importlib.import_module(module), name)
    assert (found.__module__, found.__name__) == (module, name)


def test_a_record_without_a_number_is_no_result() -> None:
    packer = Packer(())
    with pytest.raises(TypeError, match="has no number"):
        packer.pack((Outcome((), (), (), (), (Path("a"),)),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "1", "[1]", "[[0]]", "[[-1,1]]", "[[99]]", "[[5]]", "[[1,2]]", "[null]", "[" * 100_000]
)
def test_what_is_no_outcome(text: str) -> None:
    with pytest.raises(Damaged):
        Packer(()).unpack(text)
