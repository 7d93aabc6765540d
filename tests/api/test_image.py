"""Image names, as the kubelet's parser read 200 of them; the default pull policy and the waiting container's message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.api.go.image import default_pull_policy, parse, waiting_message

CASES = [json.loads(line) for line in (Path(__file__).parent.parent / "data" / "images.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[str(i) for i in range(len(CASES))])
def test_the_kubelet_s_reading(case: dict[str, Any]) -> None:
    image = case["image"]
    found = parse(image)
    assert (not found.error) == case["ok"]
    assert (found.repository, found.tag, found.digest) == (case["repo"], case["tag"], case["digest"])
    # White space around a name never reaches the kubelet: the API server rejects the Pod.
    if not (case["job"] or case["pod"]):
        assert waiting_message(image) == (case["waiting"] or "")
    assert default_pull_policy(image) == case["pullPolicy"]


@given(st.text("aA0.-_/:@[] ${}é", max_size=12) | st.text(max_size=6))
def test_a_name_is_read_or_there_is_a_reason(image: str) -> None:
    found = parse(image)
    assert bool(found.error) != bool(found.repository)
    # A name that was read is read the same when written out in full.
    if not found.error:
        again = parse(f"{found.repository}:{found.tag}" if found.tag else f"{found.repository}@{found.digest}")
        assert (again.error, again.repository, again.tag) == ("", found.repository, found.tag)
