"""What a single statement of a script is for: whether it reports a failure, only prints or cleans up, forces success, or answers
a question. Uses the records of `syntax`; knows nothing of what surrounds the statement.
"""

from __future__ import annotations

from joblint.shell.syntax import AndOr, Command, Group, Not, Pipe, Sequence, commands
from joblint.shell.weight import NOTHING, is_notice, is_test, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.syntax import Node

_CLEARS = ("kill", "pkill", "killall", "rm", "rmdir", "sync", "umount")


def fails_on_purpose(node: Node) -> bool:
    """Whether a branch makes the failure known: exit, return, false, kill, setting a variable, break or continue."""
    for command in commands(node):
        name, rest = program(command)
        if name in ("exit", "return") and rest[:1] not in (("0",),):
            # A bare `exit` after echo gives echo's status, which is success.
            if rest or not _follows_message(node):
                return True
        elif (
            name in ("false", "kill", "break", "continue", "die", "fail", "abort", "fatal", "exec", "trap")
            or command.assigns
            or name in ("let", "((", "export", "declare", "local")
            or command.text.startswith("((")
        ):
            return True
    return False


def _follows_message(node: Node) -> bool:
    return sum(1 for c in commands(node) if program(c)[0] in ("echo", "printf")) > 0


def is_harmless(node: Node) -> bool:
    """Whether a branch only prints or waits: echo, true, `exit 0`, sleep."""
    return all(weight(c) == NOTHING and not c.assigns for c in commands(node))


def is_aftercare(node: Node) -> bool:
    """Whether a statement after the work only prints, waits, or cleans up."""
    for command in commands(node):
        name, rest = program(command)
        if name in ("exit", "return", "false") and rest[:1] != ("0",) or command.assigns:
            return False
        if weight(command) != NOTHING and name not in _CLEARS and not is_notice(command):
            return False
    return True


def tells(node: Node) -> bool:
    """Whether one of the commands is a notification; of two download programs, one is the fallback of the other."""
    return any(is_notice(c) for c in commands(node))


def is_forced(node: Node) -> bool:
    """Whether it is `true`, `:` or `exit 0`: success whatever happened before."""
    if not isinstance(node, Command) or node.assigns:
        return False
    return node.words in (("true",), (":",), ("exit", "0"), ("return", "0"), ("/bin/true",))


def is_exit(node: Node) -> bool:
    """Whether it is `exit` or `return`."""
    return isinstance(node, Command) and program(node)[0] in ("exit", "return")


def what_follows(parts: tuple[Node, ...]) -> tuple[int, tuple[int, ...]]:
    """For consecutive statements: the index from which on everything is cleanup, and for each index the first statement from
    there on that is not harmless (the index itself if all are)."""
    aftercare = len(parts)
    while aftercare and is_aftercare(parts[aftercare - 1]):
        aftercare -= 1
    harmful = [0] * len(parts)
    found = -1
    for i in range(len(parts) - 1, -1, -1):
        if not is_harmless(parts[i]):
            found = i
        harmful[i] = found if found >= 0 else i
    return aftercare, tuple(harmful)


def is_answer(node: Node) -> bool:
    """Whether a statement ends with a test, so that its exit code is a result: `[ $? -eq 3 ]`, `grep -q done log`."""
    if isinstance(node, (Sequence, Pipe)):
        return bool(node.parts) and is_answer(node.parts[-1])
    if isinstance(node, Group):
        return is_answer(node.body)
    if isinstance(node, Not):
        return is_answer(node.body)
    if isinstance(node, AndOr):
        return is_answer(node.right)
    return isinstance(node, Command) and is_test(node) and not is_notice(node)


def quits_early(command: Node) -> bool:
    """Whether the last command of a pipe may stop reading before the end, so that SIGPIPE kills the writer: with pipefail, the
    script would then fail although nothing went wrong."""
    if not isinstance(command, Command):
        return False
    name, rest = program(command)
    short = [w for w in rest if w.startswith("-") and not w.startswith("--")]
    if name == "head":
        return True
    if name in ("grep", "egrep", "fgrep", "rg"):
        return any("q" in w or "m" in w for w in short) or not {"--quiet", "--max-count"}.isdisjoint(rest)
    if name == "pg_restore":
        return not {"-l", "--list"}.isdisjoint(rest)
    return name in ("sed", "awk", "gawk") and any(";q" in w or w.endswith(("q", "q}")) or "exit" in w for w in rest)


def dooms(node: Node) -> bool:
    """Whether a list is `left || message && exit 1`: && and || have equal precedence, so it also exits after `left`
    succeeds."""
    if not isinstance(node, AndOr) or node.operator != "&&" or not isinstance(node.right, Command):
        return False
    name, rest = program(node.right)
    if name not in ("exit", "return") or rest[:1] in ((), ("0",), ("",)) or node.right.texts[-1:] == ("$?",):
        return False
    left = node.left
    if not isinstance(left, AndOr) or left.operator != "||" or fails_on_purpose(left.right):
        return False
    return all(program(c)[0] in ("echo", "printf", "true", ":", "date", "sleep") for c in commands(left.right))


def only_exits(node: Node) -> bool:
    """Whether a branch reports its failure only by `exit`, possibly after a message."""
    names = [program(c)[0] for c in commands(node)]
    return "exit" in names and all(name in ("exit", "echo", "printf") for name in names)


def asks(command: Command) -> bool:
    """Whether the last command of a pipe tests its input, so that its status is the one that matters."""
    name, rest = program(command)
    return name == "read" or is_test(command) and "-v" not in rest


def leaves(body: Node) -> bool:
    """Whether a loop's body may leave the loop: then the loop is a retry, not a list of tasks."""
    return any(program(c)[0] in ("break", "exit", "return", "continue") for c in commands(body))
