"""What holds for all tests: no test sees another one's cache, or the developer's; how many examples hypothesis draws.

`--share 2/4` runs the second of four shares of the tests: each share has tests of every module, and together they are all.

HYPOTHESIS_PROFILE is `quick` (a look while writing), `ci` (the ordinary run) or `nightly`. A machine that is busy is no
failure, so no example has a deadline; what must not be slow is measured in benchmarks/ and by `python -m tests.fuzz`.
"""

from __future__ import annotations

import os
import signal
import time
import types
import zlib

import pytest
from hypothesis import HealthCheck, settings

from joblint.base import today as day

PROFILES = {"quick": 15, "ci": 100, "nightly": 2000}
for profile, examples in PROFILES.items():
    slow = [HealthCheck.too_slow]
    settings.register_profile(profile, max_examples=examples, deadline=None, suppress_health_check=slow, print_blob=True)
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # in the background of a script; what tests start would ignore it, too
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> None:
    folder = tmp_path_factory.getbasetemp() / "caches" / f"{abs(hash(request.node.nodeid)):x}"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))


@pytest.fixture(autouse=True, scope="session")
def _one_day() -> None:
    """The day on which the tests began, until they end or set another: a run over midnight compares like with like."""
    real, began = time.time, time.time()
    vars(day)["time"] = types.SimpleNamespace(time=lambda: began if time.time is real else time.time())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--share", default="1/1", metavar="I/N", help="run share I of N shares of the tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    number, _, shares = config.getoption("share").partition("/")
    mine = [item for item in items if zlib.crc32(item.nodeid.encode()) % int(shares) == int(number) - 1]
    chosen = set(map(id, mine))
    config.hook.pytest_deselected(items=[item for item in items if id(item) not in chosen])
    items[:] = mine
