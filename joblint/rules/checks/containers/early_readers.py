"""Pipes that pipefail makes fail although all went well: the last command stops reading, and the first is killed by SIGPIPE."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.statements import quits_early
from joblint.shell.syntax import AndOr, Background, Case, Command, Function, Group, If, Loop, Not, Pipe, Sequence
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_WRITES_MUCH = names("zcat bzcat xzcat zstdcat pg_dump pg_dumpall mysqldump mariadb-dump mongodump yes")
_UNPACKS = {"gzip": ("-d", "-c"), "gunzip": ("-c",), "xz": ("-d", "-c"), "bzip2": ("-d", "-c"), "zstd": ("-d", "-c")}


def early_reader_fails_pipe(s: Subject) -> Iterator[Hit]:
    """`mc cat dump | pg_restore --list` or `tr -dc a-z < /dev/urandom | head -c 16` under set -e and pipefail; one a script."""
    for script in s.scripts:
        if "|" not in script.text or "pipefail" not in script.text and "pipefail" not in script.flags:
            continue
        walk = _Walk(script)
        walk.node(script.statements, False)
        if walk.found is not None:
            pipe, producer = walk.found
            reader = script.text[pipe.parts[-1].start : pipe.parts[-1].end]
            yield script_hit(s, script, pipe.start, pipe.end, producer=short(producer.text), reader=short(reader))


class _Walk:
    """One pass over a script that keeps the options of the shell; finds the first such pipe."""

    def __init__(self, script: Script) -> None:
        self.errexit = script.begins_with_e
        self.pipefail = "pipefail" in script.flags
        self.found: tuple[Pipe, Command] | None = None

    def node(self, node: Node, asked: bool) -> None:
        """`asked` means that a condition checks the status, so that set -e is off."""
        if self.found is not None:
            return
        if isinstance(node, Command):
            self.command(node, asked)
        elif isinstance(node, Sequence):
            for part in node.parts:
                self.node(part, asked)
        elif isinstance(node, (Group, Function)):
            self.node(node.body, asked)
        elif isinstance(node, AndOr):
            self.node(node.left, True)
            self.node(node.right, asked)
        elif isinstance(node, If):
            for condition, body in node.clauses:
                self.node(condition, True)
                self.node(body, asked)
            if node.otherwise is not None:
                self.node(node.otherwise, asked)
        elif isinstance(node, Loop):
            if node.condition is not None:
                self.node(node.condition, True)
            self.node(node.body, asked)
        elif isinstance(node, Case):
            for body in node.bodies:
                self.node(body, asked)
        elif isinstance(node, (Not, Background)):
            self.node(node.body, True)
        elif isinstance(node, Pipe) and self.errexit and self.pipefail and not asked and quits_early(node.parts[-1]):
            producer = next((p for p in node.parts[:-1] if isinstance(p, Command) and _writes_much(p)), None)
            if producer is not None:
                self.found = node, producer

    def command(self, command: Command, asked: bool) -> None:
        words = command.words
        if words[:1] == ("set",):
            for i, word in enumerate(words[1:]):
                sign = words[i] if word in ("pipefail", "errexit") else word
                if word == "pipefail":
                    self.pipefail = sign.startswith("-")
                elif word == "errexit" or word[:1] in ("-", "+") and word[:2] != "--" and "e" in word[1:]:
                    self.errexit = sign.startswith("-")
        elif not words:  # of `X=$(…)` the status is that of the substitution
            for inner in command.inner:
                self.node(inner, asked)


def _writes_much(command: Command) -> bool:
    """Whether a command writes far more than fits into a pipe (64 KiB), so that it is still writing when its reader ends."""
    name, rest = program(command)
    read = " ".join((command.text, *command.redirects))
    if "/dev/urandom" in read or "/dev/zero" in read:
        return name in ("cat", "tr", "base64", "od", "xxd", "strings", "fold", "hexdump")
    if name in _WRITES_MUCH:
        return True
    if name in _UNPACKS:
        return any(w.startswith("-") and not w.startswith("--") and o[1] in w for w in rest for o in _UNPACKS[name])
    if name in ("mc", "gsutil", "rclone", "s3cmd"):
        return rest[:1] == ("cat",)
    return name == "aws" and rest[:2] == ("s3", "cp") and rest[-1:] == ("-",)
