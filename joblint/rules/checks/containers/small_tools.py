"""Options that the tools of Alpine and BusyBox do not have: the command fails on every attempt."""

from __future__ import annotations

from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.busybox import unknown_to_busybox
from joblint.shell.images import has_busybox
from joblint.shell.syntax import commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
                yield s.hit(run.fields[run.program], program=run.name, option=option, command=text)
            continue
        for script in s.scripts:
            if script.index != i:
                continue
            hidden = {id(x.command) for x in script.flow.losses if x.fate.reason in ("or", "if")}
            for command in commands(script.statements, functions=True, inner=True):
                name, rest = program(command)
                option = unknown_to_busybox(name, rest) if id(command) not in hidden else ""
                if option and "|| date" not in script.text:
                    yield script_hit(
                        s, script, command.start, command.end, program=name, option=option, command=short(command.text)
                    )
                    break
            else:
                continue
            break
