#!/usr/bin/env python3
"""How a check grows with an estate: CPU time and memory of all its processes, for more and more Jobs.

    python benchmarks/estate.py [--jobs 1000 10000 …] [--workers 2] [--per-file 100] [--into DIRECTORY]

Writes files of `--per-file` Jobs each (once: a larger estate contains the smaller ones) and runs `joblint check --no-cache` over
them, in one process, or with that many Dask workers on this machine. Prints a row a size: CPU seconds of all processes, the
largest sum of their memory (what they share is counted once, /proc/PID/smaps_rollup), seconds, what was found, the exit code.
Needs Linux. A million Jobs take about 500 MB of disk.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from growth import JOB

EVERY = 2.0
"""Seconds between two looks at the memory."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, default=0, help="Dask workers; 0: one process without Dask")
    parser.add_argument("--per-file", type=int, default=100)
    parser.add_argument("--into", type=Path, help="where the estate is written, and stays (default: a temporary directory)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = options.into or Path(temporary)
        for jobs in options.jobs:
            print(row(write(root, jobs, options.per_file), jobs, options.workers), flush=True)
    return 0


def write(root: Path, jobs: int, each: int) -> list[Path]:
    """The directories with that many Jobs; each has a hundred files at most."""
    found = []
    for first in range(0, jobs, each):
        folder = root / f"{first // each // 100:05}"
        if not found or found[-1] != folder:
            folder.mkdir(parents=True, exist_ok=True)
            found.append(folder)
        path = folder / f"{first:09}.yaml"
        if not path.exists():
            path.write_text("---\n".join([JOB.format(n=n) for n in range(first, min(jobs, first + each))]))
    return found


def row(folders: list[Path], jobs: int, workers: int) -> str:
    """Runs one check, and says what it took."""
    how = ["--dask", "local", "--jobs", str(workers)] if workers else ["--jobs", "1"]
    command = [sys.executable, "-m", "joblint", "check", "--no-cache", "--statistics", *how]
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen([*command, *map(str, folders)], stdout=said, stderr=said)
        most = 0
        while True:
            pid, status, used = os.wait4(running.pid, os.WNOHANG)
            if pid:
                break
            most = max(most, sum([memory(p) for p in tree(running.pid)]))
            time.sleep(EVERY if time.monotonic() - begun > 10 else 0.05)
        said.seek(0)
        last = said.read().strip().split("\n")[-1]
    return (
        f"{jobs:9} Jobs, {workers or 'no'} workers: {used.ru_utime + used.ru_stime:7.1f} s CPU, {most >> 10:6} MiB, "
        f"{time.monotonic() - begun:7.1f} s, exit code {os.waitstatus_to_exitcode(status)}: {last}"
    )


def tree(pid: int) -> list[int]:
    """A process and all that it has started."""
    found = [pid]
    for of in found:
        try:
            for task in os.listdir(f"/proc/{of}/task"):
                found += [int(c) for c in Path(f"/proc/{of}/task/{task}/children").read_text().split()]
        except OSError:
            continue
    return found


def memory(pid: int) -> int:
    """KiB that a process has in memory, of what it shares its part."""
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0
    return int(found[1]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
