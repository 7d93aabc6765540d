"""Commands that run another one and do not pass on its exit code: `find -exec … ;`, `export X=$(…)`."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.errexit import errexit_at, pipefail, polls
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import Command, Pipe, commands, loops
from joblint.shell.weight import WORK, program, weight, weight_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script

_DECLARES = names("export local readonly declare typeset")
_TIDY = names("gzip bzip2 xz zstd tar stat file shred unlink setfacl dos2unix sh bash ls")
_EXEC = ("-exec", "-execdir")


def exit_code_not_passed_on(s: Subject) -> Iterator[Hit]:
    """The exit code of the work is lost in a command that always succeeds; one finding for each script."""
    for run, container in zip(s.runs, s.containers, strict=True):
        if run.name == "find" and container.role != "sidecar":
            work = executed(run.rest)
            if work:
                field = run.fields[run.program]
                yield s.hit(field, command=short(" ".join(["find", *run.rest])), work=work, instead=_plus(work))
    for script in s.scripts:
        others = [c for c in script.flow.kept if weight(c) == WORK]
        deletions: list[Command] | None = None
        for command in commands(script.statements, functions=True):
            name, rest = program(command)
            work, instead = "", ""
            if name == "find":
                work = executed(rest)
                instead = _plus(work)
            elif name in _DECLARES:
                if deletions is None:
                    deletions = [c for c in commands(script.statements, functions=True) if _is_deletion(c)][-_MOST:]
                work, instead = _declared(script, command, deletions)
            if not work or name == "find" and any(loss.command is command for loss in script.flow.losses):
                continue
            alone = name in _DECLARES or not others
            yield script_hit(
                s,
                script,
                command.start,
                command.end,
                severity="" if alone else "info",
                command=short(command.text),
                work=work,
                instead=instead,
            )
            break


def executed(rest: tuple[str, ...]) -> str:
    """The program that `find … -exec PROGRAM … ;` runs for each file, if it is work; "" for others, and for `+`, with which
    find passes on a failure."""
    at = next((i for i, word in enumerate(rest) if word in _EXEC), -1)
    if at < 0 or at + 1 >= len(rest):
        return ""
    words = rest[at + 1 :]
    end = next((i for i, word in enumerate(words) if word in (";", "\\;", "+")), len(words))
    if end == len(words) or words[end] == "+" or weight_of(words[:end]) != WORK:
        return ""
    name = words[0].rpartition("/")[2]
    return "" if name in _TIDY else words[0]


def _plus(work: str) -> str:
    return f"-exec {work} {{}} +    find then fails if {work} does; {work} gets several files at the same time"


def _declared(script: Script, command: Command, deletions: list[Command]) -> tuple[str, str]:
    """The work in `export X=$(work)` under set -e, and what to write instead; nothing if the script checks X
    or repeats the command."""
    if not command.inner or not errexit_at(script, command.start):
        return "", ""
    if any(loop.start <= command.start < loop.end and polls(loop) for loop in loops(script.statements)):
        return "", ""
    for text in command.texts[1:]:
        name, sign, value = text.partition("=")
        if not sign or not name.isidentifier() or not value.lstrip("\"'").startswith("$("):
            continue
        if any(
            mark in script.text for mark in (f"${{{name}:?", f'-z "${name}"', f"-z ${name}", f'-z "${{{name}', f'-n "${name}"')
        ):
            continue
        inner = [c for sequence in command.inner for c in commands(sequence) if c.text in text and weight(c) == WORK]
        inner = inner or _read_for_deletion(script, command, name, deletions)
        if inner:
            assignment = f"{name}={value}" if len(value) < 60 else f"{name}=$(…)"
            declaration = f"{command.words[0]} {name}"
            # `local` after the assignment would hide its value; export and readonly keep it.
            first = command.words[0] in ("local", "declare", "typeset")
            return short(inner[0].text), "\n".join([declaration, assignment] if first else [assignment, declaration])
    return "", ""


_READERS = names("cat jq yq grep egrep git find readlink realpath awk sed cut head tail ls openssl base64 getent")
_DELETERS = names("rm rmdir mv rsync find truncate dropdb kubectl oc aws gsutil mc rclone gcloud az helm psql mysql git docker")
_MOST = 50
"""The most deletions of a script that are compared with each declaration."""

_DELETES = ("rm", "delete", "--delete", "del", "drop", "uninstall", "destroy", "remove", "-delete", "reset", "purge", "truncate")


def _read_for_deletion(script: Script, command: Command, name: str, deletions: list[Command]) -> list[Command]:
    """The command that reads a variable's value, if a later command deletes what the variable says; its failure is what the
    substitution returns."""
    written = (f"${name}", f"${{{name}}}")
    if not any(c.start > command.start and any(w in c.text for w in written) for c in deletions):
        return []
    last = command.inner[-1].parts[-1] if command.inner and command.inner[-1].parts else None
    ends = last.parts if isinstance(last, Pipe) else (last,)
    ends = ends if pipefail(script) else ends[-1:]
    return [c for c in ends if isinstance(c, Command) and program(c)[0] in _READERS and c.words[-1:] != ("-",)][:1]


def _is_deletion(command: Command) -> bool:
    name, rest = program(command)
    if name in ("rm", "rmdir", "dropdb"):
        return True
    words = [w.lower() for w in (*rest, *command.text.split())]
    return name in _DELETERS and any(w.strip("\"';") in _DELETES for w in words)
