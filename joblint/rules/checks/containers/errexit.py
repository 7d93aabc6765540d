"""The options under which a script runs (`set -e`, `pipefail`, `set -u`), and which of its commands something checks."""

from __future__ import annotations

from joblint.shell.syntax import AndOr, Command, If, Loop, Not, Sequence, children, commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


def errexit(script: Script) -> bool:
    """Whether set -e is on from the beginning, and never switched off."""
    return script.flow.errexit_off is None and option_on(script, "e", "errexit")


def pipefail(script: Script) -> bool:
    """Whether pipefail is on from the beginning."""
    return option_on(script, "", "pipefail")


def nounset(script: Script) -> bool:
    """Whether set -u is on from the beginning."""
    return option_on(script, "u", "nounset")


def option_on(script: Script, letter: str, name: str) -> bool:
    """Whether an option is on: by the shell's command line, or by `set` among the script's first statements."""
    if letter and letter in script.flags or name in script.flags:
        return True
    for part in script.statements.parts[:4]:
        if isinstance(part, Command) and part.words[:1] == ("set",):
            words = part.words[1:]
            if name in words and words[words.index(name) - 1 :][:1] != ("+o",):
                return True
            if letter and any(w[:1] == "-" and w[:2] != "--" and letter in w for w in words):
                return True
    return False


def asked(script: Script) -> set[int]:
    """The commands whose status something checks: in conditions, and before && or ||."""
    found: set[int] = set()
    left: list[tuple[Node, bool]] = [(script.statements, False)]
    while left:
        node, checks = left.pop()
        if isinstance(node, Command):
            if checks:
                found.add(node.start)
        elif isinstance(node, AndOr):
            left += [(node.left, True), (node.right, checks)]
        elif isinstance(node, If):
            for condition, body in node.clauses:
                left += [(condition, True), (body, checks)]
            if node.otherwise is not None:
                left.append((node.otherwise, checks))
        elif isinstance(node, Loop):
            left.append((node.body, checks))
            if node.condition is not None:
                left.append((node.condition, True))
        elif isinstance(node, Sequence):
            left += [(part, checks) for part in node.parts]
        else:
            left += [(child, checks or isinstance(node, Not)) for child in children(node)]
    return found


def called_in_conditions(script: Script) -> set[str]:
    """The names of functions that a condition calls, so that set -e is off in them."""
    checked = asked(script)
    return {c.words[0] for c in commands(script.statements, functions=True) if c.start in checked and c.words}


def errexit_at(script: Script, start: int) -> bool:
    """Whether set -e is on at the beginning of a command."""
    on = script.begins_with_e
    for command in commands(script.statements, functions=True):
        if command.start >= start:
            break
        if command.words[:1] == ("set",):
            for i, word in enumerate(command.words[1:]):
                if word == "errexit":
                    on = command.words[i].startswith("-")
                elif word[:1] in "-+" and not word.startswith("--") and "e" in word[1:]:
                    on = word[0] == "-"
    return on


def polls(loop: Loop) -> bool:
    """Whether a loop checks again until something exists: it sleeps and may be left."""
    names = {program(c)[0] for c in commands(loop.body)}
    return "sleep" in names and not names.isdisjoint(("break", "exit", "return"))
