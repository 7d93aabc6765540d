"""Which command depends on another service, so that its failure may be temporary; knows programs, nothing of Kubernetes."""

from __future__ import annotations

from joblint.base.names import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Words

    from joblint.shell.syntax import Node

_PROBES = names(
    "pg_isready mysqladmin mariadb-admin nc ncat netcat nslookup dig host ping curl wget getent grpcurl http amqp-publish kcat"
)
_CLIENTS = names("psql mysql mariadb mongosh mongo redis-cli kubectl oc etcdctl vault consul nats aws gsutil gcloud az mc git")


def service_of(command: tuple[str, Words[str]]) -> str:
    """Return the command as messages show it if it depends on another service, otherwise ""."""
    name, rest = command
    if name not in _PROBES and name not in _CLIENTS:
        return ""
    return " ".join([name, *[w for w in rest if w and "\n" not in w]])


def only_asks(command: tuple[str, Words[str]]) -> bool:
    """Whether a command only checks if a service is reachable."""
    name, rest = command
    words = [w.lower() for w in rest]
    if name in ("pg_isready", "nslookup", "ping", "getent", "dig", "host"):
        return True
    if name in ("nc", "ncat", "netcat"):
        return any(w.startswith("-") and not w.startswith("--") and "z" in w for w in words)
    if name in ("mysqladmin", "mariadb-admin", "redis-cli"):
        return "ping" in words or "status" in words
    if name == "curl":
        return not any(w in ("-o", "-O", "--output", "-X", "-d", "--data", "-T", "-F", "--request") for w in rest) and _health(
            words
        )
    if name == "wget":
        return "--spider" in words
    if name in ("psql", "mysql", "mariadb"):
        return any(w.strip("; '\"") in ("select 1", "\\q") for w in words)
    return False


def _health(words: list[str]) -> bool:
    marks = ("health", "ready", "live", "ping", "status")
    return any(mark in word for word in words if not word.startswith("-") for mark in marks)


def awaited(script: Node) -> Iterator[tuple[str, int]]:
    """Yield the hosts that the loops of a script wait for, each with its port (0: not known): those in the conditions of `until`
    and `while`, and those that a loop only checks in its body (`for i in $(seq 30); do nc -z db 5432 && break; done`)."""
    from joblint.shell.functions import bound, calls
    from joblint.shell.syntax import Loop, Sequence, children, commands
    from joblint.shell.weight import program

    within = list(calls(script)) if isinstance(script, Sequence) else []
    for node, given in [(script, _NOTHING), *within]:
        left: list[Node] = [node]
        while left:
            each = left.pop()
            if isinstance(each, Loop):
                asked = list(commands(each.condition)) if each.condition is not None else []
                inside = list(commands(each.body))
                if any(c.words[:1] in (("break",), ("exit",), ("return",)) for c in inside):
                    asked += [c for c in inside if only_asks(program(c))]
                for command in asked:
                    name, rest = program(command)
                    if given and rest:
                        rest = bound(rest, command.texts[-len(rest) :], given)
                    host = host_of(name, rest)
                    if host:
                        yield host, port_of(name, rest)
            left.extend(children(each))


_NOTHING: dict[str, str] = {}


_WITH_HOST = names(
    "pg_isready mysqladmin mariadb-admin mysql mariadb psql redis-cli pg_dump pg_dumpall pg_restore mysqldump mariadb-dump "
    "mongosh mongo mongodump mongorestore clickhouse-client"
)


def host_of(name: str, rest: Words[str]) -> str:
    """Return the host that a command connects to; "" if its words do not say."""
    for i, word in enumerate(rest):
        if name in ("curl", "wget") and "://" in word:
            return word.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
        if name in _WITH_HOST:
            if word in ("-h", "--host") and i + 1 < len(rest):
                return rest[i + 1]
            if word.startswith(("--host=", "-h")) and len(word) > 2 and not word.startswith(("--help", "-help")):
                return word.removeprefix("--host=").removeprefix("-h")
        if name in ("nslookup", "host", "dig", "ping") and word and not word.startswith(("-", "+", "@")):
            if i == 0 or not rest[i - 1].startswith("-") or "=" in rest[i - 1]:
                return word
        if name == "getent" and rest[0] in ("hosts", "ahosts", "ahostsv4") and len(rest) > 1:
            return rest[1]
        if name in ("nc", "ncat", "netcat") and word and not word.startswith("-") and i + 1 < len(rest):
            if rest[i + 1].isdecimal() and not word.isdecimal():
                return word
    return ""


_WAITERS = names("wait-for-it.sh wait-for-it wait-for wait-for.sh wait_for_it.sh dockerize wait4x waitforit")


def waiter_of(name: str, rest: Words[str]) -> str:
    """Return the host that a program made for waiting waits for: `wait-for-it.sh db:5432`, `dockerize -wait tcp://db:5432`."""
    if name not in _WAITERS:
        return ""
    for word in rest:
        if word == "--":
            break
        address = word.removeprefix("-wait=").partition("://")[2] if "://" in word else word
        host, colon, port = address.partition("/")[0].partition(":")
        if colon and port.isdecimal() and host and not host.startswith("-"):
            return host
    return ""


def port_of(name: str, rest: Words[str]) -> int:
    """Return the port that a command connects to, as far as its words say: `nc -z db 5432`, `psql -p 5432`; else 0."""
    for i, word in enumerate(rest):
        following = rest[i + 1] if i + 1 < len(rest) else ""
        if name in ("nc", "ncat", "netcat") and host_of(name, rest[i : i + 2]):
            return int(following) if len(following) < 6 else 0
        if word in _PORT_OPTIONS.get(name, ()) and following.isdecimal() and len(following) < 6:
            return int(following)
    return 0


DEFAULT_PORTS = {
    **dict.fromkeys(("psql", "pg_isready", "pg_dump", "pg_dumpall", "pg_restore", "createdb", "vacuumdb"), 5432),
    **dict.fromkeys(("mysql", "mysqladmin", "mariadb", "mysqldump", "mariadb-dump", "mariadb-admin"), 3306),
    "redis-cli": 6379,
}
"""The ports that clients use if nothing specifies another one."""


def default_port(name: str, rest: Words[str]) -> int:
    """Return the port that a client uses by default; 0 if its words may name one, also one that only the run knows."""
    marks = ("-P", "--port", "--defaults", "--login-path", "--protocol", "-S") if DEFAULT_PORTS.get(name) == 3306 else ()
    marks = marks or ("-p", "--port", "-u", "-s", "--cluster", "-c=")
    if any(word.startswith(marks) or "://" in word or "port=" in word or not word for word in rest):
        return 0
    return DEFAULT_PORTS.get(name, 0)


_PORT_OPTIONS = {
    **dict.fromkeys(("psql", "pg_isready", "pg_dump", "pg_dumpall", "redis-cli"), ("-p", "--port")),
    **dict.fromkeys(("mysql", "mysqladmin", "mariadb", "mysqldump"), ("-P", "--port")),
}


def waits_itself(command: tuple[str, Words[str]]) -> bool:
    """Whether a command retries by itself: `curl --retry 10`, `wait-for-it`."""
    name, rest = command
    if name == "curl":
        return any(w.startswith("--retry") for w in rest)
    return name == "wget" and any(w.startswith(("--tries", "-t")) for w in rest)
