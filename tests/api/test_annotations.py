"""Annotations that mean something to Pods, judged as Kubernetes 1.36.3 judged them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.pod_cases import check, recorded


@pytest.mark.parametrize("case", recorded("annotations"))
def test_the_server_s_words(case: dict[str, Any]) -> None:
    check(case)
