#!/usr/bin/env python3
"""Writes docs/rules/ from the rule files, docs/options.md from the commands and docs/pictures/ from the examples.

`--check` says what differs instead and exits 1.

python tools/build_docs.py [--check]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from joblint.cli.commands import cli  # noqa: E402
from joblint.report.catalogue import page  # noqa: E402
from joblint.rules.catalogue.rule import FAMILIES, TITLES  # noqa: E402
from joblint.rules.catalogue.rule_files import builtin_rule_files, validate  # noqa: E402
from tools.pictures import pictures  # noqa: E402

DOCS = ROOT / "docs"

PICTURES = {"etl.svg": "examples/etl.yaml"}
"""The picture of `jobs-explain` by its name in docs/pictures."""


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


def options() -> str:
    """The page of all commands and their options."""
    lines = [
        "# Commands and options",
        "",
        "The output of `joblint COMMAND --help`. See [Settings](configuration.md) for the configuration file.",
    ]
    for name, command in sorted(cli.commands.items()):
        if not command.hidden:
            lines += _command(f"joblint {name}", command)
    return "\n".join(lines) + "\n"


def _command(name: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=name, **command.context_settings)
    lines = ["", f"## {name}", "", f"    {name} {' '.join(command.collect_usage_pieces(context))}"]
    for paragraph in (command.help or "").split("\n\n"):
        lines += ["", _text(" ".join(paragraph.split()))]
    options = [p.get_help_record(context) for p in command.params if isinstance(p, click.Option)]
    rows = [f"| {_code(r[0])} | {_text(r[1])} |" for r in options if r is not None]
    if rows:
        lines += ["", "| option | meaning |", "|---|---|", *rows]
    if isinstance(command, click.Group):
        for inner, member in sorted(command.commands.items()):
            if not member.hidden:
                lines += _command(f"{name} {inner}", member)
    return lines


def _code(words: str) -> str:
    return "`" + words.replace("|", "\\|") + "`"


def _text(words: str) -> str:
    return words.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def picture(manifest: str) -> str:
    """The timeline of a manifest's Job as SVG."""
    command = [sys.executable, "-m", "joblint", "jobs-explain", "--format", "svg", manifest]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()


TODAY = 1796083200  # 2026-12-01: the pages show dates and ages, and must not change from day to day


@contextmanager
def same_day() -> Iterator[None]:
    """The clock stands still at the beginning of TODAY."""
    real, time.time = time.time, lambda: float(TODAY)
    try:
        yield
    finally:
        time.time = real


def pages() -> dict[str, str]:
    """Every file that is made, by its path below docs/."""
    rules = sorted((validate(name, data) for name, data in builtin_rule_files()), key=lambda r: r["id"])
    with same_day():
        of_rules = {f"rules/{r['id']}.md": page(r) for r in rules}
    return {
        "rules/index.md": index(rules),
        **of_rules,
        "options.md": options(),
        **{f"pictures/{name}": picture(manifest) for name, manifest in PICTURES.items()},
        **{f"pictures/{name}": text for name, text in pictures().items()},
    }


def written() -> dict[str, str]:
    """What is there of these, and in the folders that hold nothing else."""
    files = [*DOCS.glob("rules/*.md"), *DOCS.glob("pictures/*.svg"), *DOCS.glob("options.md")]
    return {p.relative_to(DOCS).as_posix(): p.read_text("utf-8") for p in files}


def main() -> int:
    """Writes the pages, or tells which differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    wanted, there = pages(), written()
    differing = sorted(n for n in wanted.keys() | there.keys() if wanted.get(n) != there.get(n))
    if asked.check:
        for name in differing:
            print(f"docs/{name} is out of date: python tools/build_docs.py")
        return int(bool(differing))
    for name in differing:
        path = DOCS / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], "utf-8")
        else:
            path.unlink()
    print(f"{len(wanted)} pages, {len(differing)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
