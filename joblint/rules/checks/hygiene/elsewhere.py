"""Commands that are meant for another Pod or host, and whose words the own shell uses first: what comes after && or >, and
variables that only the other Pod has.

Sources: kubectl exec --help (the words after -- are a program and its arguments, without a shell); XCU 2.9 (lists), 2.7.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import command_hit, short
from joblint.rules.checks.containers.unset_variables import filled_in_later, injected, may_load, set_anywhere
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.shell.syntax import AndOr, Command, Sequence, commands, every
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.mounts import Mount
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_BUILTINS = names("cd export source . set umask ulimit alias")
_SSH_TAKES = names("-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B")
_OF_IMAGES = names(
    "MYSQL_ROOT_PASSWORD MYSQL_PASSWORD MYSQL_USER MYSQL_DATABASE MARIADB_ROOT_PASSWORD MARIADB_PASSWORD MARIADB_USER "
    "MARIADB_DATABASE POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB POSTGRESQL_PASSWORD POSTGRES_POSTGRES_PASSWORD "
    "MONGO_INITDB_ROOT_USERNAME MONGO_INITDB_ROOT_PASSWORD MONGODB_ROOT_PASSWORD REDIS_PASSWORD RABBITMQ_DEFAULT_USER "
    "RABBITMQ_DEFAULT_PASS ELASTIC_PASSWORD ELASTICSEARCH_PASSWORD INFLUXDB_ADMIN_PASSWORD INFLUXDB_ADMIN_USER PGDATA "
    "CLICKHOUSE_PASSWORD CLICKHOUSE_USER"
)
"""Variables that the images of servers use: in a Job, they are those of the server's Pod."""


def remote_command_split(s: Subject) -> Iterator[Hit]:
    """`kubectl exec web-0 -- cd /data && rm -rf cache`: one finding for each script."""
    for script in s.scripts:
        held = mounts(s, script.container)
        for node in every(script.statements):
            found = _split(script, node, held)
            if found is not None:
                command, effect, better = found
                yield command_hit(
                    s,
                    script,
                    command,
                    effect=effect,
                    side="host" if program(command)[0] == "ssh" else "Pod",
                    better=better,
                )
                break


def _split(script: Script, node: Node, held: tuple[Mount, ...]) -> tuple[Command, str, str] | None:
    """A command for another Pod or host that only changes its own shell, with what runs here instead, and how to write it."""
    if isinstance(node, AndOr) and node.operator == "&&":
        command = _last(node.left)
        remote = _remote(command) if command is not None else ()
        if command is None or not remote or remote[0] not in _BUILTINS:
            return None
        rest = script.text[node.right.start : node.right.end]
        where = "in this container, not there"
        return command, f"`{short(rest)}` runs {where}", _quoted(command, remote, f" && {short(rest)}")
    if isinstance(node, Command):
        remote = _remote(node)
        target = next((r for r in node.redirects if r.startswith((">", "1>")) and "&" not in r), "")
        path = target.lstrip("1>| ")
        if (
            remote[:1] not in (("echo",), ("printf",), ("touch",))
            or not path.startswith("/")
            or path.startswith(("/dev/", "/tmp/"))
        ):
            return None
        used = any(path in c.text or path in "".join(c.redirects) for c in commands(script.statements) if c is not node)
        if not used and mount_of(held, clean(path)) is None:
            return node, f"{path} is written in this container, not there", _quoted(node, remote, f" > {path}")
    return None


def _last(node: Node) -> Command | None:
    while isinstance(node, (AndOr, Sequence)):
        node = node.right if isinstance(node, AndOr) else node.parts[-1] if node.parts else Sequence(0, 0, ())
        if isinstance(node, Sequence) and not node.parts:
            return None
    return node if isinstance(node, Command) else None


def _remote(command: Command) -> tuple[str, ...]:
    """The words that run in another Pod or on another host: after `kubectl exec … --`, after the host of ssh."""
    name, rest = program(command)
    texts = command.texts[len(command.texts) - len(rest) :] if rest else ()
    if name in ("kubectl", "oc") and "exec" in rest[:6] and "--" in rest:
        return texts[rest.index("--") + 1 :]
    if name != "ssh":
        return ()
    skip = False
    for i, word in enumerate(rest):
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in _SSH_TAKES
        else:
            return texts[i + 1 :]
    return ()


def _quoted(command: Command, remote: tuple[str, ...], tail: str) -> str:
    """The same command with a shell in the other Pod, or with quotes for ssh."""
    words = " ".join(remote)
    before = " ".join(command.text.split()).rpartition(words)[0].rstrip()
    if program(command)[0] == "ssh":
        return f"{before} '{words}{tail}'"
    return f"{before} sh -c '{words}{tail}'"


def variable_of_other_pod(s: Subject) -> Iterator[Hit]:
    """`kubectl exec mysql-0 -- mysqldump -p"$MYSQL_ROOT_PASSWORD"`, where this container has no such variable; one finding for
    each script."""
    if injected(s) or filled_in_later(s):
        return
    for script in s.scripts:
        container = script.container
        if container.data.get("envFrom") or may_load(s, container, script):
            continue
        env = {str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))}
        for command in commands(script.statements, functions=True, inner=True):
            name = _of_other(command, env)
            if name and not set_anywhere(script.text, name):
                yield command_hit(
                    s,
                    script,
                    command,
                    name=name,
                    better=_in_shell(command),
                )
                break


def _of_other(command: Command, env: set[str]) -> str:
    """The first variable in the words for another Pod that this container does not have; "" for none."""
    if "$" not in command.text:
        return ""
    for text in _remote(command):
        if text.startswith("'") or "$" not in text:
            continue
        for part in text.split("$")[1:]:
            raw = part.removeprefix("{")
            name = raw[: next((n for n, sign in enumerate(raw) if not (sign.isalnum() or sign == "_")), len(raw))]
            if name in _OF_IMAGES and name not in env and not text.partition(f"${part}")[0].endswith("\\"):
                return name
    return ""


def _in_shell(command: Command) -> str:
    remote = _remote(command)
    words = " ".join(remote)
    before = " ".join(command.text.split()).rpartition(words)[0].rstrip()
    if remote[:2] in (("sh", "-c"), ("bash", "-c")):
        return f"{before} {' '.join(remote[:2])} '{' '.join(remote[2:]).strip(chr(34))}'"
    return f"{before} sh -c '{words}'"
