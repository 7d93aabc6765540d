"""Handlers of SIGTERM that run too late: the shell waits for the command in the foreground first."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.rules.checks.containers.place import command_hit, short
from joblint.shell.syntax import AndOr, Background, Command, Function, Group, If, Pipe, Sequence, children, commands, every
from joblint.shell.weight import WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_TERM = frozenset(("TERM", "SIGTERM", "15"))
_WAIT = "wait $!    in the handler, before the rest: kill -TERM $!; wait $!"
_ENDS = frozenset(("wait", "exec"))


def handler_waits_for_command(s: Subject) -> Iterator[Hit]:
    """`trap 'release' TERM`, then the work in the foreground: one finding for each script. Handlers that only delete files, print
    or exit are left alone, as are scripts that wait for a background process."""
    for script in s.scripts:
        trap = next((c for c in commands(script.statements) if _handles_term(c)), None)
        if trap is None or any(c.words[:1] and c.words[0] in _ENDS for c in commands(script.statements, functions=True)):
            continue
        handler = _works(script, trap.words[1])
        if handler is None or any(isinstance(node, Background) for node in every(script.statements)):
            continue
        work = next((c for c in _in_foreground(script.statements) if c.start > trap.end and _takes_time(c)), None)
        if work is not None:
            yield command_hit(
                s,
                script,
                work,
                handler=short(handler.text),
                grace=duration(s.grace_period),
                better=f"{_written(work)} &\n{_WAIT}",
            )


def _written(command: Command) -> str:
    """The command as written, if it fits on a line."""
    return command.text if len(command.text) <= 90 and "\n" not in command.text else short(command.text)


def _handles_term(command: Command) -> bool:
    return command.words[:1] == ("trap",) and len(command.words) > 2 and not _TERM.isdisjoint(command.words[2:])


def _works(script: Script, text: str) -> Command | None:
    """The first command of a handler that does more than to clean up; functions of the script are known in it."""
    from joblint.shell.grammar import parse

    bodies = {node.name: node.body for node in every(script.statements) if isinstance(node, Function)}
    for command in commands(parse(text)):
        body = bodies.get(command.words[0]) if command.words else None
        for each in (command,) if body is None else commands(body):
            if each.words and each.words[0] and each.words[0] not in bodies and weight(each) == WORK:
                return each
    return None


def _in_foreground(node: Node) -> Iterator[Command]:
    """The commands that the shell waits for, once each: not those of functions and loops."""
    left: list[Node] = [node]
    while left:
        each = left.pop()
        if isinstance(each, Command):
            yield each
        elif isinstance(each, (Sequence, AndOr, If, Group, Pipe)):
            left.extend(reversed(children(each)))


def _takes_time(command: Command) -> bool:
    return bool(command.words and command.words[0]) and weight(command) == WORK and program(command)[0] not in ("curl", "wget")
