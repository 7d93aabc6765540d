"""What `kubectl apply` does to a live Job: patches and verdicts of Kubernetes' own code, versions 1.31 to 1.36.

A line of the file is {"id", "version", "old", "new", "outcome", "patch", "errors": [[type, field, message]]}; messages
are null for the older versions, which print Go structs in a syntax of their own.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from joblint.api.apply.merge import apply

_CASES: dict[str, list[dict[str, Any]]] = defaultdict(list)
with gzip.open(Path(__file__).parent.parent / "data" / "apply.jsonl.gz", "rt", encoding="utf-8") as _lines:
    for _case in map(json.loads, _lines):
        _CASES[_case["version"]].append(_case)


def test_every_outcome_is_there() -> None:
    assert {case["outcome"] for case in _CASES["1.36"]} == {"unchanged", "updated", "refused"}
    for version, cases in _CASES.items():
        assert {case["outcome"] for case in cases} >= {"updated", "refused"}, version


@pytest.mark.parametrize("version", sorted(_CASES))
def test_same_patch_and_same_verdict(version: str) -> None:
    for case in _CASES[version]:
        before = json.dumps([case["old"], case["new"]])
        result = apply(case["old"], case["new"], version)
        assert result.patch == case["patch"], case["id"]
        assert result.outcome == case["outcome"], case["id"]
        found = [[e.type, e.field, e.message if version == "1.36" else None] for e in result.errors]
        assert found == case["errors"], case["id"]
        assert json.dumps([case["old"], case["new"]]) == before, f"{case['id']}: the manifests were changed"
