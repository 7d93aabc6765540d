"""Positions that an editor may send although the text that the server knows does not reach so far."""

from __future__ import annotations

import pytest

from joblint.api.version.versions import DEFAULT
from joblint.rules.catalogue.rule import builtin
from joblint.rules.engine import Engine
from joblint.run.again import Again

lsp = pytest.importorskip("lsprotocol.types")


@pytest.mark.parametrize("text", ["", "kind: Job\nspec:\n  ", "{}"])
@pytest.mark.parametrize("position", [(0, 99), (3, 0), (99, 99)])
def test_a_position_behind_the_text_is_no_failure(text: str, position: tuple[int, int]) -> None:
    from joblint.lsp.analysis import Analysis
    from joblint.lsp.completion import completion
    from joblint.lsp.hover import hover
    from joblint.lsp.navigation import definition

    found, at = Analysis(text, Again(Engine(builtin(), DEFAULT), "x.yaml")), lsp.Position(*position)
    completion(found, at), hover(found, at), definition(found, "file:///x.yaml", at)
    if position[0] > 2:
        assert completion(found, at) == []
