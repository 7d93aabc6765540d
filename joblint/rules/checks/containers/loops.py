"""Loops that do the same work each time, or lose their input."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import command_hit
from joblint.shell.syntax import AndOr, Command, commands, every, loops
from joblint.shell.weight import WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


_KEEPS = names("break exit return continue sleep read shift wait")


def loop_variable_unused(s: Subject) -> Iterator[Hit]:
    """`for NS in a b; do …` whose commands use the variable in messages alone: the same work several times."""
    for script in s.scripts:
        for loop in loops(script.statements):
            head = loop.head.split()
            if loop.kind != "for" or len(head) < 5 or head[2] != "in" or head[1] == "_" or "seq" in loop.head or "{" in loop.head:
                continue
            name = head[1]
            inside = list(commands(loop.body, functions=True))
            text = script.text[loop.body.start : loop.body.end]
            if not name.isidentifier() or name not in text or any(program(c)[0] in _KEEPS for c in inside):
                continue
            prints = [c for c in inside if program(c)[0] in ("echo", "printf")]
            work = [c for c in inside if c not in prints]
            if not any(weight(c) == WORK for c in work) or any(isinstance(n, AndOr) for n in every(loop.body)):
                continue
            without = text
            for each in prints:
                without = without.replace(each.text, "")
            if name not in without and not any(c.redirects for c in prints):
                first = next(c for c in work if weight(c) == WORK)
                count = len(loop.head[loop.head.find(" in ") + 4 :].replace(";", " ").split())
                yield command_hit(s, script, first, name=name, count=count)
                return


def loop_loses_input(s: Subject) -> Iterator[Hit]:
    """`while read …; do ssh …; done`: ssh reads the rest of the list from standard input; one finding for each script."""
    for script in s.scripts:
        for loop in loops(script.statements):
            reads = loop.condition is not None and any(c.words[:1] == ("read",) for c in commands(loop.condition))
            if (
                loop.kind != "while"
                or not reads
                or loop.condition is not None
                and " -u" in script.text[loop.start : loop.body.start]
            ):
                continue
            found = next((c for c in commands(loop.body) if _reads_input(c)), None)
            if found is not None:
                yield command_hit(s, script, found, program=program(found)[0], better=_without_input(program(found)[0]))
                return


def _without_input(name: str) -> str:
    """What to type so that a program leaves the input of the loop alone."""
    own = {"ssh": "ssh -n …", "ffmpeg": "ffmpeg -nostdin …"}.get(name, f"{name} exec … without -i")
    return f"{own}    or: {name} … < /dev/null"


def _reads_input(command: Command) -> bool:
    name, rest = program(command)
    if any(r.lstrip("0").startswith("<") for r in command.redirects):
        return False
    if name == "ssh":
        return not any(w.startswith("-") and not w.startswith("--") and ("n" in w or "f" in w) for w in rest)
    if name == "ffmpeg":
        return "-nostdin" not in rest
    if name in ("kubectl", "oc", "docker") and "exec" in rest:
        before = rest[: rest.index("--")] if "--" in rest else rest
        return any(w in ("-i", "-it", "-ti", "--stdin") for w in before)
    return False
