"""Containers that need a sidecar which is started after them, or before them without a startup probe.

Source: Kubernetes 1.36.3 pkg/kubelet/kuberuntime/kuberuntime_container.go computeInitContainerActions: init containers,
including native sidecars, are started one after the other, in the order of the list; a native sidecar counts as started as soon
as it runs, or once its startupProbe has succeeded.
"""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

# Sidecars that are reached through the Pod's own address.
_PROXIES = ("cloud-sql-proxy", "cloudsql-proxy", "gce-proxy", "alloydb-auth-proxy", "pgbouncer", "haproxy", "envoy", "proxysql")
_CLIENTS = ("psql", "pg_dump", "pg_dumpall", "pg_restore", "mysql", "mysqldump", "mariadb", "mariadb-dump", "sqlcmd")
_HERE = ("localhost", "127.0.0.1")


def init_container_before_its_sidecar(s: Subject) -> Iterator[Hit]:
    """An init container that connects to the Pod's own address comes before the sidecar that listens there."""
    listening = [(i, c) for i, c in enumerate(s.containers) if _listens(c)]
    for i, container in enumerate(s.containers):
        if container.role != "init":
            continue
        if any(j < i and c.role == "sidecar" for j, c in listening):
            continue
        later = next((c for j, c in listening if j > i and c.role in ("sidecar", "main")), None)
        where = _address(s, i, container) if later is not None else ""
        if later is not None and where:
            sidecar = later.role == "sidecar"
            yield s.hit(
                container.at,
                init=container.name,
                proxy=later.name,
                address=where,
                when="starts after it" if sidecar else "starts only after all init containers",
                advice=f'Move "{later.name}" before "{container.name}".'
                if sidecar
                else f"Make {later.name} an init container before {container.name}, with restartPolicy: Always.",
            )
            return


def no_wait_for_sidecar(s: Subject) -> Iterator[Hit]:
    """A container connects to a native sidecar that may not listen yet: it has neither a startup probe nor a postStart hook."""
    for i, container in enumerate(s.containers):
        if container.role == "sidecar" or _waits(s, i):
            continue
        proxies = [c for c in s.containers[:i] if c.role == "sidecar" and _listens(c)]
        proxy = next((c for c in proxies if not c.data.get("startupProbe") and not _hooked(c)), None)
        where = _address(s, i, container) if proxy is not None else ""
        if proxy is None or not where:
            continue
        once = container.role == "main" and s.pod.get("restartPolicy") == "Never" and _first_work(s, i) in _CLIENTS
        port = where.rpartition(":")[2]
        yield s.hit(
            proxy.at,
            proxy=proxy.name,
            container=container.name,
            address=where,
            port=port if port.isdecimal() else "5432",
            severity="warning" if once else "",
            confidence="" if once else "hint",
        )
        return


def _first_work(s: Subject, index: int) -> str:
    """The program that a container starts with, or that its script starts with after commands that take no time."""
    if not s.runs[index].shell:
        return s.runs[index].name
    from joblint.shell.syntax import commands
    from joblint.shell.weight import WORK, program, weight

    script = next((each for each in s.scripts if each.index == index), None)
    listed = commands(script.statements) if script is not None else ()
    return next((program(c)[0] for c in listed if weight(c) == WORK), "")


def _hooked(container: ContainerRef) -> bool:
    return bool(as_dict(container.data.get("lifecycle")).get("postStart"))


def _waits(s: Subject, index: int) -> bool:
    """Whether a container's script repeats what it does until it succeeds."""
    words = " ".join(s.runs[index].words)
    return any(mark in words for mark in ("until ", "while ", "for ", "wait", "retry", "sleep "))


def _listens(container: ContainerRef) -> bool:
    image = str(container.data.get("image") or "").partition("@")[0].rpartition("/")[2]
    return image.partition(":")[0] in _PROXIES


def _address(s: Subject, index: int, container: ContainerRef) -> str:
    """The Pod's own address if a container's command or environment uses it as a host; "" otherwise."""
    words = list(s.runs[index].words)
    words += [str(as_dict(e).get("value") or "") for e in as_list(container.data.get("env"))]
    for word in words:
        for here in _HERE:
            at = word.find(here)
            if at >= 0 and (at == 0 or not word[at - 1].isalnum()):
                after = word[at + len(here) : at + len(here) + 6]
                port = "".join([c for c in after[1:] if c.isdigit()]) if after[:1] == ":" else ""
                return f"{here}:{port}" if port else here
    return ""
