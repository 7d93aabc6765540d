"""The backup repositories that a Pod's containers lock, by restic and borg; no texts, no other objects."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.subject import ContainerRef, Subject

_EXCLUSIVE = {"restic": names("prune check rebuild-index repair migrate"), "borg": names("create prune compact check delete")}
"""What needs the repository for itself; `restic backup` shares it with other backups."""

_USES = {"restic": names("backup forget restore copy tag"), "borg": names("extract list")}
_WAITS = ("--retry-lock", "--lock-wait", "--no-lock", "--bypass-lock")
_VARIABLES = {"restic": "RESTIC_REPOSITORY", "borg": "BORG_REPO"}


def repositories_of(s: Subject) -> Iterator[tuple[str, str, bool]]:
    """Yield (tool, repository, exclusive) for each call that fails if the repository is locked. The repository is as written: its
    URL, or where it comes from; for a directory, the volume that holds it."""
    from joblint.rules.checks.containers.clients import calls_of

    for i, container in enumerate(s.containers):
        for called in calls_of(s, i):
            tool = called.name
            if tool not in _EXCLUSIVE or any(w.startswith(_WAITS) for w in called.rest) or "unlock" in called.rest:
                continue
            exclusive = not _EXCLUSIVE[tool].isdisjoint(called.rest) or "forget" in called.rest and "--prune" in called.rest
            place = _place(s, container, _given(called.rest) or _of_env(container, _VARIABLES[tool]))
            if place and (exclusive or not _USES[tool].isdisjoint(called.rest)):
                yield tool, place, exclusive


def _place(s: Subject, container: ContainerRef, written: str) -> str:
    """A repository as other Jobs may name it: a directory with the claim or the node's path in which it is; "" for one that is
    the Pod's own, or is not known before the run."""
    if not written.startswith("/"):
        return "" if "$(" in written else written
    mount = mount_of(mounts(s, container), written)
    if mount is None or mount.kind not in ("persistentVolumeClaim", "hostPath", "nfs"):
        return ""
    source = ":".join([str(mount.source.get(key)) for key in ("claimName", "server", "path") if key in mount.source])
    return "/".join([f"{mount.kind}:{source}", mount.sub_path, written[len(mount.path) :].strip("/")])


def _given(rest: tuple[str, ...]) -> str:
    for option, value in zip(rest, rest[1:], strict=False):
        if option in ("-r", "--repo"):
            return value
    return next((w.partition("=")[2] for w in rest if w.startswith("--repo=")), "")


def _of_env(container: ContainerRef, variable: str) -> str:
    for entry in as_list(container.data.get("env")):
        if as_dict(entry).get("name") == variable:
            value: Any = as_dict(entry).get("value")
            source = as_dict(as_dict(entry).get("valueFrom"))
            found = as_dict(source.get("secretKeyRef")) or as_dict(source.get("configMapKeyRef"))
            return value if isinstance(value, str) else f"{found.get('name')}/{found.get('key')}" if found else ""
    return ""
