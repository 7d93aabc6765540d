"""Pods that run at the same time and write the same file of a shared volume; knows subjects."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.workload.indexes import indexes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_SHARED = ("persistentVolumeClaim", "nfs", "csi", "cephfs", "azureFile", "glusterfs")

_OUTPUTS = names("curl wget pg_dump pg_dumpall mysqldump mongodump tee dd python python3 node")


def same_file_written(s: Subject) -> Iterator[Hit]:
    """Pods that run at the same time write the same path of a shared volume: the file is one of theirs, or a mixture."""
    at_once = s.prediction.at_once
    if at_once < 2:
        return
    from joblint.rules.checks.pods.commands import command_hit
    from joblint.rules.checks.pods.writes import writes_of
    from joblint.rules.workload.mounts import clean, mount_of, mounts

    for i, container in enumerate(s.containers):
        shared = mounts(s, container)
        if not any(m.kind in _SHARED and not m.read_only for m in shared) or _one_pod_only(s, i):
            continue
        for write in writes_of(s, container, i):
            mount = mount_of(shared, clean(write.path))
            if not write.exact or mount is None or mount.kind not in _SHARED or mount.read_only or "$" in mount.sub_path:
                continue
            if write.redirect == ">" or not write.redirect and _overwrites(write.program, write.path):
                yield command_hit(
                    s, write.at, path=write.path, command=write.text, at_once=at_once, noun=mount.noun, better=_own(s, write.path)
                )
                return


def _overwrites(program: str, path: str) -> bool:
    """Whether a program replaces a file: one of those above, or any other with an option such as --output=FILE."""
    from joblint.shell.writes import is_known

    return program in _OUTPUTS or not is_known(program) and "." in path.rpartition("/")[2]


def _own(s: Subject, path: str) -> str:
    """The path, with what distinguishes the Pods."""
    folder, _, name = path.rpartition("/")
    stem, dot, end = name.partition(".")
    mark = "$JOB_COMPLETION_INDEX" if indexes(s) else "$HOSTNAME"
    return f"{folder}/{stem}-{mark}{dot}{end}"


def _one_pod_only(s: Subject, index: int) -> bool:
    """Whether a script checks which Pod it is: then only one of them may write."""
    from joblint.shell.syntax import commands

    for script in s.scripts:
        if script.index == index:
            for command in commands(script.statements, functions=True):
                asks = command.words[:1] in (("[",), ("test",), ("[[",), ("flock",))
                if asks and any(mark in command.text for mark in ("INDEX", "HOSTNAME", "RANK", "_ID", "flock")):
                    return True
            if "case " in script.text or "flock" in script.text:
                return True
    return False
