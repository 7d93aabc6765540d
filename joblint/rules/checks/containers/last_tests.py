"""Scripts whose last command is a test: if it is false, they end with 1 although the work is done."""

from __future__ import annotations

from joblint.rules.checks.containers.errexit import asked, errexit
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import AndOr, Command, Function, Group, If, Loop, Sequence, commands
from joblint.shell.weight import WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


_STATES = ("-n", "-z", "-f", "-d", "-e", "-s", "-r", "-x")


def test_as_last_command(s: Subject) -> Iterator[Hit]:
    """`[ -n "$URL" ] && curl …` as the last command: if the test is false, the script ends with 1. Under set -e, also at the end
    of a function."""
    for script in s.scripts:
        parts = script.statements.parts
        if not parts:
            continue
        last = _last(parts[-1])
        where = "the script ends with exit code 1 and the Job fails, although the work is done"
        found = last if isinstance(last, AndOr) and (len(parts) > 1 or last is not parts[-1]) and _may_be_false(last) else None
        if found is None and errexit(script):
            found = next(_of_functions(script), None)
            where = "the function returns 1, and set -e ends the script where it is called"
        if found is not None:
            test = script.text[found.left.start : found.left.end]
            yield script_hit(
                s,
                script,
                found.start,
                found.end,
                command=short(script.text[found.start : found.end]),
                test=short(test),
                effect=where,
                better=f"if {short(test)}; then …; fi",
            )


def _last(node: Node) -> Node:
    """The statement whose status is that of a node: the last one of a group, a loop or a branch."""
    for _ in range(8):
        if isinstance(node, (Sequence, Group)):
            parts = node.parts if isinstance(node, Sequence) else node.body.parts
            if not parts:
                return node
            node = parts[-1]
        elif isinstance(node, Loop) and node.kind == "for":
            node = node.body
        elif isinstance(node, If) and len(node.clauses) == 1 and node.otherwise is None:
            node = node.clauses[0][1]
        else:
            return node
    return node


def _of_functions(script: Script) -> Iterator[AndOr]:
    """The tests at the end of functions that are called as plain commands."""
    functions = {each.name: each for each in script.statements.parts if isinstance(each, Function)}
    if not functions:
        return
    checked = asked(script)
    for command in commands(script.statements, functions=True):
        function = functions.get(command.words[0]) if command.words else None
        if function is None or command.start in checked:
            continue
        last = _last(function.body)
        if isinstance(last, AndOr) and _may_be_false(last):
            yield last


def _may_be_false(node: AndOr) -> bool:
    """Whether a list is a test and a command, where the test is about something that may be absent, not about success."""
    if node.operator != "&&" or not isinstance(node.left, Command):
        return False
    if any(program(c)[0] in ("exit", "return", "false") for c in commands(node.right)):
        return False
    words = node.left.text.split()
    if words[:1] == ["["] or words[:1] == ["[["] or words[:1] == ["test"]:
        if len(words) > 2 and words[1] in _STATES:
            return True
        operands = [w for w in words[1:] if w not in ("]", "]]")]
        plain = len(operands) == 3 and operands[1] in ("=", "==") and "$" in operands[0] and "$?" not in operands[0]
        literal = plain and "$" not in operands[2] and any(c.isalpha() for c in operands[2])
        return literal and any(weight(c) == WORK for c in commands(node.right))
    return False
