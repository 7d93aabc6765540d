"""What holds for all tests: no test sees another one's cache, or the developer's."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> None:
    folder = tmp_path_factory.getbasetemp() / "caches" / f"{abs(hash(request.node.nodeid)):x}"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
