"""Files that gzip and the like have renamed: what reads the old name finds nothing.

Source: GNU gzip 1.13 (the file is replaced by one with the suffix; an existing one is not overwritten without a terminal).
"""

from __future__ import annotations

from itertools import islice

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.shell.syntax import commands, in_order
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command

_SUFFIX = {"gzip": ".gz", "pigz": ".gz", "bzip2": ".bz2", "xz": ".xz"}
_KEEPS = ("--keep", "--stdout", "--to-stdout", "--decompress", "--list", "--test", "--help", "--version")
_NOT_READ = names("rm echo printf [ [[ test ls mkdir touch export local gzip pigz bzip2 xz find trap")
_SENDS = names("aws gsutil mc rclone scp rsync s3cmd az cp mv cat sha256sum md5sum wc")

_MOST = 100
"""The most files of a script that are followed: each of them is looked for in all commands."""


def compressed_file_missing(s: Subject) -> Iterator[Hit]:
    """One finding for each script."""
    for script in s.scripts:
        every = sorted(commands(script.statements, functions=True), key=lambda c: c.start)
        hit = _renamed(s, script, every) or _never_written(s, script, every) or _exists(s, script)
        if hit is not None:
            yield hit


def _operands(command: Command) -> list[str]:
    name, rest = program(command)
    if name not in _SUFFIX:
        return []
    for word in rest:
        if word in _KEEPS or word[:1] == "-" and word[:2] != "--" and any(c in word for c in "kcdlt"):
            return []
    texts = [t.strip("\"'") for t in command.texts[len(command.texts) - len(rest) :]]
    return [t for t in texts if not t.startswith("-") and "*" not in t and "?" not in t and len(t) > 2]


def _compressed(script: Script) -> Iterator[tuple[Command, str]]:
    """The files that a script surely compresses, each with its command; more of them than these are compressed by a loop."""
    found = ((command, path) for command in in_order(script.statements) for path in _operands(command))
    return islice(found, _MOST)


def _renamed(s: Subject, script: Script, every: list[Command]) -> Hit | None:
    for command, path in _compressed(script):
        name = path.partition("$")[2].strip("{}").partition("}")[0].partition("/")[0].partition(".")[0]
        for later in every:
            if later.start <= command.start:
                continue
            if any(name and a.partition("=")[0] == name for a in later.assigns) or _writes(later, path):
                break
            used, _ = program(later)
            if used in _NOT_READ:
                continue
            if any(t.strip("\"'") == path for t in later.texts[1:]):
                new = path + _SUFFIX[program(command)[0]]
                effect = f"`{short(command.text)}` has replaced it by {new}"
                return script_hit(
                    s, script, later.start, later.end, command=short(later.text), path=path, effect=effect, better=new
                )
    return None


def _writes(command: Command, path: str) -> bool:
    targets = [r.lstrip("0123456789&>| ").strip("\"'") for r in command.redirects if ">" in r]
    return path in targets or any(t.strip("\"'") in (f"--file={path}", f"--result-file={path}") for t in command.texts)


def _never_written(s: Subject, script: Script, every: list[Command]) -> Hit | None:
    """`… > app.sql.gz`, and then an upload of app.sql, which nothing writes."""
    targets = {r.lstrip("0123456789&>| ").strip("\"'"): c for c in every for r in c.redirects if ">" in r}
    for target, writer in islice(targets.items(), _MOST):
        path = next((target.removesuffix(end) for end in (".gz", ".bz2", ".xz") if target.endswith(end)), "")
        if len(path) < 4 or "." not in path.rpartition("/")[2] or path in targets:
            continue
        named = [c for c in every if any(path == t.strip("\"'").rpartition("=")[2] for t in c.texts)]
        if named and named[0].start > writer.start and program(named[0])[0] in _SENDS and named[0].texts[-1].strip("\"'") != path:
            effect = f"`{short(writer.text)}` writes {target}"
            first = named[0]
            return script_hit(
                s, script, first.start, first.end, command=short(first.text), path=path, effect=effect, better=target
            )
    return None


def _exists(s: Subject, script: Script) -> Hit | None:
    """A fixed name on a claim: from the second run of a CronJob on, the compressed file exists."""
    if s.kind != "CronJob":
        return None
    held = mounts(s, script.container)
    for command, path in _compressed(script):
        forced = any(w[:1] == "-" and w[:2] != "--" and "f" in w or w == "--force" for w in command.words)
        new = path + _SUFFIX[program(command)[0]]
        mount = mount_of(held, clean(path)) if path.startswith("/") and "$" not in path else None
        if forced or mount is None or mount.kind != "persistentVolumeClaim" or script.text.count(new) or "rm " in script.text:
            continue
        effect = f"{new} exists from the second run on, and it is not overwritten"
        return script_hit(
            s, script, command.start, command.end, command=short(command.text), path=path, effect=effect, better="gzip -f"
        )
    return None
