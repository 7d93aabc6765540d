#!/usr/bin/env python3
"""How fast joblint is, as ratios within one run: against an empty Python, against kubeconform, against itself.

    python benchmarks/speed.py [--runs 7] [--files 10000] [--kubeconform PATH] [--write]

The commands of a row take turns, so that what else the machine does meets all of them alike; a ratio is that of the medians of
processor time (user and system, children included) and, in the last column, of the clock. Rows against kubeconform need it
(go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0); it reads schemas that are made of joblint's own, from the disk.
Exit 1 where a ratio of processor time is above its goal; `--write` puts the table into docs/speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from manifests import as_documents, as_list, manifest

ROOT = Path(__file__).parents[1]
ONE = ROOT / "examples" / "pi.yaml"
PAGE = ROOT / "docs" / "speed.md"
_ENOUGH = 28_000
"""Files from which on what the last half of them adds to the memory is all that grows: the contents that are kept for the check
(16 MiB, see joblint.run.namespaces) and the answers to questions asked before are complete by then."""

BEGIN, END = "<!-- made by benchmarks/speed.py -->\n", "<!-- until here -->\n"


class Taken:
    """What the runs of a command took: processor time and clock in seconds, and the most memory in MB."""

    def __init__(self) -> None:
        self.cpu: list[float] = []
        self.clock: list[float] = []
        self.memory = 0.0

    def run(self, command: list[str], environment: dict[str, str]) -> None:
        """One run more."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        start = time.perf_counter()
        actions = [(os.POSIX_SPAWN_DUP2, nowhere, n) for n in (0, 1, 2)]
        process = os.posix_spawnp(command[0], command, {**os.environ, **environment}, file_actions=actions)
        _, status, usage = os.wait4(process, 0)
        self.clock.append(time.perf_counter() - start)
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        self.memory = max(self.memory, usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
        os.close(nowhere)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            raise SystemExit(f"exit {os.waitstatus_to_exitcode(status)}: {' '.join(command)}")


def in_turns(runs: int, *commands: list[str], **environment: str) -> list[Taken]:
    """What each of the commands took; one run of each before is not counted."""
    taken = [Taken() for _ in commands]
    for n in range(runs + 1):
        for command, of_command in zip(commands, taken, strict=True):
            (of_command if n else Taken()).run(command, environment)
    return taken


class Table:
    """The rows, each with its goal."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []
        self.failed = False

    def add(self, what: str, goal: float, ours: Taken, other: Taken) -> None:
        """A row of ratios: processor time is held against the goal."""
        cpu = statistics.median(ours.cpu) / statistics.median(other.cpu)
        clock = statistics.median(ours.clock) / statistics.median(other.clock)
        self._add(what, f"≤ {goal}", f"{cpu:.2f}", f"{clock:.2f}", cpu > goal)

    def memory(self, what: str, goal: int, found: float) -> None:
        """A row of megabytes."""
        self._add(what, f"≤ {goal} MB", f"{found:.0f} MB", "", found > goal)

    def _add(self, what: str, goal: str, found: str, clock: str, fails: bool) -> None:
        self.failed |= fails
        self.rows.append((what, goal, found, clock))
        print(f"{found:>10}  {clock:>6}  {goal:>9}  {what}", flush=True)

    def markdown(self) -> str:
        """The table of the page."""
        head = "| | goal | processor time | clock |\n|---|---|---|---|\n"
        return head + "".join([f"| {what} | {goal} | {found} | {clock} |\n" for what, goal, found, clock in self.rows])


def small(table: Table, joblint: list[str], runs: int, folder: Path) -> None:
    """One file, help, a configuration."""
    plain = [*joblint, "check", "--no-cache", str(ONE)]
    empty, one, version, page = in_turns(
        runs, [sys.executable, "-c", "pass"], plain, [*joblint, "--version"], [*joblint, "--help"]
    )
    table.add("one small file, compared with an empty Python", 2.0, one, empty)
    table.add("`joblint --version`, compared with an empty Python", 2.0, version, empty)
    table.add("`joblint --help`, compared with an empty Python", 2.0, page, empty)
    (folder / ".joblint.yaml").write_text("severity: info\nignore: [JL806]\n")
    (folder / "job.yaml").write_text(ONE.read_text())
    bare, configured = in_turns(runs, plain, [*plain[:-1], str(folder / "job.yaml")])
    (folder / ".joblint.yaml").unlink()
    table.add("one small file with a configuration, compared with one without", 1.05, configured, bare)


def many(table: Table, joblint: list[str], runs: int, folder: Path, files: int, kubeconform: str) -> None:
    """Many files, cold and warm; many documents in one file; memory."""
    made = folder / "files"
    made.mkdir()
    for n in range(files):
        (made / f"{n:06}.yaml").write_text(manifest(n))
    documents, as_items = folder / "documents.yaml", folder / "list.yaml"
    put(documents, as_documents(files))
    put(as_items, as_list(files))
    check = [*joblint, "check", "--exit-zero", "--quiet"]
    cold = [*check, "--no-cache", str(made)]
    if kubeconform:
        other = [kubeconform, "-strict", "-summary", "-schema-location", schemas(folder)]
        theirs, ours, warm = in_turns(runs, [*other, str(made)], cold, [*check, str(made)], XDG_CACHE_HOME=str(folder / "cache"))
        table.add(f"{files:,} files, cold, compared with kubeconform", 1.4, ours, theirs)
        table.add(f"{files:,} files, unchanged since the last run, compared with kubeconform", 0.15, warm, theirs)
        for what, path in (("documents in one file", documents), ("items of a List", as_items)):
            theirs, of_file = in_turns(max(1, runs // 2), [*other, str(path)], [*check, "--no-cache", str(path)])
            table.add(f"{files:,} {what}, compared with kubeconform", 1.2, of_file, theirs)
    else:
        print("kubeconform is not here: rows against it are left out", file=sys.stderr)
        ours, warm = in_turns(runs, cold, [*check, str(made)], XDG_CACHE_HOME=str(folder / "cache"))
        table.add(f"{files:,} files, unchanged since the last run, compared with a cold run", 0.1, warm, ours)
        for what, path in (("documents in one file", documents), ("items of a List", as_items)):
            ours, of_file = in_turns(max(1, runs // 2), cold, [*check, "--no-cache", str(path)])
            table.add(f"{files:,} {what}, compared with as many files", 1.2, of_file, ours)
    if files < _ENOUGH:
        print("too few files to tell how memory grows", file=sys.stderr)
        return
    half = folder / "half"
    half.mkdir()
    for n in range(files // 2):
        (half / f"{n:06}.yaml").write_text(manifest(n))
    alone = ["--no-cache", "--jobs", "1"]
    less, more = in_turns(1, [*check, *alone, str(half)], [*check, *alone, str(made)])
    each = max(0.0, more.memory - less.memory) / (files - files // 2)
    table.memory("memory of a check of 100,000 files, from what the last half of them added", 250, less.memory + each * 100_000)
    large = folder / "large.yaml"
    put(large, as_documents(files * 2))
    (twice,) = in_turns(1, [*check, "--no-cache", str(large)])
    (once,) = in_turns(1, [*check, "--no-cache", str(documents)])
    per_mb = max(0.0, twice.memory - once.memory) / ((large.stat().st_size - documents.stat().st_size) / 1e6)
    table.memory("memory of a check of one file of 100 MB, from what the last half of one added", 250, once.memory + per_mb * 100)


def put(path: Path, parts: Iterable[str]) -> None:
    """Writes a file piece by piece."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(parts)


def schemas(folder: Path) -> str:
    """Where kubeconform finds the schemas of Job and CronJob: joblint's own of the newest version, one file a kind."""
    data = json.loads((ROOT / "schemas" / "kubernetes" / "1.36.json").read_text())
    within = folder / "schemas"
    within.mkdir()
    for kind in ("Job", "CronJob"):
        of_kind = {"$schema": data["$schema"], "$ref": f"#/$defs/io.k8s.api.batch.v1.{kind}", "$defs": data["$defs"]}
        (within / f"{kind.lower()}.json").write_text(json.dumps(of_kind))
    return str(within / "{{.ResourceKind}}.json")


def main() -> int:
    """Runs the measurements; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--kubeconform", default=shutil.which("kubeconform") or "")
    parser.add_argument("--write", action="store_true", help="put the table into docs/speed.md")
    options = parser.parse_args()
    script = Path(sys.executable).with_name("joblint")
    joblint = [str(script)] if script.exists() else [sys.executable, "-m", "joblint"]
    table = Table()
    print("processor   clock       goal", flush=True)
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top)
        for _ in range(3):  # the first runs compile
            Taken().run([*joblint, "check", str(ONE)], {})
        small(table, joblint, options.runs * 3, folder)
        many(table, joblint, options.runs, folder, options.files, options.kubeconform)
    if options.write:
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        PAGE.write_text(before + BEGIN + table.markdown() + END + rest.partition(END)[2], "utf-8")
    return int(table.failed)


if __name__ == "__main__":
    sys.exit(main())
