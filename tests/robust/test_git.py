"""git is asked about the files' own checkout, whatever the environment says, and no name is taken for a pattern or an option."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.run import joblint

pytestmark = pytest.mark.skipif(shutil.which("git") is None or os.name != "posix", reason="git and names of POSIX")
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: pi}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    top = tmp_path / "work"
    for name in ("a", ":(glob)"):
        (top / name).mkdir(parents=True)
        (top / name / "job.yaml").write_text(JOB)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], cwd=top, check=True)
    for name in ("a", ":(glob)"):
        (top / name / "job.yaml").write_text(JOB.replace("a:1", "a:2"))
    return top


@pytest.mark.parametrize("path", ["a", "a/job.yaml", "./:(glob)", "./:(glob)/job.yaml"])
def test_a_hook_of_git_may_call_joblint(checkout: Path, path: str) -> None:
    for environment in ({}, {"GIT_DIR": ".git"}, {"GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index"}):
        done = joblint("diff", "--git", "HEAD", path, cwd=checkout, **environment)
        assert done.returncode == 1 and b"spec.template" in done.stdout, (environment, done.stderr)
        since = joblint("check", "--since", "HEAD", path, cwd=checkout, **environment)
        assert since.returncode == 0 and since.stdout.count(b"1 Job checked") == 1, (environment, since.stderr)


@pytest.mark.parametrize("revision", ["--output=x", "-p", "HEAD:a", "nothing", "HEAD~5"])
def test_what_is_no_revision_is_told(checkout: Path, revision: str) -> None:
    for command in ("diff", f"--git={revision}", "a"), ("check", f"--since={revision}", "a"):
        done = joblint(*command, cwd=checkout)
        assert done.returncode == 2 and b"revision" in done.stderr
    assert not (checkout / "x").exists()


def test_a_program_that_a_checkout_names_is_not_run(checkout: Path) -> None:
    subprocess.run(["git", "config", "core.fsmonitor", "touch ran;false"], cwd=checkout, check=True)
    joblint("check", "--since", "HEAD", "a", cwd=checkout)
    assert not (checkout / "ran").exists()
