"""joblint says what the API server said: recorded verdicts of many versions, replayed without the server's code.

`nox -s conformance -- --refresh` records them anew with the program in conformance/; see its README.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from conformance.agreement import Disagreement, compare_document, compare_pair, judge_text, only_value, worded
from conformance.record import MANIFESTS, PAIRS, read
from joblint.api.apply.merge import apply
from joblint.api.version.versions import VERSIONS
from joblint.rules.manifests import read_manifests
from joblint.rules.skips import skip

PARTS = 24

KNOWN: dict[str, str] = {
    "1.35-pair-terms-wild-49": "two items lack their merge key, and kubectl and joblint name different ones",
}
"""Cases in which joblint is known to differ, and why; each must still differ."""


@cache
def _rows(of_pairs: bool) -> list[dict[str, Any]]:
    return read(PAIRS if of_pairs else MANIFESTS)


def _manifest(row: dict[str, Any]) -> list[Disagreement]:
    ours = judge_text(row["yaml"], row["version"])
    words = worded(row["version"])
    return [d for s in row["documents"] for d in compare_document(row["id"], s, ours.get((s["doc"], s.get("item"))), words)]


def _pair(row: dict[str, Any]) -> list[Disagreement]:
    ours = apply(only_value(row["old"]), only_value(row["new"]), row["version"])
    return list(compare_pair(row["id"], row["verdict"], ours, worded(row["version"])))


def _judge(found: list[Disagreement], ids: set[str]) -> None:
    told = "\n".join(
        f"{d.id} {d.kind}: {d.group}\n  server  {d.server!r:.600}\n  joblint {d.joblint!r:.600}"
        for d in found
        if d.id not in KNOWN
    )
    assert not told, told
    fixed = (ids & set(KNOWN)) - {d.id for d in found}
    assert not fixed, f"these agree now: take them out of KNOWN: {sorted(fixed)}"


@pytest.mark.parametrize("part", range(PARTS))
def test_create(part: int) -> None:
    """Stage, unknown fields, errors in their order, warnings and the defaulted object are the server's."""
    rows = _rows(False)[part::PARTS]
    _judge([d for row in rows for d in _manifest(row)], {r["id"] for r in rows})


@pytest.mark.parametrize("part", range(PARTS // 4))
def test_apply(part: int) -> None:
    """The patch that kubectl sends, and what the server says of it."""
    rows = _rows(True)[part :: PARTS // 4]
    _judge([d for row in rows for d in _pair(row)], {r["id"] for r in rows})


def test_no_manifest_that_kubectl_cannot_read_is_taken_for_somebody_elses() -> None:
    """All but few: a text that hides what it is may be anybody's."""
    hidden, unreadable = [], 0
    for row in _rows(False):
        wrong = {d["doc"] for d in row["documents"] if "yaml_error" in d}
        if wrong and "{{" not in row["yaml"] and "{%" not in row["yaml"]:
            unreadable += len(wrong)
            documents = read_manifests(row["yaml"].encode("utf-8", "surrogatepass"), "a.yaml")
            hidden += [row["id"] for d in documents if d.index in wrong and skip(d) is not None]
    assert unreadable > 300
    assert len(hidden) <= unreadable // 100, hidden


def test_enough_is_recorded() -> None:
    """Every version, every way to be refused, and enough that is accepted."""
    rows = _rows(False)
    documents = [d for r in rows for d in r["documents"]]
    assert {r["version"] for r in rows} == set(VERSIONS)
    for key in ("yaml_error", "decode_error", "strict", "errors", "warnings", "duplicate_keys", "object"):
        assert sum(key in d for d in documents) > 5, key
    assert sum(d["accepted"] for d in documents) > 1000
    verdicts = [r["verdict"] for r in _rows(True)]
    assert (
        sum(v["unchanged"] for v in verdicts) > 20
        and sum(v["accepted"] for v in verdicts) > 100
        and sum("errors" in v for v in verdicts) > 100
    )
