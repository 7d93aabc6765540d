"""What the Pods of an Indexed Job share outside of its volumes: an object in a bucket, a group that has to be complete."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.workload.options import INDEX_NAMES, options_of
from joblint.shell.syntax import Command, in_order
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Words

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.syntax import Node

_UPLOADS = {
    "aws": ("s3", "cp"),
    "gsutil": ("cp",),
    "gcloud": ("storage", "cp"),
    "s3cmd": ("put",),
    "mc": ("cp",),
    "rclone": ("copyto",),
}
_REMOTE = ("s3://", "gs://")
_SEVERAL = names("--recursive -r -R")


def same_object_uploaded(s: Subject) -> Iterator[Hit]:
    """Each Pod of an Indexed Job does its own part and uploads it under the same name; one finding for each script."""
    total = s.spec.get("completions")
    if s.spec.get("completionMode") != "Indexed" or not isinstance(total, int) or total < 2:
        return
    for script in s.scripts:
        if INDEX_NAMES[0] not in script.text or script.container.role == "sidecar":
            continue
        for command in in_order(script.statements, subshells=True, unless=_asks):
            name, rest = program(command)
            target = _target(name, rest)
            if target:
                folder, _, last = target.rpartition("/")
                stem, dot, end = last.partition(".")
                better = f"{folder}/{stem}-${INDEX_NAMES[0]}{dot}{end}"
                yield script_hit(
                    s, script, command.start, command.end, command=short(command.text), total=total, target=target, better=better
                )
                break


def _target(name: str, rest: Words[str]) -> str:
    """The object that a command uploads a single file to, if its name is fixed."""
    verbs = _UPLOADS.get(name, ())
    if not verbs or tuple(rest[: len(verbs)]) != verbs or not _SEVERAL.isdisjoint(rest):
        return ""
    plain = [word for word in rest[len(verbs) :] if not word.startswith("-")]
    if len(plain) < 2 or not all(plain[:2]) or plain[0].startswith(_REMOTE):
        return ""
    remote = plain[1].startswith(_REMOTE) or name in ("mc", "rclone") and not plain[1].startswith("/")
    return plain[1] if remote and "." in plain[1].rpartition("/")[2].strip(".") else ""


def _asks(node: Node) -> bool:
    return isinstance(node, Command) and program(node)[0] in ("[", "[[", "test")


def group_never_complete(s: Subject) -> Iterator[Hit]:
    """A group of processes that waits until all of its members run, of which parallelism never runs all; one finding a Job."""
    total, parallelism = s.spec.get("completions"), s.spec.get("parallelism")
    at_once = 1 if parallelism is None else parallelism
    if s.spec.get("completionMode") != "Indexed" or not isinstance(total, int) or not isinstance(at_once, int):
        return
    if not 0 < at_once < total:
        return
    for i, container in enumerate(s.containers):
        if container.role != "main":
            continue
        found = options_of(s, container, i).options
        meets = any(o.name in ("masteraddr", "rdzvendpoint") for o in found)
        for option in found:
            group = option.name == "nnodes" or option.name == "worldsize"
            if group and meets and option.value.isdecimal() and int(option.value[:6]) == total:
                yield s.hit(option.field, told=option.told, total=total, at_once=at_once, at=s.spec_at)
                return
