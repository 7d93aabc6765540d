"""The files that the commands of a container write, each with the command and its position; helps the checks of two
families."""

from __future__ import annotations

from joblint.base.record import record
from joblint.rules.checks.pods.commands import At
from joblint.shell.flow import commands
from joblint.shell.weight import program
from joblint.shell.writes import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import ContainerRef, Subject

# A failure that is hidden in this way is not expected to matter.
_EXPECTED = ("or", "if", "pipe", "background")


@record
class Write:
    """A path that a command writes to or changes: the program, the command in short, its position; `redirect` is the operator
    (`>`, `>>`) if the shell writes the file, otherwise ""."""

    path: str
    program: str
    text: str
    at: At
    redirect: str = ""


def writes_of(s: Subject, container: ContainerRef, index: int) -> Iterator[Write]:
    """Return the absolute paths that a container's commands write to, in their order."""
    from joblint.rules.checks.containers.place import short

    run = s.runs[index]
    if run.words and run.sure and not run.shell:
        for path in written(run.name, run.rest):
            yield Write(path, run.name, short(" ".join(run.words[run.program :])), At(run.fields[run.program]))
    for script in s.scripts:
        if script.index != index:
            continue
        ignored = {loss.command.start for loss in script.flow.losses if loss.fate.reason in _EXPECTED}
        for command in commands(script.statements, inner=True):
            if command.start in ignored:
                continue
            name, rest = program(command)
            paths = [(path, "") for path in written(name, rest)]
            for redirect in command.redirects:
                target = redirect.lstrip("0123456789&")
                if target.startswith(">") and not target.startswith((">&", ">(")):
                    sign = ">>" if target.startswith(">>") else ">"
                    paths.append((target.lstrip(">|").strip().strip("\"'"), sign))
            for path, sign in paths:
                if path.startswith("/") and not path.startswith(("/dev/", "/proc/")) and "$" not in path and "`" not in path:
                    yield Write(path, name, short(command.text), At(script.field, script, command), sign)
