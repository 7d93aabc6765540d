"""Several processes on a machine that has none to spare, that kills them, or that stops all of them: nothing is lost or left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from joblint.run import processes
from joblint.run.processes import spread

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


def _square(n: int) -> int:
    return n * n


@pytest.mark.parametrize("call", ["pipe", "fork"])
@pytest.mark.parametrize("given", [0, 2])
def test_where_the_system_gives_no_more_the_work_is_done_with_what_there_is(
    monkeypatch: pytest.MonkeyPatch, call: str, given: int
) -> None:
    real, left = getattr(os, call), [None] * given
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0

    def scarce() -> object:
        if not left:
            raise OSError(11, "Resource temporarily unavailable")
        left.pop()
        return real()

    monkeypatch.setattr(processes.os, call, scarce)
    assert spread(5, _square) == [0, 1, 4, 9, 16]
    assert not before or len(os.listdir("/proc/self/fd")) == before


def test_the_work_of_a_process_that_is_killed_is_done() -> None:
    parent = os.getpid()

    def work(n: int) -> int:
        if n == 2 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return n

    assert spread(4, work) == [0, 1, 2, 3]


def test_whoever_is_stopped_takes_the_others_along() -> None:
    def work(n: int) -> int:
        if n == 0:
            raise KeyboardInterrupt
        time.sleep(300)
        return n

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        spread(3, work)
    assert time.monotonic() - begun < 100
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


STOPPED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from joblint.base import whole
real = os.chmod
def chmod(*arguments):
    os.kill(os.getpid(), signal.SIGTERM)
    real(*arguments)
os.chmod = chmod
from joblint.cli.main import run
status = run(["check", "--no-cache", "--output", "json=report.json", "job.yaml"])
print(sorted(os.listdir()), flush=True)
os._exit(status)
"""


def test_termination_leaves_no_temporary_files(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("apiVersion: batch/v1\nkind: Job\n")
    command = [sys.executable, "-c", STOPPED, str(ROOT)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (143, b"['job.yaml']\n", b"joblint: terminated\n")
