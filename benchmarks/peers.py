#!/usr/bin/env python3
"""What joblint and other tools say of the same Jobs and CronJobs: those that are wrong, and those that are right.

    python benchmarks/peers.py [--markdown] [--files 200]

The manifests are the examples of joblint's rules, bad and good, and the clean ones of its tests: anybody may say that they suit
joblint, so they are there to be read. A tool that is not on PATH is left out, and named. Install what should be compared:

    go install github.com/yannh/kubeconform/cmd/kubeconform@latest
    go install github.com/zegl/kube-score/cmd/kube-score@latest
    go install golang.stackrox.io/kube-linter/cmd/kube-linter@latest   (or go build ./cmd/kube-linter in its checkout)
    go install sigs.k8s.io/kubectl-validate@latest

A tool objects to a file where it exits with a status other than 0 and prints something about it. Every tool runs with its own
defaults: what it can be taught is not counted, nor what it checks besides Jobs.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(Path(__file__).parent))

from speed import schemas  # noqa: E402

REJECTED = "rejected by the API server"
TRAPS = "accepted, but a mistake"
CLEAN = "correct"
GROUPS = (REJECTED, TRAPS, CLEAN)

Tools = dict[str, list[str]]


def tools(folder: Path) -> tuple[Tools, list[str]]:
    """The commands that check one file whose name follows, by the tools' names; and those that are not there.

    kubeconform fetches schemas from the network; here it reads joblint's own, put into the folder.
    """
    joblint = Path(sys.executable).with_name("joblint")
    found: Tools = {"joblint": [str(joblint) if joblint.exists() else "joblint", "check", "--fail-on", "warning", "--no-cache"]}
    missing = []
    for name, words in {
        "kubeconform": ["-strict", "-ignore-missing-schemas", "-schema-location", schemas(folder)],
        "kubectl-validate": [],
        "kube-linter": ["lint"],
        "kube-score": ["score"],
        "trivy": ["config", "--quiet", "--exit-code", "1", "--skip-check-update"],
    }.items():
        path = shutil.which(name)
        if path is None:
            missing.append(name)
        else:
            found[name] = [path, *words]
    return found, missing


def manifests(folder: Path) -> dict[str, list[Path]]:
    """The manifests as files in a folder, by what they are; each group spread evenly over its rules."""
    from joblint.api.judge import judge
    from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
    from joblint.source.documents import read

    made: dict[str, list[Path]] = {group: [] for group in GROUPS}
    for name, data in builtin_rule_files():
        rule = read_rule_file(name, data)
        if rule["severity"] == "info" or rule.get("profile") == "strict":
            continue  # opinions
        for n, example in enumerate(rule["examples"]["bad"]):
            text = example["manifest"]
            values = [v for d in read(text.encode(), name) if d.value is not None for _, v in d.objects()]
            jobs = [v for v in values if isinstance(v, dict) and v.get("kind") in ("Job", "CronJob")]
            if not jobs or len(jobs) != len(values):
                continue
            group = TRAPS if all((verdict := judge(job)) is not None and verdict.accepted for job in jobs) else REJECTED
            file = folder / f"{rule['id']}-{n}.yaml"
            file.write_text(text, "utf-8")
            made[group].append(file)
    for path in sorted((ROOT / "tests" / "data" / "clean").glob("*.yaml")):
        made[CLEAN].append(Path(shutil.copy(path, folder)))
    return made


def objects(command: list[str], file: Path) -> bool:
    """Whether a tool objects to a file."""
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False, timeout=120)
    return done.returncode != 0 and bool(done.stdout.strip() or done.stderr.strip())


def main() -> None:
    """Runs every tool over every file, one by one, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--files", type=int, default=200, help="at most so many files of a group, spread evenly")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as other:
        found, missing = tools(Path(other))
        groups = manifests(Path(name))
        some = {group: files[:: max(1, -(-len(files) // options.files))] for group, files in groups.items()}
        for tool, command in found.items():
            start = time.perf_counter()
            counts = [sum(objects(command, file) for file in some[group]) for group in GROUPS]
            rows.append((tool, counts, (time.perf_counter() - start) / sum(len(files) for files in some.values())))
    sizes = [len(some[group]) for group in GROUPS]
    head = ["tool", *[f"{group} ({size})" for group, size in zip(GROUPS, sizes, strict=True)], "time per file (joblint = 1)"]
    table = [head, *[[tool, *map(str, counts), f"{seconds / rows[0][2]:.1f}"] for tool, counts, seconds in rows]]
    if options.markdown:
        table.insert(1, ["---"] * len(head))
        print("\n".join(["| " + " | ".join(row) + " |" for row in table]))
    else:
        widths = [max(len(row[i]) for row in table) for i in range(len(head))]
        print(
            "\n".join(["  ".join([cell.ljust(width) for cell, width in zip(row, widths, strict=True)]).rstrip() for row in table])
        )
    if missing:
        print(f"\nNot on PATH, and not compared: {', '.join(missing)}.")


if __name__ == "__main__":
    main()
