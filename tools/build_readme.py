#!/usr/bin/env python3
"""Puts real output into README.md and docs/start.md: what stands between a `$ command` and the end of its block is made anew.

python tools/build_readme.py [--check]
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/start.md")
BLOCK = re.compile(r"(```\n\$ (joblint [^\n]+)\n).*?(\n?```)", re.S)


def output(command: str) -> str:
    """What a joblint command prints, as it is piped."""
    environment = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "NO_COLOR")}
    environment["PYTHONIOENCODING"] = "utf-8"
    words = [sys.executable, "-m", *shlex.split(command)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, env=environment, check=False).stdout.decode().rstrip("\n")


def made(page: str) -> str:
    """A page with its outputs made anew."""
    return BLOCK.sub(lambda m: m[1] + output(m[2]) + "\n```", (ROOT / page).read_text("utf-8"))


def main() -> int:
    """Writes the pages, or tells whether one is out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    texts = {page: made(page) for page in PAGES}
    if options.check:
        return int(any(text != (ROOT / page).read_text("utf-8") for page, text in texts.items()))
    for page, text in texts.items():
        (ROOT / page).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
