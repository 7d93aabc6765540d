"""The line that tells of a long run: on a terminal only, after a second, and gone at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLOW = """
import sys, time
from joblint.cli.progress import Progress
with Progress(20000, *[True] * (sys.argv[1:] == ["quiet"])):
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        time.sleep(0.1)
"""


def _on_a_terminal(*arguments: str) -> str:
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    command = [sys.executable, "-c", SLOW, *arguments]
    subprocess.run(command, cwd=ROOT, stderr=slave, check=True)
    os.close(slave)
    os.set_blocking(master, False)
    shown = b""
    try:
        while part := os.read(master, 65536):  # a terminal gives one write at a time
            shown += part
    except OSError:  # there is no more
        return shown.decode()
    finally:
        os.close(master)
    return shown.decode()


def test_a_line_after_a_second_and_none_at_the_end() -> None:
    shown = _on_a_terminal()
    assert "joblint: checking 20,000 files, 1s" in shown and shown.endswith("\r\x1b[K")
    assert _on_a_terminal("quiet") == ""


def test_nothing_where_nobody_looks() -> None:
    done = subprocess.run([sys.executable, "-c", SLOW], cwd=ROOT, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
