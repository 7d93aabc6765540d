"""Clients that are called without what they need in this Pod: a token for the Kubernetes API, the host of a database."""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mounts
from joblint.shell.images import entrypoint, name_and_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command

_API = names("kubectl oc helm")
_OFFLINE = names("config completion kustomize version help template lint package repo pull push dependency search plugin options")
_ELSEWHERE = ("--kubeconfig", "--token", "--server", "-s", "--client", "--dry-run=client", "--local")
_SOCKETS = {
    **dict.fromkeys(("psql", "pg_dump", "pg_dumpall", "pg_restore", "vacuumdb", "reindexdb", "createdb"), "PGHOST"),
    **dict.fromkeys(("mysql", "mysqldump", "mysqladmin", "mysqlcheck"), "MYSQL_HOST"),
    **dict.fromkeys(("mariadb", "mariadb-dump", "mariadb-admin"), "MYSQL_HOST"),
}
_LOCAL = {
    "redis-cli": "-h <service-name>",
    "mongosh": "mongodb://<service-name>",
    "mongo": "--host <service-name>",
}
"""Clients that connect to localhost if no host is specified, with what specifies one."""

_NAMES_HOST = (
    *("-h", "--host", "-d", "--dbname", "-S", "--socket", "--protocol", "--defaults-file", "--defaults-extra-file"),
    *("--login-path", "--version", "-V", "--help", "-?", "--service", "--uri", "--nodb", "--cluster"),
)
_SERVERS = (
    "pg_ctl",
    "postgres -",
    "mysqld ",
    "mariadbd",
    "docker-entrypoint",
    "service ",
    "initdb",
    "pg_ctlcluster",
    "socat",
    "ssh ",
)
_IMAGES = names(
    "postgres mysql mariadb postgis/postgis bitnami/postgresql bitnami/mysql bitnami/mariadb alpine/psql "
    "redis valkey/valkey bitnami/redis mongo"
)
_HOSTS = ("PGHOST", "PGHOSTADDR", "PGSERVICE", "MYSQL_HOST", "MARIADB_HOST")


class Called(Record):
    """A program with its words, the field, and its position in a script."""

    name: str
    rest: tuple[str, ...]
    field: str
    text: str
    script: Script | None = None
    command: Command | None = None
    texts: tuple[str, ...] = ()


def calls_of(s: Subject, index: int, inner: bool = False) -> Iterator[Called]:
    """Yield the programs that a container calls: its own, and those of its scripts; those in $( … ) on request."""
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    run = s.runs[index]
    if run.words and not run.sure and not run.shell:
        image = s.containers[index].data.get("image")
        started = entrypoint(image) if isinstance(image, str) else ""
        if started and run.words[0] != started:
            yield Called(started, run.words, run.fields[0], " ".join([started, *run.words]))
    if run.words and not run.shell and run.sure:
        text = " ".join(run.words[run.program :])
        yield Called(run.name, run.rest, run.fields[run.program], text)
    for script in s.scripts:
        if script.index == index:
            for command in commands(script.statements, functions=True, inner=inner):
                name, rest = program(command)
                yield Called(name, rest, script.field, command.text, script, command, command.texts[-len(rest) :] if rest else ())


def call_hit(s: Subject, called: Called, **values: Any) -> Hit:
    """Return a hit at a called program."""
    if called.script is None or called.command is None:
        return s.hit(called.field, **values)
    return script_hit(s, called.script, called.command.start, called.command.end, **values)


def client_without_token(s: Subject) -> Iterator[Hit]:
    """automountServiceAccountToken: false, and kubectl or helm calls the API: without a token they connect to
    localhost:8080."""
    if s.pod.get("automountServiceAccountToken") is not False:
        return
    for i, container in enumerate(s.containers):
        if _may_know_the_api(s, container):
            continue
        for called in calls_of(s, i):
            if called.name not in _API or any(w.startswith(_ELSEWHERE) for w in called.rest) or "" in called.rest[:1]:
                continue
            first = next((w for w in called.rest if w and not w.startswith("-")), "")
            text = called.script.text if called.script else ""
            own = "KUBECONFIG" in text or "config set-c" in text
            if first and first not in _OFFLINE and not own:
                yield call_hit(s, called, command=short(called.text), program=called.name, at=s.pod_at)
                return


