"""The playground in a real browser: minutes of building and of waiting, so only where somebody asks for it."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    "JOBLINT_BROWSER" not in os.environ, reason="nox -s playground builds the page and opens a browser"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built page."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("site") / "playground"
    try:
        runpy.run_path(str(ROOT / "tools" / "build_playground.py"))["build"](folder)
    except SystemExit as error:
        if "npm ci" in str(error) or "pip" in str(error):
            pytest.skip("npm or pip cannot fetch what the page is built of")
        raise
    return folder


def test_the_page_in_chromium(site: Path) -> None:
    chromium = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if chromium is None:
        pytest.skip("Chromium is not installed")
    environment = {**os.environ, "SITE": str(site), "CHROMIUM": chromium}
    done = subprocess.run(
        ["node", "--test", "test/page.test.mjs"],
        cwd=ROOT / "playground",
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0 and "# fail 0" in done.stdout, done.stdout[-6000:]


def test_its_types_hold(site: Path) -> None:
    done = subprocess.run(["npm", "run", "check"], cwd=ROOT / "playground", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
