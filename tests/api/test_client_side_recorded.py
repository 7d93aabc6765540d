"""What kubectl 1.36.3 said of `kubectl apply` over a live object, against a real API server.

A line of the file is {"id", "old", "new", "made", "between", "live", "said", "stderr"}: `old` was made with `kubectl apply` or
`kubectl create`, somebody patched it meanwhile (`between`), `live` is the object then, and `new` was applied. `said` is
kubectl's word, `stderr` what it complained of, without the objects that it prints whole ("" where there was nothing else).
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from joblint.api.apply.client_side import client_side
from joblint.api.apply.result import Result
from joblint.api.apply.stored import store
from joblint.api.version.versions import gates

GATES = gates("1.36")
OUTCOMES = {"configured": "updated"}
with gzip.open(Path(__file__).parent.parent / "data" / "kubectl-apply.jsonl.gz", "rt", encoding="utf-8") as _lines:
    ROWS: list[dict[str, Any]] = [json.loads(line) for line in _lines]


def _apply(row: dict[str, Any], old: dict[str, Any]) -> Result:
    stored = store(old, GATES, row["made"], row["new"])
    assert stored is not None, row["id"]
    return client_side(stored, row["new"], GATES)


def test_every_word_is_there() -> None:
    assert {row["said"] for row in ROWS} == {"configured", "unchanged", "refused"}
    assert sum(bool(row["between"]) for row in ROWS) > 30


@pytest.mark.parametrize("side", ["live", "old"])
def test_the_same_word_and_the_same_complaint(side: str) -> None:
    """Over the exported object, and over the manifest where nobody touched the object since."""
    for row in ROWS:
        if side == "old" and row["between"]:
            continue
        before = json.dumps(row)
        result = _apply(row, row[side])
        assert result.outcome == OUTCOMES.get(row["said"], row["said"]), row["id"]
        for error in result.errors if row["stderr"] and side == "live" else ():
            assert error.message.partition(": {")[0] in row["stderr"], row["id"]
        assert json.dumps(row) == before, f"{row['id']}: something was changed"
