"""What a server-side apply comes to, as an API server of Kubernetes 1.36.3 answered: outcome, message, the object afterwards.

A line of the file is {"id", "old", "new", "made", "between", "manager", "force", "live", "code", "message", "causes", "spec"}:
`old` was made in the way of `made` (kubectl's field managers), somebody patched it meanwhile (`between`), `live` is the object
then, and `new` was applied by `manager`. `code` is the answer's: 200 applied, 409 conflict, the rest refused.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from joblint.api.apply.result import Result
from joblint.api.apply.server_side import owners_of, server_side
from joblint.api.apply.stored import store
from joblint.api.apply.typed.fields import text
from joblint.api.apply.typed.owners import Owner, read_managed
from joblint.api.apply.typed.schema import types
from joblint.api.version.versions import gates

GATES = gates("1.36")
OUTCOMES = {200: "applied", 409: "conflict"}
with gzip.open(Path(__file__).parent.parent / "data" / "server-side-apply.jsonl.gz", "rt", encoding="utf-8") as _lines:
    ROWS: list[dict[str, Any]] = [json.loads(line) for line in _lines]


def _apply(row: dict[str, Any], old: dict[str, Any]) -> Result:
    stored = store(old, GATES, row["made"], row["new"])
    assert stored is not None, row["id"]
    return server_side(stored, row["new"], GATES, row["made"], row["manager"], row["force"])


def test_every_answer_is_there() -> None:
    assert {row["code"] for row in ROWS} == {200, 409, 422, 500}
    assert {row["made"] for row in ROWS} == {"apply", "create", "server-side"}
    assert sum(bool(row["between"]) for row in ROWS) > 100


@pytest.mark.parametrize("part", range(4))
def test_over_the_live_object(part: int) -> None:
    """The live object tells who owns its fields."""
    for row in ROWS[part::4]:
        before = json.dumps(row)
        _same(row, _apply(row, row["live"]))
        assert json.dumps(row) == before, f"{row['id']}: something was changed"


@pytest.mark.parametrize("part", range(4))
def test_over_a_manifest_that_nobody_touched_since(part: int) -> None:
    """The way in which it was made tells who owns what."""
    for row in [row for row in ROWS if not row["between"]][part::4]:
        result = _apply(row, row["old"])
        assert result.outcome == OUTCOMES.get(row["code"], "refused"), row["id"]
        if row["message"]:
            assert _lines_of(result.problem) == _lines_of(row["message"]), row["id"]


def _same(row: dict[str, Any], result: Result) -> None:
    assert result.outcome == OUTCOMES.get(row["code"], "refused"), row["id"]
    if row["code"] == 200:
        assert result.merged is not None
        assert result.merged["spec"] == row["spec"], row["id"]
    elif row["causes"] and row["code"] != 409:
        assert [[e.type, e.field, e.message] for e in result.errors] == row["causes"], row["id"]
    elif row["message"]:
        # The server goes through fields and owners at random.
        assert _lines_of(result.problem) == _lines_of(row["message"]), row["id"]


def _lines_of(message: str) -> list[str]:
    return sorted(message.split("\n"))


def test_who_owns_what_follows_from_the_way_it_was_made() -> None:
    """The same owners of the same fields as the server wrote down."""
    schema = types("1.36")
    for row in [row for row in ROWS if not row["between"]]:
        stored = store(row["old"], GATES, row["made"], row["new"])
        assert stored is not None
        ours = owners_of(stored, schema, GATES, row["made"]) or ()
        theirs = read_managed(row["live"]["metadata"]["managedFields"], "batch/v1")
        assert _fields(ours) == _fields(theirs), row["id"]


def _fields(owners: tuple[Owner, ...]) -> set[tuple[str, str, str]]:
    return {(o.manager, o.operation, text(path)) for o in owners for path in o.fields.paths()}
