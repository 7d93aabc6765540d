"""The files that the commands of a container write, each with the command and its position; helps the checks of two
families."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.checks.pods.commands import At
from joblint.rules.workload.env import known_env
from joblint.rules.workload.mounts import clean, mounts
from joblint.rules.workload.script_values import resolved, script_values, working_folder
from joblint.shell.images import entrypoint
from joblint.shell.syntax import Group, children, commands
from joblint.shell.transfers import repository
from joblint.shell.values import UNKNOWN, known_folder
from joblint.shell.weight import program
from joblint.shell.writes import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import ContainerRef, Subject
    from joblint.shell.syntax import Node, Sequence

# A failure that is hidden in this way is not expected to matter.
_EXPECTED = ("or", "if", "pipe", "background")


class Write(Record):
    """A path that a command writes to or changes: the program, the command in short, its position; `redirect` is the operator
    (`>`, `>>`) if the shell writes the file, otherwise "". `exact` is False if a part of the path (then `…`) is known only at
    run time."""

    path: str
    program: str
    text: str
    at: At
    redirect: str = ""
    exact: bool = True


def writes_of(s: Subject, container: ContainerRef, index: int) -> Iterator[Write]:
    """Return the paths that a container's commands write to, absolute, in their order."""
    from joblint.rules.checks.containers.place import short

    run = s.runs[index]
    env = known_env(container)
    if run.words and run.sure and not run.shell:
        paths = (*written(run.name, run.rest), repository(run.name, run.rest, env))
        for path in _absolute(paths, working_folder(container), ()):
            text = short(" ".join(run.words[run.program :]))
            yield Write(path, run.name, text, At(run.fields[run.program]), exact="$(" not in path)
    below = tuple([m.path + "/" for m in mounts(s, container)])
    if run.words and not run.sure and not run.shell:
        name = entrypoint(str(container.data.get("image") or ""))
        words = run.words[1:] if run.words[0] == name else run.words
        given = (*written(name, words), repository(name, words, env)) if name else ()
        for path in _absolute(given, working_folder(container), ()):
            yield Write(path, name, short(" ".join([name, *words])), At(run.fields[0]), exact="$(" not in path)
    home = env.get("HOME", "")
    for script in s.scripts:
        if script.index != index:
            continue
        ignored = {loss.command.start for loss in script.flow.losses if loss.fate.reason in _EXPECTED}
        known = script_values(script)
        folder = working_folder(container)
        apart = _changes_apart(script.statements)
        for command in commands(script.statements, inner=True):
            if command.start in ignored:
                continue
            name, rest = program(command)
            words = resolved(known, command)[len(command.words) - len(rest) :]
            if name in ("cd", "pushd"):
                folder = "" if apart else _changed(folder, words)
                continue
            changed = [(path, "") for path in (*written(name, words), repository(name, words, env))]
            for redirect in command.redirects:
                target = redirect.lstrip("0123456789&")
                if target.startswith(">") and not target.startswith((">&", ">(")):
                    sign = ">>" if target.startswith(">>") else ">"
                    changed.append((known.of(target.lstrip(">|").strip()), sign))
            for path, sign in changed:
                for place in _absolute((path,), folder, below, home):
                    exact = UNKNOWN not in place
                    shown = place if exact else place.replace(UNKNOWN, "…")
                    yield Write(shown, name, short(command.text), At(script.field, script, command), sign, exact)


def _changes_apart(script: Sequence) -> bool:
    """Whether a subshell changes its directory, which is that of its own commands alone."""
    left: list[Node] = [script]
    while left:
        each = left.pop()
        if isinstance(each, Group) and each.subshell and any(c.words[:1] == ("cd",) for c in commands(each)):
            return True
        left.extend(children(each))
    return False


def _changed(folder: str, words: tuple[str, ...]) -> str:
    if len(words) != 1 or UNKNOWN in words[0] or words[0].startswith(("-", "~")) or ".." in words[0]:
        return ""
    if words[0].startswith("/"):
        return words[0].rstrip("/")
    return f"{folder}/{words[0].removeprefix('./')}".rstrip("/") if folder else ""


def _absolute(paths: tuple[str, ...], folder: str, below: tuple[str, ...], home: str = "") -> Iterator[str]:
    """The paths as absolute ones, as far as it is known which volume they are in."""
    for path in paths:
        if path.startswith("~/") and home.startswith("/"):
            path = home.rstrip("/") + path[1:]
        if not path.startswith("/"):
            if not folder or not path or path.startswith(("~", "-", UNKNOWN)):
                continue
            path = f"{folder}/{path.removeprefix('./')}"
        if path.startswith(("/dev/", "/proc/")) or ".." in path:
            continue
        if UNKNOWN in path:
            sure = clean(known_folder(path) or "/")
            if sure == "/" or any(mount.startswith(sure + "/") for mount in below if mount != sure + "/"):
                continue
        yield path
