"""Volumes of a Pod template, judged as Kubernetes 1.36.3 judged them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.pod_cases import check, recorded

_FILES = ("volume", "volume_sources", "volume_projected", "volume_claim")


@pytest.mark.parametrize("case", [case for file in _FILES for case in recorded(file)])
def test_the_server_s_words(case: dict[str, Any]) -> None:
    check(case)
