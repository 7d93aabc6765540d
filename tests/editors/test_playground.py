"""The playground in a real browser: built, opened, and used as somebody does who has never seen it."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _chromium() -> str:
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("Chromium is not installed")
    return found


def _source(folder: Path) -> Path:
    """The playground's sources; nothing is put into a checkout that somebody works in."""
    if (ROOT / "playground" / "node_modules").is_dir():
        return ROOT / "playground"
    for name in ("playground", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    return folder / "playground"


def test_the_page_in_chromium(tmp_path: Path) -> None:
    chromium = _chromium()
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    source, site = _source(tmp_path), tmp_path / "site"
    try:
        runpy.run_path(str(ROOT / "tools" / "build_playground.py"))["build"](site, source=source)
    except SystemExit as error:
        if "npm ci" in str(error) or "pip" in str(error):
            pytest.skip("npm or pip cannot fetch what the page is built of")
        raise
    types = subprocess.run(["npm", "run", "check"], cwd=source, capture_output=True, text=True, check=False)
    assert types.returncode == 0, types.stdout
    try:
        done = subprocess.run(
            ["node", "--test", "test/page.test.mjs"],
            cwd=source,
            env={**os.environ, "SITE": str(site), "CHROMIUM": chromium},
            capture_output=True,
            text=True,
            timeout=2700,  # more than twice what a step may take: a step that hangs fails by its own name
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        pytest.fail(f"not done after {late.timeout} s; so far:\n{(late.stdout or b'')[-4000:]!r}")
    assert done.returncode == 0 and "# fail 0" in done.stdout, done.stdout[-6000:]
