"""Commands that fail when they run a second time: what they create exists by then, or what they move is no longer there."""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record
from joblint.rules.checks.containers.place import short
from joblint.rules.checks.pods.commands import At, command_hit
from joblint.rules.workload.mounts import API_VOLUMES, clean, mount_of, mounts
from joblint.rules.workload.script_values import resolved, script_values, whole, working_folder
from joblint.shell.creates import Creation, creation, may_create, sql_creation
from joblint.shell.syntax import AndOr, Command, Group, Loop, Pipe, Sequence, commands
from joblint.shell.weight import WORK, is_test, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_REMOVES = names("rm rmdir unlink dropdb dropuser delete del remove uninstall rb destroy drop terminate prune disable")
_OWN_SERVERS = ("docker-entrypoint.sh", "pg_ctl ", "initdb", "mysqld", "mariadbd", "mongod ", "redis-server")
"""What starts a server in the container itself: what the script creates there ends with it."""
_PER_POD = ("emptyDir", "ephemeral")


class Made(Record):
    """A command that creates something: what, and where the command is."""

    creation: Creation
    told: str
    at: At
    ends: bool


def creation_fails_on_retry(s: Subject) -> Iterator[Hit]:
    """The first such command of each container, if there is a later run in which what it creates is still there."""
    always = _always(s)
    if not always and not s.prediction.retry_limit:
        return
    for i, container in enumerate(s.containers):
        if container.role == "sidecar":
            continue
        for made in _made(s, i):
            when = always if _stays(s, i, made.creation, True) and not made.ends else ""
            when = when or _retried(s, i, made)
            if when:
                what = made.creation.what
                state = what if what.startswith("the file ") else f"{what} exists"
                yield command_hit(s, made.at, command=made.told, state=state, when=when, advice=made.creation.instead)
                break


def _always(s: Subject) -> str:
    """Why the whole work runs again even after a success; "" if it does not."""
    if s.kind == "CronJob":
        return "each run after the first fails"
    completions = s.spec.get("completions")
    if isinstance(completions, int) and completions > 1:
        return "each Pod after the first fails"
    if s.annotations:
        events = str(s.annotations.get("helm.sh/hook") or "")
        if "upgrade" in events:
            return "each upgrade after the first fails"
        if any(isinstance(key, str) and key == "argocd.argoproj.io/hook" for key in s.annotations):
            return "each sync after the first fails"
    return ""


def _retried(s: Subject, index: int, made: Made) -> str:
    """When a retry repeats the command, if what it created is still there; "" if it does not."""
    if not s.prediction.retry_limit:
        return ""
    anew = s.pod.get("restartPolicy") != "OnFailure"
    if not _stays(s, index, made.creation, anew):
        return ""
    script, command = made.at.script, made.at.command
    if script is not None and command is not None:
        if any(c.start > command.end and weight(c) == WORK for c in script.flow.kept):
            return "if a later command fails, every retry stops here"
    if made.creation.more:
        return "if a later statement fails, each retry fails here"
    if anew and s.containers[index].role == "init":
        return "if a later container fails, each retry fails here"
    return ""


def _stays(s: Subject, index: int, made: Creation, anew: bool) -> bool:
    """Whether what a command creates is there in the next attempt; `anew` says that this is a new Pod."""
    if not made.path:
        return True
    mount = mount_of(mounts(s, s.containers[index]), clean(made.path))
    if mount is None or mount.read_only or mount.kind in API_VOLUMES or not mount.kind or "$(" in mount.sub_path:
        return False
    return not anew if mount.kind in _PER_POD else True


def _made(s: Subject, index: int) -> Iterator[Made]:
    run = s.runs[index]
    if run.words and run.sure and not run.shell:
        found = creation(run.name, run.rest)
        if found is not None:
            found = _placed(found, working_folder(s.containers[index]))
            if found is not None:
                yield Made(found, short(" ".join(run.words[run.program :])), At(run.fields[run.program]), False)
        return
    own = [script for script in s.scripts if script.index == index]
    if len(own) == 1 and "trap " not in own[0].text and not any(word in own[0].text for word in _OWN_SERVERS):
        yield from _of_script(s, index, own[0])


