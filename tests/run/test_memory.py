"""What is kept of a document once it is checked: joblint checks with Python's garbage collector off, so no circle may hold it."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.engine import Engine
from joblint.rules.manifests import read_manifests

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_nothing_of_a_checked_document_waits_for_the_garbage_collector(path: Path) -> None:
    engine = Engine(builtin(), "1.36")
    for document in read_manifests(path.read_bytes(), path.name):  # what is imported or cached is so from here on
        engine.run(document)
    gc.collect()
    was = gc.isenabled()
    gc.disable()
    try:
        for document in read_manifests(path.read_bytes(), path.name):
            engine.run(document)
        del document
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        left = {type(o).__name__ for o in gc.garbage}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        if was:
            gc.enable()
    assert left.isdisjoint({"Document", "Subject", "Prediction", "Verdict", "Node"})
