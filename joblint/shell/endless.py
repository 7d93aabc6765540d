"""Whether what a container runs ever ends: waiting commands, loops without an exit, servers; knows programs, no rules."""

from __future__ import annotations

from joblint.base.record import record
from joblint.shell.servers import serving_program
from joblint.shell.wrappers import basename, unwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Sequence as Words

    from joblint.shell.invocation import Invocation
    from joblint.shell.syntax import Loop, Node, Sequence

    Steps = Generator["Steps", "Endless | None", "Endless | None"]

_LONG = 30 * 86400  # seconds: nobody waits for a longer sleep
_INTERPRETERS = ("node", "python", "python3", "ruby", "bun", "deno")
_SERVER_FILES = ("server.js", "server.mjs", "server.ts", "server.py", "server.rb", "app.js", "main_server.py", "webserver.py")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@record
class Endless:
    """What never ends, as it would be typed, whether it is a server, its position in the script (-1: no script), and whether
    that is certain or only likely."""

    what: str
    server: bool
    start: int = -1
    end: int = -1
    sure: bool = True


_RUNNERS = ("npm", "yarn", "pnpm", "bun")


def endless(run: Invocation, script: Sequence | None) -> Endless | None:
    """Return what keeps a container running indefinitely; None if it ends or if there is no sign that it does not."""
    if not run.words or run.bounded:
        return None
    if run.shell:
        return in_script(script) if script is not None else None
    return program(run.name, run.rest)


def program(name: str, rest: Words[str]) -> Endless | None:
    """Return the same for a program with its words."""
    if name in ("sleep", "gsleep"):
        length = _seconds(rest)
        return Endless(f"sleep {rest[0]}", False) if length is not None and length >= _LONG else None
    waits = _waits(name, rest)
    if waits:
        return Endless(waits, False)
    served = serving_program(name, rest)
    if served:
        # `start` is defined by package.json: usually a server, but in a Job's image just as likely its task.
        return Endless(served, True, sure=not (name in _RUNNERS and served.endswith((" start", ":start"))))
    if name.startswith("python") and "-c" in rest:
        code = " ".join(rest)
        if "while True:" in code and not any(w in code for w in ("break", "exit", "return", "raise")):
            return Endless("`while True` without a break", False)
    file = next((w for w in rest if not w.startswith("-")), "") if name in _INTERPRETERS else ""
    if file.rsplit("/", 1)[-1] in _SERVER_FILES and len(rest) < 4:
        return Endless(f"{name} {file}", True, sure=False)
    return None


def _seconds(words: Words[str]) -> float | None:
    total = 0.0
    for word in words:
        if word in ("infinity", "inf", "infinite"):
            return float("inf")
        unit = _UNITS.get(word[-1:], 0)
        digits = word[:-1] if unit else word
        if not digits.replace(".", "", 1).isdecimal() or len(digits) > 30:
            return None
        total += float(digits) * (unit or 1)
    return total if words else None


def _waits(name: str, rest: Words[str]) -> str:
    """Programs that wait or watch indefinitely with these words."""
    short = [w for w in rest if w.startswith("-") and not w.startswith("--")]
    if name == "tail":
        following = any("f" in w or "F" in w for w in short) or any(w.startswith("--follow") for w in rest)
        if following and not any(w.startswith("--pid") for w in rest):
            return "tail -f " + (rest[-1] if rest[-1] and not rest[-1].startswith("-") else "…")
    elif name == "pause" or name == "watch":
        return name if name == "pause" or rest else ""
    elif name == "ping":
        return "ping without -c" if rest and not any(w.startswith(("-c", "-w", "-h", "--count", "-W")) for w in rest) else ""
    elif name == "yes":
        return "yes"
    elif name == "journalctl" and ("-f" in rest or "--follow" in rest):
        return "journalctl -f"
    elif name == "inotifywait" and ("-m" in rest or "--monitor" in rest):
        return "inotifywait -m"
    elif (
        name in ("kubectl", "oc")
        and list(rest[:1]) == ["get"]
        and {"-w", "--watch", "--watch-only", "-w=true", "--watch=true"} & set(rest)
    ):
        return f"{name} get --watch"
    return ""


def in_script(script: Sequence) -> Endless | None:
    """Return the first statement of a script that is always reached and never ends."""
    from joblint.shell.flow import commands
    from joblint.shell.weight import program as named

    kills = any(named(c)[0] in ("kill", "pkill", "killall") for c in commands(script, functions=True))
    return _worked(_first(script.parts, kills, {}))


def _worked(steps: Steps) -> Endless | None:
    """Run a step and the steps whose results it asks for. They do not call each other in Python, because functions of a script
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
    from joblint.shell.syntax import Background, Command, Function

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
    from joblint.shell.syntax import AndOr, Command, Group, Loop, Not, Pipe, Sequence

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
    from joblint.shell.syntax import Command

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


_LEAVES = ("break", "exit", "return", "exec", "kill", "die", "fatal")


def is_forever(loop: Loop, functions: dict[str, Node]) -> bool:
    """Whether a loop's condition never changes and nothing in the loop, or in the functions it calls, leaves it."""
    from joblint.shell.flow import commands
    from joblint.shell.weight import program as named

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
        name = named(command)[0]
        if name in _LEAVES:
            return False
        body = functions.get(name)
        if body is not None and any(named(c)[0] in _LEAVES and named(c)[0] != "return" for c in commands(body)):
            return False
    return True
