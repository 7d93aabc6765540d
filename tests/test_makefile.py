"""The Makefile's virtual environment: whole, or made again."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_a_virtual_environment_that_could_not_be_made_is_not_taken_for_one(tmp_path: Path) -> None:
    # Debian's python3 without python3-venv makes the folder and bin/python, then fails for want of pip.
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\n[ "$2" = venv ] || exit 0\nfor last; do :; done\nmkdir -p "$last/bin" && touch "$last/bin/python"\nexit 1\n'
    )
    python.chmod(0o755)
    venv = tmp_path / "venv"
    command = ["make", "-s", "-C", str(ROOT), f"PYTHON={python}", f"VENV={venv}", "install"]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode != 0 and "python3-venv" in done.stderr
        assert not (venv / ".made").exists()
