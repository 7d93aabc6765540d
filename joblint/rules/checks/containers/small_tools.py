"""Options that the tools of Alpine and BusyBox do not have: the command fails on every attempt."""

from __future__ import annotations

from joblint.rules.checks.containers.place import command_hit, short
from joblint.shell.busybox import unknown_to_busybox
from joblint.shell.images import has_busybox
from joblint.shell.syntax import commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_INSTALLS = ("apk add", "apk --", "apk -", "gdate", "coreutils", "findutils")


def option_not_in_busybox(s: Subject) -> Iterator[Hit]:
    """The first such option of each container; not after the container has installed packages."""
    for i, container in enumerate(s.containers):
        run = s.runs[i]
        if not run.words or not run.sure or not has_busybox(str(container.data.get("image"))):
            continue
        if any(mark in word for word in run.words for mark in _INSTALLS):
            continue
        if run.script < 0:
            option = unknown_to_busybox(run.name, run.rest)
            if option:
                text = short(" ".join(run.words[run.program :]))
                yield s.hit(run.fields[run.program], program=run.name, option=option, command=text, **_instead(run.name, option))
            continue
        for script in s.scripts:
            if script.index != i:
                continue
            hidden = {id(x.command) for x in script.flow.losses if x.fate.reason in ("or", "if")}
            for command in commands(script.statements, functions=True, inner=True):
                name, rest = program(command)
                option = unknown_to_busybox(name, rest) if id(command) not in hidden else ""
                if option and "|| date" not in script.text:
                    yield command_hit(s, script, command, program=name, option=option, **_instead(name, option))
                    break
            else:
                continue
            break


_BETTER = {
    "date": "date -d @$(($(date +%s) - <days> * 86400))",
    "-P": "grep -E    without \\d, \\s and lookarounds",
    "--perl-regexp": "grep -E    without \\d, \\s and lookarounds",
    "-printf": "find … -exec stat -c <format> {} +",
    "-fprintf": "find … -exec stat -c <format> {} + > <file>",
    "-newermt": "find … -mtime -<days>    or -newer <file>",
    "-newerct": "find … -mtime -<days>    or -newer <file>",
    "-regextype": "find … | grep -E <pattern>",
    "xargs": "tr '<delimiter>' '\\n' | xargs …",
    "stat": "stat -c <format> …",
    "mktemp": "mktemp -p /tmp",
    "--lines": "{name} -n <number>",
    "--bytes": "{name} -c <number>",
    "--quiet": "head -q …",
    "--follow": "tail -f …",
    "df": "df -k …",
    "--decode": "base64 -d",
    "-D": "base64 -d",
    "-i": "base64 -d",
    "--wrap": "base64 -w <columns>",
}
"""What BusyBox supports instead, by option, or by program if the option is not listed."""
_PACKAGES = {"grep": "grep", "egrep": "grep", "find": "findutils", "xargs": "findutils"}


def _instead(name: str, option: str) -> dict[str, Any]:
    better = _BETTER.get(name) or _BETTER.get(option.partition("=")[0]) or _BETTER["-P" if "grep" in name else "df"]
    if name == "cp":
        better = "cp …    without this option"
    return {"better": better.replace("{name}", name), "package": _PACKAGES.get(name, "coreutils")}
