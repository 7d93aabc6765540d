"""The hook `joblint`, tried with the real pre-commit on a checkout of this project."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRE_COMMIT = Path(sys.executable).with_name("pre-commit")


@pytest.mark.skipif(not PRE_COMMIT.exists() or shutil.which("git") is None, reason="pre-commit or git is not installed")
def test_try_repo(tmp_path: Path) -> None:
    """try-repo installs the hook from a commit; this makes one of the files as they are now."""
    hook, work = tmp_path / "hook", tmp_path / "work"
    work.mkdir()
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (hook / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, hook / name)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for folder in (hook, work):
        if folder == work:
            shutil.copy(ROOT / "examples/pi.yaml", work / "good.yaml")
            shutil.copy(ROOT / "examples/broken.yaml", work / "bad.yaml")
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
            subprocess.run([*git, *command], cwd=folder, check=True)
    done = subprocess.run(
        [PRE_COMMIT, "try-repo", str(hook), "joblint", "--all-files", "--verbose"], cwd=work, capture_output=True, check=False
    )
    output = (done.stdout + done.stderr).decode()
    assert "restart-policy-required" in output, output[-3000:]
    assert done.returncode == 1 and "2 Jobs checked in 2 files" in output
