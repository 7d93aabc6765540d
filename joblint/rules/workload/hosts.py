"""The hosts that containers name in variables, options and URLs, each with its port; no texts, no other objects."""

from __future__ import annotations

from joblint.base import shared
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.subject import ContainerRef, Subject

_SCHEMES = {"https": 443, "http": 80}
_NAMES = ("HOST", "ADDR", "SERVER", "ENDPOINT", "URL", "URI", "DSN", "BROKERS")
_HOSTS = ("HOSTNAME", "HOST", "SERVER", "ADDRESS", "ADDR")
_OPTIONS = ("--host=", "--hostname=", "--addr=", "--address=", "--server=", "--endpoint=", "--url=", "--db-host=")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-."
_ALPHABET = frozenset(_LETTERS)
_ENDS = frozenset("/?# \t\n\"'`,;)]}|<>\\")
_CLIENTS = ("pg_isready", "mysqladmin", "mysql", "mariadb", "psql", "redis-cli", "pg_dump", "pg_dumpall", "mysqldump", "nc")


def named_hosts(s: Subject) -> Iterator[tuple[str, int, str]]:
    """Yield (host, port, field) for each host that a variable, an option or a URL of a container names; port 0: not known."""
    seen: set[tuple[str, int]] = set()
    proxied: bool | None = None
    for host, port, field in _all(s):
        if proxied is None:
            proxied = any(_is_proxy(entry) for c in s.containers for entry in as_list(c.data.get("env")))
        port = 0 if proxied else port
        host = host.lower().rstrip(".")
        if (host, port) not in seen and _is_name(host):
            seen.add((host, port))
            yield shared.text(host), port, shared.text(field)


def _is_proxy(entry: Any) -> bool:
    return str(as_dict(entry).get("name")).lower().endswith("_proxy")


def _all(s: Subject) -> Iterator[tuple[str, int, str]]:
    for container, run in zip(s.containers, s.runs, strict=False):
        env = _set_in(as_list(container.data.get("env")), container.at)
        if env:
            yield from _pairs(env)
            for name, value, at in env:
                if "://" in value:
                    told = _is_told(name)
                    yield from ((host, 0 if told else port, field) for host, port, field in _urls(value, at))
                elif value and max(map(name.upper().find, _NAMES)) >= 0 and "$(" not in value:
                    yield from _host_port(value, at)
        for word, field in zip(run.words, run.fields, strict=False):
            if ".svc" in word:
                yield from _in_cluster(word, field)
            if "://" in word:
                yield from _urls(word, field)
            elif word.startswith(_OPTIONS) and run.script < 0:
                yield from _host_port(word.partition("=")[2], field)
        if run.script < 0 and run.name in _CLIENTS:
            for host, port in _of_client(run.name, run.rest, _sets_port(container, "")):
                yield host, port, run.fields[run.program]
    for script in s.scripts:
        from joblint.shell.services import awaited
        from joblint.shell.syntax import commands
        from joblint.shell.weight import program

        for host, port in awaited(script.statements):
            yield host, port, script.field
        if any(client in script.text for client in _CLIENTS):
            port_is_set = _sets_port(script.container, script.text)
            for command in commands(script.statements, functions=True, inner=True):
                name, rest = program(command)
                if name in _CLIENTS:
                    for host, port in _of_client(name, rest, port_is_set):
                        yield host, port, script.field


def _sets_port(container: ContainerRef, text: str) -> bool:
    """Whether something outside of a client's words may set its port: a variable, a file."""
    if container.data.get("envFrom") or any(mark in text for mark in _PORTS):
        return True
    return any(as_dict(e).get("name") in _PORTS for e in as_list(container.data.get("env")))


_PORTS = ("PGPORT", "PGSERVICE", "MYSQL_TCP_PORT", "MYSQL_PORT", "REDISCLI_PORT", ".my.cnf", "pg_service.conf")


