"""How long a script runs before any of its commands can fail; knows scripts, nothing of Kubernetes."""

from __future__ import annotations

from joblint.shell.duration.script import duration
from joblint.shell.syntax import Function, Sequence, commands
from joblint.shell.weight import NOTHING, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.syntax import Node


def before_failure(script: Sequence, env: dict[str, str]) -> float:
    """Return the least seconds before the first command that can fail: sleeps and messages cannot.

    If nothing in the script can fail, its whole least run time.
    """
    total = 0.0
    for part in script.parts:
        if isinstance(part, Function):
            continue
        if _may_fail(part):
            return total
        total += duration(Sequence(part.start, part.end, (part,)), env).least
    return total


def _may_fail(node: Node) -> bool:
    for command in commands(node):
        name = program(command)[0]
        if weight(command) != NOTHING or name in ("exit", "return", "exec", "cat", "read", "test", "[", "[[") or command.inner:
            return True
    return False
