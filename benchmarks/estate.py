#!/usr/bin/env python3
"""How a check grows with an estate: CPU time and memory of all its processes, for more and more documents.

    python benchmarks/estate.py [--documents 1000 10000 …] [--workers 2] [--into DIRECTORY]

Writes repositories of ten files, each with five documents of about 1.2 kB: three Jobs, a CronJob and the ConfigMap that they
use; one Job in three gets a warning. Runs `joblint check --no-cache --statistics` over the directory that contains all of them,
in one process, or with that many Dask workers on this machine. Prints a row a size: CPU seconds of all processes, the largest
sum of their memory (what they share is counted once, /proc/PID/smaps_rollup), seconds, what was found, the exit code. Needs
Linux. A million documents take 2 GB of disk.
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

COMMON = """\
metadata:
  name: {name}
  namespace: team-{team}
  labels: {{app.kubernetes.io/name: {name}, app.kubernetes.io/part-of: app-{app}, team: team-{team}}}
  annotations:
    example.com/owner: team-{team}@example.com
    example.com/runbook: https://runbooks.example.com/team-{team}/app-{app}/{name}
"""
POD = """\
template:
  metadata:
    labels: {{app.kubernetes.io/name: {name}, app.kubernetes.io/part-of: app-{app}}}
  spec:
    restartPolicy: Never
    serviceAccountName: app-{app}
    automountServiceAccountToken: false
    containers:
    - name: main
      image: registry.example.com/team-{team}/app-{app}:1.{n}.2
      command: ["/app/run", "--part", "{n}", "--output", "s3://app-{app}/results"]
      envFrom:
      - configMapRef: {{name: app-{app}}}
      env:
      - {{name: LOG_LEVEL, value: info}}
      resources:
        requests: {{cpu: 500m, memory: 256Mi}}
        limits: {{memory: 256Mi}}
      securityContext:
        allowPrivilegeEscalation: false
        runAsNonRoot: true
        capabilities: {{drop: [ALL]}}
"""
JOB = "apiVersion: batch/v1\nkind: Job\n" + COMMON + "spec:\n  backoffLimit: {retries}\n  activeDeadlineSeconds: {deadline}\n"
CRON = (
    "apiVersion: batch/v1\nkind: CronJob\n"
    + COMMON
    + 'spec:\n  schedule: "{minute} {hour} * * *"\n  timeZone: Etc/UTC\n  concurrencyPolicy: Forbid\n'
    + "  startingDeadlineSeconds: 600\n  jobTemplate:\n    spec:\n      backoffLimit: 2\n      activeDeadlineSeconds: 3600\n"
)
CONFIG = "apiVersion: v1\nkind: ConfigMap\n" + COMMON + "data:\n"

FILES, EACH = 10, 5
"""The files of a repository, and the documents in each."""

EVERY = 2.0
"""Seconds between two looks at the memory."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, default=0, help="Dask workers; 0: one process without Dask")
    parser.add_argument("--into", type=Path, help="where the estates are written, and stay (default: a temporary directory)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for documents in options.documents:
            root = (options.into or Path(temporary)) / str(documents)
            write(root, documents)
            print(row(root, documents, options.workers), flush=True)
    return 0


def write(root: Path, documents: int) -> None:
    """Write that many documents, unless they are there."""
    for app in range(documents // EACH):
        repository = root / f"team-{app // FILES % 50}" / f"repository-{app // FILES:06}"
        path = repository / f"app-{app}.yaml"
        if not path.exists():
            repository.mkdir(parents=True, exist_ok=True)
            path.write_text("---\n".join(file_of(app)))


def file_of(app: int) -> list[str]:
    """Return the documents of a file."""
    found = []
    for n in range(EACH):
        name = f"app-{app}" if n == EACH - 1 else f"app-{app}-part-{n}"
        values = {"app": app, "n": n, "name": name, "team": app // FILES % 50, "minute": app % 60, "hour": app % 24}
        if n == EACH - 1:
            found.append(CONFIG.format(**values) + "".join([f"  SETTING_{i}: value-{app}-{i}\n" for i in range(30)]))
        elif n == EACH - 2:
            found.append(CRON.format(**values) + indented(POD.format(**values), 6))
        else:
            limits = {"retries": 6, "deadline": 300} if n == 1 else {"retries": 2, "deadline": 3600}
            found.append(JOB.format(**values, **limits) + indented(POD.format(**values), 2))
    return found


def indented(text: str, by: int) -> str:
    """Return a text with spaces before each line."""
    return "".join([" " * by + line for line in text.splitlines(keepends=True)])


def row(root: Path, documents: int, workers: int) -> str:
    """Run one check, and return what it took."""
    how = ["--dask", "local", "--jobs", str(workers)] if workers else ["--jobs", "1"]
    command = [sys.executable, "-m", "joblint", "check", "--no-cache", "--statistics", *how]
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+b") as said:
        running = subprocess.Popen([*command, str(root)], stdout=said, stderr=subprocess.STDOUT)
        most = 0
        while True:
            pid, status, used = os.wait4(running.pid, os.WNOHANG)
            if pid:
                break
            most = max(most, sum([memory(p) for p in tree(running.pid)]))
            time.sleep(EVERY if time.monotonic() - begun > 10 else 0.05)
        said.seek(max(0, said.seek(0, os.SEEK_END) - 4000))
        last = said.read().decode(errors="replace").strip().split("\n")[-6:]
    return (
        f"{documents:9} documents, {workers or 'no'} workers: {used.ru_utime + used.ru_stime:7.1f} s CPU, {most >> 10:6} MiB, "
        f"{time.monotonic() - begun:7.1f} s, exit code {os.waitstatus_to_exitcode(status)}: {' | '.join(last)}"
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
