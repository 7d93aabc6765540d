"""A plugin of pytest: of the tests found, only those that a file names are run, in its order, for a limited time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

CHOSEN = "CHOSEN_TESTS"
"""The environment variable that names the file, which holds one test a line."""

ENOUGH = 40
"""Seconds of processor time after which no further test is begun."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the chosen tests."""
    rank = {name: n for n, name in enumerate(Path(os.environ[CHOSEN]).read_text("utf-8").split("\n"))}
    items[:] = sorted([item for item in items if item.nodeid in rank], key=lambda item: rank[item.nodeid])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol() -> bool | None:
    """Pass over a test where it has been enough."""
    return True if time.process_time() > ENOUGH else None
