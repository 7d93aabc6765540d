"""A container that waits for a file which the work writes only after success: after a failure the Pod never ends."""

from __future__ import annotations

from joblint.rules.checks.containers.errexit import errexit_at
from joblint.rules.checks.containers.place import script_hit
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.shell.syntax import AndOr, children, commands, loops
from joblint.shell.weight import WORK, program, weight
from joblint.shell.writes import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command, Loop, Node

    File = tuple[str, str]
    """A file in a volume: the volume's name, and the path from its root."""

_TESTS = ("-f", "-e", "-s")


def sidecar_waits_for_success(s: Subject) -> Iterator[Hit]:
    """One finding for each container that waits like this; not with OnFailure, which runs the work again in the same Pod."""
    if len(s.mains) < 2 or s.pod.get("restartPolicy") != "Never":
        return
    for script in s.scripts:
        if script.container.role != "main":
            continue
        for loop in (x for x in loops(script.statements) if x.kind in ("while", "until")):
            wanted = {file for path in _asked(loop) if (file := _file(s, script, path)) is not None}
            writer = next((w for w in s.scripts if w.index != script.index and _after_success_only(s, w, wanted)), None)
            if wanted and writer is not None:
                yield script_hit(
                    s,
                    script,
                    loop.start,
                    loop.end,
                    container=script.container.name,
                    file=next(_asked(loop)),
                    writer=writer.container.name,
                )
                break


def _asked(loop: Loop) -> Iterator[str]:
    """The files whose existence a loop waits for."""
    for command in commands(loop.condition) if loop.condition is not None else ():
        if command.words[:1] in (("[",), ("test",)):
            words = command.text.replace("[[", " ").replace("]]", " ").replace("[", " ").replace("]", " ").split()
            for i, word in enumerate(words[:-1]):
                path = words[i + 1].strip("\"'")
                if word in _TESTS and path.startswith("/") and "$" not in path:
                    yield path


def _file(s: Subject, script: Script, path: str) -> File | None:
    mount = mount_of(mounts(s, script.container), clean(path))
    return (mount.volume, clean(path)[len(mount.path) :]) if mount is not None and mount.kind == "emptyDir" else None


def _after_success_only(s: Subject, script: Script, wanted: set[File]) -> bool:
    """Whether a script writes one of the files, and only where its work has succeeded."""
    if script.container.role != "main":
        return False
    writes = [c for c in commands(script.statements, functions=True) if any(_file(s, script, p) in wanted for p in _paths(c))]
    if len(writes) != 1 or any(c.words[:1] == ("trap",) for c in commands(script.statements)):
        return False
    only = writes[0]
    work = [c for c in commands(script.statements) if c.start < only.start and weight(c) == WORK]
    return bool(work) and (errexit_at(script, only.start) or _behind_and(script.statements, only))


def _paths(command: Command) -> list[str]:
    targets = [r.lstrip("0123456789").lstrip(">|").strip().strip("\"'") for r in command.redirects if ">" in r]
    return [path for path in (*written(*program(command)), *targets) if path.startswith("/")]


def _behind_and(node: Node, command: Command) -> bool:
    left = [node]
    while left:
        each = left.pop()
        if isinstance(each, AndOr) and each.operator == "&&" and any(c is command for c in commands(each.right)):
            return any(weight(c) == WORK for c in commands(each.left))
        left.extend(children(each))
    return False
