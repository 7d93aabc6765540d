"""A sync that deletes at its target what an emptyDir does not contain: the files of earlier runs, or everything.

Sources: the references of rclone (sync), the AWS CLI (s3 sync --delete), gsutil (rsync -d), mc (mirror --remove), and rsync.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import as_one_line, short
from joblint.rules.subject import as_list
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.shell.syntax import Background, Function, commands, every
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.syntax import Node

_THIS_RUN = {
    "holds": "contains only those of this run",
    "reason": "The names of the new files contain the date, so the target would otherwise keep those of other days",
}
_NOTHING = {
    "holds": "is empty",
    "reason": "No container and no command writes to it before the sync",
    "better": "Mount the volume that contains the files, or fill the emptyDir in an init container that fails if that fails.",
}
_TIDY = names("mkdir chmod chown cd apk apt-get apt touch rm export set echo printf sleep ls date test [ true : umask trap")
_DATES = ("$(date", "`date", "strftime", "datetime.now", "%Y")


def sync_deletes_earlier_files(s: Subject) -> Iterator[Hit]:
    """`rclone sync /out remote:backup`, where /out is an emptyDir with a file of today; one finding a Job."""
    dated: dict[str, bool] = {}  # by volume: a script may have many calls
    for i, container in enumerate(s.containers):
        found = mounts(s, container)
        if not any(m.kind == "emptyDir" for m in found):
            continue
        for called in calls_of(s, i):
            sync = _deletes(called.name, called.rest)
            if sync is None:
                continue
            mount = mount_of(found, clean(sync[0]))
            if mount is None or mount.kind != "emptyDir":
                continue
            target = mount_of(found, clean(sync[1])) if sync[1].startswith("/") else None
            if target is not None and target.kind in ("emptyDir", "ephemeral") or target is None and sync[1].startswith("/"):
                continue  # the target is as short-lived
            if _empty(s, i, called, mount.volume):
                text = short(called.text)
                yield call_hit(s, called, command=text, what="everything at its target", volume=mount.volume, **_NOTHING)
                return
            if target is not None:
                continue
            if mount.volume not in dated:
                dated[mount.volume] = _dated(s, mount.volume)
            if not dated[mount.volume]:
                continue
            text = short(called.text)
            better = _copy(called.name, called.text)
            yield call_hit(
                s, called, command=text, what="the files of earlier runs", **_THIS_RUN, volume=mount.volume, better=better
            )
            return


def _deletes(name: str, rest: tuple[str, ...]) -> tuple[str, str] | None:
    """The source and the target of a call that deletes at the target; None if it is no such call."""
    plain = [w for w in rest if w and not w.startswith("-")]
    if name == "rclone" and plain[:1] == ["sync"]:
        operands = plain[1:]
    elif name == "aws" and plain[:2] == ["s3", "sync"] and "--delete" in rest:
        operands = plain[2:]
    elif name == "gsutil" and "rsync" in plain and "-d" in rest:
        operands = plain[plain.index("rsync") + 1 :]
    elif name == "mc" and plain[:1] == ["mirror"] and "--remove" in rest:
        operands = plain[1:]
    elif name == "rsync" and any(w.startswith("--del") for w in rest):
        operands = plain
    else:
        return None
    local = [w for w in operands if w.startswith("/")]
    if name == "rsync" and len(local) == len(operands) == 2:
        return local[0], local[1]
    remote = [w for w in operands if ":" in w or name == "mc" and not w.startswith("/")]
    return (local[0], remote[0]) if len(local) == 1 and remote and operands.index(local[0]) < operands.index(remote[0]) else None


def _empty(s: Subject, index: int, called: Called, volume: str) -> bool:
    """Whether an emptyDir is empty when a container calls a program: no other container mounts it, and what the script does
    before writes no files."""
    for i, container in enumerate(s.containers):
        if i != index and any(m.volume == volume for m in mounts(s, container)):
            return False
    if called.script is None or called.command is None:
        return s.runs[index].sure
    start = called.command.start
    if any(isinstance(each, Function) and each.start <= start < each.end for each in every(called.script.statements)):
        return False
    before = [c for c in commands(called.script.statements, functions=True, inner=True) if c.start < start]
    if len([x for x in s.scripts if x.index == index]) != 1 or any(isinstance(each, Background) for each in _all(called)):
        return False
    return all(program(c)[0] in _TIDY or not c.words and not c.inner for c in before) and not any(c.redirects for c in before)


def _all(called: Called) -> Iterator[Node]:
    return every(called.script.statements) if called.script is not None else iter(())


def _dated(s: Subject, volume: str) -> bool:
    """Whether a container writes files to a volume whose names contain the date."""
    for container in s.containers:
        paths = [m.path for m in mounts(s, container) if m.volume == volume]
        texts = [str(w) for key in ("command", "args") for w in as_list(container.data.get(key))]
        for text in texts:
            lines = text.split("\n")
            dated = {(line.partition("=")[0].split() or [""])[-1] for line in lines if "=" in line and _has_date(line)}
            for line in lines:
                if any(path in line for path in paths) and (_has_date(line) or not dated.isdisjoint(_variables(line))):
                    return True
    return False


def _has_date(line: str) -> bool:
    return any(date in line for date in _DATES)


def _variables(line: str) -> Iterator[str]:
    """The names after each `$` of a line."""
    for part in line.split("$")[1:]:
        text = part.removeprefix("{")
        yield text[: next((n for n, sign in enumerate(text) if not (sign.isalnum() or sign == "_")), len(text))]


def _copy(name: str, text: str) -> str:
    """The same command without the deletions."""
    text = as_one_line(text)
    if name == "rclone":
        before, sync, after = text.partition(" sync ")
        return f"{before} copy {after}" if sync else "rclone copy …"
    option = {"gsutil": "-d", "mc": "--remove"}.get(name, "--del")
    at = 0
    while (at := text.find(f" {option}", at)) >= 0:
        end = next((n for n in range(at + 1, len(text)) if text[n] in " ;|&"), len(text))
        if option == "--del" or end == at + 1 + len(option):
            text = text[:at] + text[end:]
        else:
            at = end
    return text
