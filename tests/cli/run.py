"""Running the command line in a process of its own, as a person or a pipeline does."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any


def joblint(*arguments: str, cwd: Any = None, stdin: bytes | None = None, **env: str) -> subprocess.CompletedProcess[bytes]:
    """The finished process of `joblint ARGUMENTS`."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    environment.update(env, PYTHONPATH=root, PYTHONIOENCODING="utf-8")
    command = [sys.executable, "-m", "joblint", *arguments]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, env=environment, check=False)
