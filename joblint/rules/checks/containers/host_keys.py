"""ssh and git over ssh without the host's key: nobody can confirm it, so ssh ends the connection."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mounts
from joblint.shell.images import name_and_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

_MARKS = ("known_hosts", "ssh-keyscan", "StrictHostKeyChecking", "GIT_SSH_COMMAND=$", "UserKnownHostsFile", "ssh_config", "-F ")
_VARIABLES = ("GIT_SSH_COMMAND", "GIT_SSH", "RSYNC_RSH", "BORG_RSH")
_ALWAYS = ("GIT_SSH=", "RSYNC_RSH=", "BORG_RSH=", "core.sshCommand", "sshCommand")
_PLAIN = ("alpine/git", "alpine", "debian", "ubuntu", "bitnami/git", "alpine/k8s", "fedora", "kroniak/ssh-client")


def host_key_unknown(s: Subject) -> Iterator[Hit]:
    """A connection by ssh where nothing provides the host's key; one finding for each container."""
    for i, container in enumerate(s.containers):
        words = " ".join([w for w in s.runs[i].words if isinstance(w, str)])
        if any(mark in words for mark in (*_MARKS, *_ALWAYS)) or _set_by_variable(container):
            continue
        if container.data.get("envFrom") or not _nothing_else(s, container):
            continue
        for called in calls_of(s, i):
            if _by_ssh(called):
                yield call_hit(s, called, command=short(called.text), program=called.name, accept=_accepting(called.name))
                break


def _set_by_variable(container: ContainerRef) -> bool:
    """Whether a variable may say where the host keys are, or that they are not checked: it is not a plain call of ssh."""
    for entry in as_list(container.data.get("env")):
        name, value = as_dict(entry).get("name"), as_dict(entry).get("value")
        if name in _VARIABLES:
            plain = isinstance(value, str) and value.split()[:1] == ["ssh"] and "$(" not in value
            if not plain or any(mark in str(value) for mark in _MARKS):
                return True
    return False


def _accepting(name: str) -> str:
    """How a program accepts an unknown host key."""
    option = "-o StrictHostKeyChecking=accept-new"
    if name in ("ssh", "scp", "sftp"):
        return f"{name} {option} …"
    return f'GIT_SSH_COMMAND="ssh {option}"' if name == "git" else f"ssh {option}"


def _nothing_else(s: Subject, container: ContainerRef) -> bool:
    """Whether neither the image nor a mount may bring known_hosts."""
    plain = name_and_tag(str(container.data.get("image") or ""))[0] in _PLAIN
    for mount in mounts(s, container):
        inside = mount.path.rstrip("/").endswith(".ssh") or "/.ssh/" in mount.path or mount.path.startswith("/etc/ssh")
        if inside and not mount.sub_path:
            items = [as_dict(item).get("path") for item in as_list(mount.source.get("items"))]
            if not items or any("known" in str(item) or "config" in str(item) for item in items):
                return False
            plain = True  # the mount hides what the image has there
        if mount.sub_path and ("known" in mount.path or "config" in mount.path):
            return False
        if mount.kind in ("emptyDir", "persistentVolumeClaim", "hostPath") and (inside or mount.path in ("/root", "/home")):
            return False
    return plain


def _by_ssh(called: Called) -> bool:
    rest = called.rest
    if called.name == "git" and rest[:1] in (("clone",), ("fetch",), ("pull",), ("push",), ("ls-remote",)):
        return any(w.startswith(("git@", "ssh://")) for w in rest)
    if called.name in ("ssh", "scp", "sftp"):
        return any("@" in w for w in (*rest, *called.texts)) and "-V" not in rest
    return False