def _may_know_the_api(s: Subject, container: ContainerRef) -> bool:
    """Whether a token or a kubeconfig may come from elsewhere: a variable, a volume, a file that the script loads."""
    if container.data.get("envFrom") or any("KUBE" in str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))):
        return True
    kept = [m for m in mounts(s, container) if m.kind not in ("emptyDir", "downwardAPI")]
    if any(m.kind in ("projected", "hostPath", "csi") or _is_of_the_api(m.path) for m in kept):
        return True
    # Files of other volumes are used only by a script that loads or copies them.
    texts = [script.text for script in s.scripts if script.container.name == container.name]
    return bool(kept) and any(m.path in text and any(w in text for w in _LOADS) for m in kept for text in texts)


_LOADS = (". ", "source ", "cp ", "ln ", "install ", "cat ")
_OF_THE_API = (".kube", "kubernetes.io", "kubeconfig", "kube-config")


def _is_of_the_api(path: str) -> bool:
    """Whether a mount point may be that of a kubeconfig or of a token: a directory for it, or a home."""
    return any(mark in path for mark in _OF_THE_API) or path.rstrip("/") in ("", "/root") or path.startswith("/home")


def client_without_host(s: Subject) -> Iterator[Hit]:
    """psql, mysql, redis-cli and others without a host: they look for a server in their own Pod, and there is none."""
    if len(s.mains) != 1 or s.pod.get("hostNetwork") is True or any(c.role == "sidecar" for c in s.containers):
        return
    for i, container in enumerate(s.containers):
        names_set = {str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))}
        if (
            container.data.get("envFrom")
            or not names_set.isdisjoint(_HOSTS)
            or any(m.kind != "persistentVolumeClaim" for m in mounts(s, container))
        ):
            continue
        texts = " ".join([w for w in s.runs[i].words if isinstance(w, str)])
        if any(mark in texts for mark in (*_SERVERS, *_HOSTS)):
            continue
        for called in calls_of(s, i):
            if called.name == "pg_restore" and not any(word.startswith(("-d", "--dbname")) for word in called.rest):
                continue  # reads the archive and connects to nothing
            variable = _SOCKETS.get(called.name, "")
            if (variable or called.name in _LOCAL) and not _names_host(called):
                known = _is_official(str(container.data.get("image")))
                yield call_hit(
                    s,
                    called,
                    command=short(called.text),
                    program=called.name,
                    where="a local socket in its own container" if variable else "a server in its own Pod",
                    advice=f"env:\n- {{name: {variable}, value: <service-name>}}"
                    if variable
                    else f"{called.name} {_LOCAL[called.name]}",
                    severity="" if known else "info",
                    confidence="" if known else "hint",
                )
                return


def _is_official(image: str) -> bool:
    """Whether an image is known not to set a host itself; a team's own image may."""
    return name_and_tag(image)[0] in _IMAGES


def _names_host(called: Called) -> bool:
    for i, word in enumerate(called.rest):
        if word in ("-d", "--dbname") and called.name in _SOCKETS and called.rest[i + 1 : i + 2] != ("",):
            continue  # the name of a database; a URL or a connection string is the next word
        if word.startswith("--dbname=") and "://" not in word and "host=" not in word and len(word) > len("--dbname="):
            continue
        if (
            called.name == "redis-cli"
            and word == "-u"
            or word.startswith(_NAMES_HOST)
            or "://" in word
            or "host=" in word
            or word.startswith("$(")
        ):
            return True
        if word == "" and (not called.texts or not called.texts[i].startswith("-") or called.texts[i].startswith(_NAMES_HOST)):
            if not i or not called.rest[i - 1].startswith("-"):
                return True  # a word known only at run time may be a URL
    return False