def _set_in(env: list[Any], at: str) -> list[tuple[str, str, str]]:
    """The variables that have a value, each with it and its field."""
    found = []
    for i, entry in enumerate(env):
        given = as_dict(entry)
        name, value = given.get("name"), given.get("value")
        if isinstance(value, str) and isinstance(name, str):
            found.append((name, value, f"{at}.env[{i}].value"))
    return found


def _pairs(env: list[tuple[str, str, str]]) -> Iterator[tuple[str, int, str]]:
    """The hosts of variables next to which another one names the port: DB_HOST and DB_PORT."""
    ports = {}
    for name, value, at in env:
        if name.endswith("PORT") and value.isdecimal() and len(value) < 6:
            ports[name.removesuffix("PORT")] = int(value), at
    for name, value, _ in env if ports else ():
        stem = next((name.removesuffix(end) for end in _HOSTS if name.endswith(end)), None)
        if stem is not None and stem in ports:
            yield value, *ports[stem]


def _in_cluster(text: str, field: str) -> Iterator[tuple[str, int, str]]:
    """The names of Services in a text that are written with their domain: db.shop.svc, db.shop.svc.cluster.local."""
    parts = text.split(".svc")
    for part, rest in zip(parts, parts[1:], strict=False):
        host = part[len(part.rstrip(_LETTERS)) :]
        if "." in host:
            yield f"{host}.svc{'.cluster.local' if rest.startswith('.cluster.local') else ''}", 0, field


def _of_client(name: str, rest: tuple[str, ...], port_is_set: bool) -> Iterator[tuple[str, int]]:
    from joblint.shell.services import default_port, host_of, port_of

    host = host_of(name, rest)
    if host:
        yield host, port_of(name, rest) or (0 if port_is_set else default_port(name, rest))


# Options whose URL is stored for others, and to which the program itself does not connect.
_ANNOUNCED = ("advertise", "announce", "public", "external", "redirect", "callback", "issuer", "service-url", "url-tls")


def _is_announced(before: str) -> bool:
    """Whether the option that ends a text only announces the URL after it: `--broker-service-url-tls pulsar+ssl://…`."""
    lead = before[-200:].rstrip("abcdefghijklmnopqrstuvwxyz+").rstrip(" =\"'\\\n\t").split()[-1:]
    return bool(lead) and lead[0].startswith("--") and any(word in lead[0] for word in _ANNOUNCED)


def _is_told(name: str) -> bool:
    """Whether a variable contains a URL that the program only passes on: OAUTH_REDIRECT_URI, PUBLIC_ORIGIN, TOKEN_ISSUER."""
    words = name.lower().replace("-", "_").split("_")
    return not _PASSED_ON.isdisjoint(words)


_PASSED_ON = frozenset(("redirect", "callback", "origin", "origins", "audience", "issuer", "advertise", "advertised"))


def _urls(text: str, field: str) -> Iterator[tuple[str, int, str]]:
    parts = text.split("://")
    for before, rest in zip(parts, parts[1:], strict=False):
        end = next((i for i, c in enumerate(rest) if c in _ENDS), len(rest))
        scheme = before[len(before.rstrip("abcdefghijklmnopqrstuvwxyz+")) :]
        announced = _is_announced(before)
        for host, port, at in _host_port(rest[:end].rpartition("@")[2], field):
            yield host, 0 if announced else port or _SCHEMES.get(scheme, 0), at


def _host_port(text: str, field: str) -> Iterator[tuple[str, int, str]]:
    host, colon, port = text.partition(":")
    if not colon or port.isdecimal() and len(port) < 6:
        yield host, int(port or 0), field


def _is_name(host: str) -> bool:
    """Whether it is a name, not an address, nor something that a shell or a program computes."""
    if not host or not _ALPHABET.issuperset(host) or host == "localhost" or host[0] in "-." or host.endswith("-"):
        return False
    return not host.rpartition(".")[2].isdecimal()
