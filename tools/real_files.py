#!/usr/bin/env python3
"""Holds the findings on real manifests against tools/real-findings.tsv, where each has a person's verdict.

    python tools/real_files.py FOLDER [--write]

The manifests belong to others and are not part of the project; FOLDER holds them under the names in the table. A finding
that the table does not hold is new and wants a verdict: right, hint (true, and a matter of taste) or wrong. `--write` puts
new findings into the table with the verdict `?` and takes out those that are gone.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from joblint.api.version.versions import DEFAULT  # noqa: E402
from joblint.base.files import find  # noqa: E402
from joblint.rules.catalogue.rule import builtin  # noqa: E402
from joblint.rules.catalogue.select import Selection, chosen  # noqa: E402
from joblint.rules.engine import Engine  # noqa: E402
from joblint.run.check import check_files  # noqa: E402

TABLE = ROOT / "tools/real-findings.tsv"
HEAD = "file\tline\trule\tseverity\tfield\tverdict"


def findings(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """File, line, rule, severity and field of every finding on a folder's manifests."""
    files = tuple(str(p) for p in sorted(folder.rglob("*")) if p.is_file()) or find((str(folder),)).files
    report = check_files(Engine(chosen(builtin(), Selection(), DEFAULT), DEFAULT), files, jobs=1)
    for crash in report.crashes:
        print(f"a bug in rule {crash.rule} at {crash.file}: {crash.error}")
    found = {(Path(f.file).name, str(f.span.line), f.rule, f.severity, f.field) for f in report.findings}
    return sorted(found, key=lambda f: (f[0], int(f[1]), *f[2:]))


def main() -> int:
    """Prints what differs; 1 where anything does, or where a verdict says wrong or is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:]] if TABLE.exists() else []
    verdicts = {tuple(row[:5]): row[5] for row in rows}
    now = findings(options.folder)
    new, gone = [f for f in now if f not in verdicts], [f for f in verdicts if f not in set(now)]
    for sign, some in (("new ", new), ("gone", gone)):
        for f in some:
            print(sign, *f, sep="  ")
    if options.write:
        TABLE.write_text("\n".join([HEAD, *["\t".join([*f, verdicts.get(f, "?")]) for f in now]]) + "\n", "utf-8")
    bad = [f for f in now if verdicts.get(f, "?") in ("?", "wrong")]
    print(f"{len(now)} findings, {len(new)} new, {len(gone)} gone, {len(bad)} wrong or without a verdict")
    return int(bool(new or gone or bad))


if __name__ == "__main__":
    sys.exit(main())
