#!/usr/bin/env python3
"""Writes docs/rules/ from the rule files; `--check` says what differs instead and exits 1.

python tools/build_docs.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from joblint.report.catalogue import page  # noqa: E402
from joblint.rules.catalogue.rule import FAMILIES, TITLES  # noqa: E402
from joblint.rules.catalogue.rule_files import builtin_rule_files, validate  # noqa: E402

DOCS = ROOT / "docs" / "rules"


def index(rules: list[dict[str, Any]]) -> str:
    """The list of all rules, by family."""
    lines = ["# Rules", "", f"{len(rules)} rules. Read one in the terminal: `joblint rules ID`."]
    for digit, family in FAMILIES.items():
        members = [r for r in rules if r["id"].startswith("JL" + digit)]
        if members:
            lines += ["", f"## {TITLES[family]}", "", "| rule | name | severity | summary |", "|---|---|---|---|"]
            lines += [f"| [{r['id']}]({r['id']}.md) | {r['name']} | {_severity(r)} | {r['summary']} |" for r in members]
    return "\n".join(lines) + "\n"


def _severity(rule: dict[str, Any]) -> str:
    return rule["severity"] + (" (strict)" if rule["profile"] == "strict" else "")


def pages() -> dict[str, str]:
    """Every file of docs/rules/ by name."""
    rules = sorted((validate(name, data) for name, data in builtin_rule_files()), key=lambda r: r["id"])
    return {"index.md": index(rules), **{f"{r['id']}.md": page(r) for r in rules}}


def main() -> int:
    """Writes the pages, or tells which differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    wanted = pages()
    there = {p.name: p.read_text("utf-8") for p in DOCS.glob("*.md")} if DOCS.is_dir() else {}
    differing = sorted(n for n in wanted.keys() | there.keys() if wanted.get(n) != there.get(n))
    if options.check:
        for name in differing:
            print(f"docs/rules/{name} is out of date: python tools/build_docs.py")
        return int(bool(differing))
    DOCS.mkdir(parents=True, exist_ok=True)
    for name in differing:
        if name in wanted:
            (DOCS / name).write_text(wanted[name], "utf-8")
        else:
            (DOCS / name).unlink()
    print(f"{len(wanted)} pages, {len(differing)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
