"""Whether a script ever ends: statements that wait, loops without an exit; knows the shell's syntax, no rules."""

from __future__ import annotations

from joblint.shell.endless import Endless, program
from joblint.shell.syntax import AndOr, Background, Command, Function, Group, Loop, Not, Pipe, Sequence, commands
from joblint.shell.weight import program as named
from joblint.shell.wrappers import basename, unwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from joblint.shell.syntax import Node

    Steps = Generator["Steps", "Endless | None", "Endless | None"]


def in_script(script: Sequence) -> Endless | None:
    """Return the first statement of a script that is always reached and never ends."""
    kills = any(named(c)[0] in ("kill", "pkill", "killall") for c in commands(script, functions=True))
    return _worked(_first(script.parts, kills, {}))


def _worked(steps: Steps) -> Endless | None:
    """Run a step and the steps whose results it needs. They do not call each other in Python, because functions of a script
    may call each other any number of levels deep."""
    asked, found = [steps], None
    while asked:
        try:
            step = asked[-1].send(found)
        except StopIteration as end:
            asked.pop()
            found = end.value
        else:
            asked.append(step)
            found = None
    return found


def _first(parts: tuple[Node, ...], kills: bool, functions: dict[str, Node]) -> Steps:
    behind: Endless | None = None
    for part in parts:
        if isinstance(part, Function):
            functions[part.name] = part.body
            continue
        if isinstance(part, Background):
            behind = behind or (yield _node(part.body, kills, functions))
            continue
        if isinstance(part, Command) and part.words[:1] == ("wait",) and "-n" not in part.words and behind is not None:
            if not kills:
                return behind
        if isinstance(part, Command) and part.words[:1] in (("exit",), ("return",)):
            return None
        found = yield _node(part, kills, functions)
        if found is not None:
            return found
    return None


def _node(node: Node, kills: bool, functions: dict[str, Node]) -> Steps:
    if isinstance(node, Command):
        return (yield _command(node, functions))
    if isinstance(node, Sequence):
        return (yield _first(node.parts, kills, functions))
    if isinstance(node, Group):
        return (yield _first(node.body.parts, kills, functions))
    if isinstance(node, Not):
        return (yield _node(node.body, kills, functions))
    if isinstance(node, AndOr):
        found = yield _node(node.left, kills, functions)
        return found if found is not None or node.operator == "||" else (yield _node(node.right, kills, functions))
    if isinstance(node, Pipe):
        # The left end of a pipe gets SIGPIPE once the right one has ended: only the right end counts, or tail -f into a reader.
        last = node.parts[-1]
        if (
            isinstance(last, Command)
            and last.words[:1] in (("head",), ("grep",), ("read",), ("timeout",))
            and "-m" not in last.texts
        ):
            quits = last.words[0] != "grep" or any(w.startswith("-") and ("q" in w or "m" in w) for w in last.words[1:])
            if quits:
                return None
        for part in node.parts:
            found = yield _node(part, kills, functions)
            if found is not None and (part is last or not found.what.startswith("yes")):
                return found
        return None
    if isinstance(node, Loop) and is_forever(node, functions):
        return Endless(f"the loop `{_head(node)}`", False, node.start, node.end)
    return None


def _command(node: object, functions: dict[str, Node]) -> Steps:
    if not isinstance(node, Command) or not node.words:
        return None
    if node.words[0] in functions:
        body = functions.pop(node.words[0])
        return (yield _node(body, False, functions))
    at, bounded = unwrap(node.words)
    if bounded:
        return None
    rest = tuple([w or t for w, t in zip(node.words[at + 1 :], node.texts[at + 1 :], strict=False)])
    name = basename(node.words[at])
    found = program(name, rest) if name not in ("pause",) else None
    if found is None:
        return None
    return Endless(found.what, found.server, node.start, node.end, found.sure)


def _head(loop: Loop) -> str:
    return " ".join(loop.head.split()).rstrip("; ")


_LEAVES = ("break", "exit", "return", "kill", "die", "fatal")


def _leaves(command: Command) -> bool:
    """Whether a command leaves the loop that it is in: also `exec work`, but not `exec > log`, which only redirects."""
    return named(command)[0] in _LEAVES or command.words[:1] == ("exec",) and len(command.words) > 1


def is_forever(loop: Loop, functions: dict[str, Node]) -> bool:
    """Whether a loop's condition never changes and nothing in the loop, or in the functions it calls, leaves it."""
    if loop.kind == "for":
        head = "".join(loop.head.split())
        if "((;;))" not in head and ";;" not in head:
            return False
    elif loop.condition is None or len(loop.condition.parts) != 1:
        return False
    else:
        words = getattr(loop.condition.parts[0], "words", ())
        text = "".join(getattr(loop.condition.parts[0], "text", "").split())
        always = words in (("true",), (":",), ("/bin/true",)) or text in (
            "((1))",
            "[1]",
            "[[1]]",
            "[1=1]",
            "[1-eq1]",
            "[true]",
            "[[true]]",
        )
        never = words == ("false",)
        if not (always and loop.kind == "while" or never and loop.kind == "until"):
            return False
    for command in commands(loop.body):
        if _leaves(command):
            return False
        body = functions.get(named(command)[0])
        if body is not None and any(_leaves(c) and c.words[0] != "return" for c in commands(body)):
            return False
    return True