def _of_script(s: Subject, index: int, script: Script) -> Iterator[Made]:
    programs = {program(command)[0] for command in script.flow.kept}
    if not any(name in _OTHERS or may_create(name) for name in programs):
        return
    known = script_values(script)
    kept = {command.start for command in script.flow.kept}
    removing = min([c.start for c in commands(script.statements, functions=True) if _removes(c)], default=None)
    folder = working_folder(s.containers[index])
    for command in _unguarded(script.statements):
        name, rest = program(command)
        if name == "exit":
            return
        if name == "cd":
            folder = whole(resolved(known, command))[-1] if len(command.words) == 2 else ""
            continue
        if command.start not in kept:
            continue
        words = whole(resolved(known, command))[len(command.words) - len(rest) :]
        made = creation(name, words) or _from_input(name, script, command) or _moved(name, words, script, command)
        placed = _placed(made, folder) if made is not None else None
        if placed is None or (removing is not None and removing < command.start):
            continue
        yield Made(placed, short(command.text), At(script.field, script, command), removing is not None)


def _placed(made: Creation, folder: str) -> Creation | None:
    """The same with an absolute path; None if that is not known."""
    if not made.path or made.path.startswith("/"):
        return made
    if not folder.startswith("/") or made.path.startswith(("-", "~")):
        return None
    return Creation(made.what, f"{folder.rstrip('/')}/{made.path.removeprefix('./')}", made.instead)


_CLIENTS = ("psql", "mysql", "mariadb", "cockroach")
_OTHERS = (*_CLIENTS, "mv")


def _from_input(name: str, script: Script, command: Command) -> Creation | None:
    """What SQL of a here-document creates; psql ends at an error only with ON_ERROR_STOP."""
    if name not in _CLIENTS or name == "psql" and "ON_ERROR_STOP" not in script.text:
        return None
    mark = next((r.lstrip("<-").strip("\"' ") for r in command.redirects if r.startswith("<<") and not r.startswith("<<<")), "")
    if not mark:
        return None
    begin = script.text.find("\n", command.end) + 1
    end = _line_of(script.text, begin, mark) if begin else -1
    return sql_creation(script.text[begin : end - 1], name) if end > begin else None


def _line_of(text: str, at: int, mark: str) -> int:
    """Where the first line begins, at or after the beginning of a line, that contains nothing but a mark; -1: nowhere."""
    while True:
        end = text.find("\n", at)
        if text[at : end if end >= 0 else len(text)].strip() == mark:
            return at
        if end < 0:
            return -1
        at = end + 1


def _moved(name: str, words: tuple[str, ...], script: Script, command: Command) -> Creation | None:
    """`mv INPUT …` before the work, of a file that the script itself does not create."""
    plain = [w for w in words if not w.startswith("-")]
    if name != "mv" or len(plain) != 2 or not plain[0] or not plain[0].startswith("/"):
        return None
    folder, _, file = plain[0].rpartition("/")
    if max(script.text.find(file, 0, command.start), script.text.find(folder, 0, command.start)) >= 0:
        return None
    return Creation(
        f"the file {plain[0]} has been moved",
        plain[0],
        f"Read {plain[0]} where it is, and move it in the last command of the script.",
    )


def _removes(command: Command) -> bool:
    words = {w.lower() for w in command.words}
    if not _REMOVES.isdisjoint(words):
        return True
    text = command.text.upper()
    return "DROP " in text or "DELETE" in text and "CREATE" not in text


def _unguarded(node: Node) -> Iterator[Command]:
    """The commands that each run of a script reaches and whose failure nothing handles."""
    if isinstance(node, Command):
        yield node
    elif isinstance(node, Sequence):
        for part in node.parts:
            if any(program(c)[0] == "exit" for c in commands(part)) and not isinstance(part, Command):
                if any(program(c)[0] == "exit" and "0" in c.words[1:] for c in commands(part)):
                    return  # it ends here if it has run before
            yield from _unguarded(part)
    elif isinstance(node, Group):
        yield from _unguarded(node.body)
    elif isinstance(node, AndOr) and node.operator == "&&":
        yield from _unguarded(node.left)
        if not any(is_test(c) for c in commands(node.left)):
            yield from _unguarded(node.right)
    elif isinstance(node, Pipe):
        yield from _unguarded(node.parts[-1])
    elif isinstance(node, Loop) and node.kind == "for":
        if not any(program(c)[0] in ("break", "continue", "exit", "return") for c in commands(node.body)):
            yield from _unguarded(node.body)
