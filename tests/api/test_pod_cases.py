"""Pod templates, judged as Kubernetes 1.36.3 judged them, and warned of as it warned; a file of cases a subject."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.pod_cases import DATA, check, recorded

# These depend on versions and feature gates: test_podversions has them.
_ELSEWHERE = ("gated", "versions")
_FILES = sorted(file.stem for file in DATA.glob("*.jsonl") if file.stem not in _ELSEWHERE)


@pytest.mark.parametrize(("file", "case"), [pytest.param(f, *c.values, id=f"{f}-{c.id}") for f in _FILES for c in recorded(f)])
def test_the_server_s_words(file: str, case: dict[str, Any]) -> None:
    check(case)
