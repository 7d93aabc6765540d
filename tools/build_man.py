#!/usr/bin/env python3
"""Prints the manual page, from the commands as click knows them; the wheel has it as share/man/man1/joblint.1.

python tools/build_man.py | man -l -
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from joblint import __version__  # noqa: E402
from joblint.cli.commands import cli  # noqa: E402

FILES = (
    (".joblint.yaml, .joblint.yml, joblint.toml, pyproject.toml", "Settings; the nearest above each file holds for it."),
    (".joblint-baseline.json", "Known findings, where no other file is named."),
)
ENVIRONMENT = (
    ("NO_COLOR", "No colour."),
    ("FORCE_COLOR", "Colour where the output is no terminal, too."),
    ("GITHUB_STEP_SUMMARY", "With --format github: a file that gets the report as Markdown."),
    ("JOBLINT_TRACEBACK", "Show where a bug in joblint happened."),
)


def page() -> str:
    """The manual page."""
    lines = [f'.TH JOBLINT 1 "" "joblint {__version__}" "User Commands"', ".SH NAME"]
    lines += ["joblint \\- lint Kubernetes Jobs and CronJobs", ".SH SYNOPSIS", ".B joblint", "COMMAND [OPTIONS] [PATH]..."]
    lines += [".SH DESCRIPTION", _roff(cli.help or ""), ".SH COMMANDS"]
    for name, command in sorted(cli.commands.items()):
        if not command.hidden:
            lines += _command(f"joblint {name}", command)
    lines += [".SH EXIT STATUS"]
    for status, text in (("0", "Nothing at or above --fail-on."), ("1", "Something."), ("2", "Usage, configuration, or a path")):
        lines += [".TP", f".B {status}", _roff(text + (" that cannot be read." if status == "2" else ""))]
    lines += [".TP", ".B 3", "A bug in joblint."]
    for title, rows in (("FILES", FILES), ("ENVIRONMENT", ENVIRONMENT)):
        lines.append(f".SH {title}")
        for name, text in rows:
            lines += [".TP", f".B {_roff(name)}", _roff(text)]
    return "\n".join(lines) + "\n"


def _command(name: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=name, **command.context_settings)
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f".SS {_roff(name)}", f".B {_roff(name)}", _roff(usage), ".PP"]
    for paragraph in (command.help or "").split("\n\n"):
        lines += [_roff(" ".join(paragraph.split())), ".PP"]
    for parameter in command.params:
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            lines += [".TP", f".B {_roff(record[0])}", _roff(record[1])]
    if isinstance(command, click.Group):
        for inner, member in sorted(command.commands.items()):
            if not member.hidden:
                lines += _command(f"{name} {inner}", member)
    return lines


def _roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


if __name__ == "__main__":
    sys.stdout.write(page())
