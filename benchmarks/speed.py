#!/usr/bin/env python3
"""How long joblint takes, as ratios within one run: one file against an empty Python, a thousand files against one.

    python benchmarks/speed.py [--runs 15] [--files 1000]

Prints the median of each ratio and what it may be. Absolute times depend on the machine; ratios hardly do.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


def seconds(command: list[str], runs: int) -> float:
    """The median wall time of a command, in seconds."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> int:
    """Runs the measurements; 1 where a ratio is above what it may be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    script = Path(sys.executable).with_name("joblint")
    joblint = [str(script)] if script.exists() else [sys.executable, "-m", "joblint"]
    one = [*joblint, "check", str(ROOT / "examples" / "pi.yaml")]
    subprocess.run(one, stdout=subprocess.DEVNULL, check=False)  # the first run compiles
    empty, single = seconds([sys.executable, "-c", "pass"], options.runs), seconds(one, options.runs)
    with tempfile.TemporaryDirectory() as folder:
        texts = [path.read_text() for path in EXAMPLES]
        for n in range(options.files):
            Path(folder, f"{n:05}.yaml").write_text(
                texts[n % len(texts)].replace("\nmetadata:\n  name: ", f"\nmetadata:\n  name: n{n}-", 1)
            )
        many = seconds([*joblint, "check", "--exit-zero", folder], max(3, options.runs // 5))
    rows = [
        ("one file, against an empty Python", single / empty, 3.0),
        (f"{options.files} files, in units of 1 s on {os.cpu_count()} processors", many / (options.files / 1000), 1.0),
        (f"each of {options.files} files, against the first", many / options.files / single, 0.05),
    ]
    for what, ratio, limit in rows:
        print(f"{ratio:8.3f}  (may be {limit})  {what}")
    return int(any(ratio > limit for _, ratio, limit in rows[::2]))


if __name__ == "__main__":
    sys.exit(main())
