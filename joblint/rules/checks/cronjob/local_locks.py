"""Locks in a container's own filesystem, which no other Pod sees: `flock -n /tmp/backup.lock`."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.left_undone import creates, refusals
from joblint.rules.checks.containers.place import command_hit
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.rules.workload.script_values import script_values
from joblint.shell.syntax import commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command
    from joblint.shell.values import Values

_VALUES = names("-w --wait --timeout -E --conflict-exit-code")
_PER_POD = ("emptyDir", "ephemeral")
_MOST = 50


def lock_not_seen_by_other_pods(s: Subject) -> Iterator[Hit]:
    """A lock of a script whose runs may overlap, in /tmp or an emptyDir; one finding for each script."""
    together = s.spec.get("parallelism")
    at_once = together if isinstance(together, int) else 1
    overlap = s.kind == "CronJob" and s.concurrency_policy == "Allow"
    if not overlap and at_once < 2:
        return
    for script in s.scripts:
        held = mounts(s, script.container)
        if script.container.role == "sidecar":
            continue
        for path, command in _locks(script):
            mount = mount_of(held, clean(path))
            if mount is not None and mount.kind not in _PER_POD:
                continue
            where = "the container's own filesystem" if mount is None else f'the emptyDir "{mount.volume}"'
            yield command_hit(
                s,
                script,
                command,
                where=where,
                others="prevent overlapping runs" if overlap else f"keep the {at_once} Pods apart that run at the same time",
                better="concurrencyPolicy: Forbid    in spec; the lock is then no longer needed"
                if overlap and at_once < 2
                else f"Mount a claim with access mode ReadWriteMany at {path.rpartition('/')[0] or '/'}.",
            )
            break


def _locks(script: Script) -> Iterator[tuple[str, Command]]:
    """The files that a script locks or creates as a lock, with the command."""
    if "lock" not in script.text and "pid" not in script.text:
        return
    known = script_values(script)
    listed = list(commands(script.statements))
    opened = {}
    for command in listed:
        if command.words[:1] == ("exec",):
            for redirect in command.redirects:
                number, _, target = redirect.partition(">")
                if target and not target.startswith("&"):
                    opened[number.strip()] = _value(target.lstrip(">").strip(), known)
        path = _flocked(command, known, opened, script.text)
        if path.startswith("/"):
            yield path, command
    for at, (path, _, test) in enumerate(refusals(script.statements, known)):
        if at >= _MOST:
            return
        made = next((c for c in listed if c.start > test.start and creates(c, path, known)), None)
        if path.startswith("/") and made is not None:
            yield path, made


def _flocked(command: Command, known: Values, opened: dict[str, str], whole: str) -> str:
    """The file that flock locks: its operand, or what is open as the number that it gets; "" for other commands."""
    texts = command.texts
    if "flock" not in command.words[:2]:
        return ""
    skip = False
    for text in texts[list(command.words).index("flock") + 1 :]:
        if skip:
            skip = False
        elif text in _VALUES:
            skip = True
        elif not text.startswith("-"):
            return opened.get(text) or _of_group(whole, text, known) if text.isdecimal() else _value(text, known)
    return ""


def _of_group(whole: str, number: str, known: Values) -> str:
    """The file that a group has open under a number: `( flock 9; … ) 9>/tmp/lock`."""
    for mark in (f") {number}>", f"}} {number}>"):
        after = whole.partition(mark)[2].lstrip("> ")
        if after:
            return _value(after.split()[0].rstrip(";"), known)
    return ""


def _value(text: str, known: Values) -> str:
    plain = text.strip("\"'")
    return known.of(plain) if "$" in plain else plain
