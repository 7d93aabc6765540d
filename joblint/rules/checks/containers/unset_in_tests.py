"""Tests of a variable without quotes that only a branch sets: without the branch, the test has no first operand."""

from __future__ import annotations

import re

from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.subject import as_dict, as_list
from joblint.shell.syntax import AndOr, Case, Command, Group, If, Loop, Sequence, children, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.syntax import Node

_TEST = re.compile(r"^(?:\[|test) \$\{?([A-Za-z_]\w{0,60})\}? (?:=|==|!=|-eq|-ne|-gt|-lt|-ge|-le) ")


def test_of_unset_variable(s: Subject) -> Iterator[Hit]:
    """`if …; then rc=1; fi; [ $rc != 0 ]`: unless the branch runs, [ reports an error; one finding for each script."""
    for script in s.scripts:
        if script.container.data.get("envFrom") or "read " in script.text or ". " in script.text or "eval " in script.text:
            continue
        env = {str(as_dict(e).get("name")) for e in as_list(script.container.data.get("env"))}
        sure, branch = _set(script.statements)
        for command in commands(script.statements):
            found = _TEST.match(command.text)
            name = found[1] if found else ""
            first = branch.get(name, -1)
            # in the same branch, or after an assignment that always runs, the variable is set
            if not name or name in env or first < 0 or command.start < first or sure.get(name, len(script.text)) < command.start:
                continue
            if name in _of_loops(script.statements) or _together(script.statements, name, command.start):
                continue
            yield script_hit(s, script, command.start, command.end, test=short(command.text), name=name)
            break


def _set(node: Sequence) -> tuple[dict[str, int], dict[str, int]]:
    """Where each variable is first set in any case, and where in a branch."""
    sure: dict[str, int] = {}
    branch: dict[str, int] = {}
    left: list[tuple[Node, bool]] = [(node, True)]
    while left:
        each, always = left.pop()
        if isinstance(each, Command):
            words = [w for w in each.texts[1:] if "=" in w] if each.words[:1] in (("export",), ("local",), ("declare",)) else []
            for assign in (*each.assigns, *words):
                found = sure if always else branch
                name = assign.partition("=")[0]
                found[name] = min(found.get(name, each.start), each.start)
        elif isinstance(each, (Sequence, Group)) and not (isinstance(each, Group) and each.subshell):
            parts = each.parts if isinstance(each, Sequence) else (each.body,)
            left += [(part, always) for part in parts]
        elif isinstance(each, If):
            for condition, body in each.clauses:
                left += [(condition, always), (body, False)]
            if each.otherwise is not None:
                # both branches may set it
                left.append((each.otherwise, always and len(each.clauses) == 1))
        elif isinstance(each, AndOr):
            left += [(each.left, always), (each.right, False)]
        else:
            left += [(child, always and not isinstance(each, (Loop, Case))) for child in children(each)]
    return sure, branch


def _of_loops(node: Node) -> set[str]:
    from joblint.shell.syntax import loops

    return {loop.head.split()[1] for loop in loops(node) if loop.kind == "for" and len(loop.head.split()) > 1}


def _together(node: Node, name: str, at: int) -> bool:
    """Whether the test is inside the branch, loop or function that sets the variable."""
    left: list[Node] = [node]
    while left:
        each = left.pop()
        for child in children(each):
            if child.start <= at < child.end:
                left.append(child)
                if isinstance(each, (If, Loop, Case, AndOr)) and isinstance(child, Sequence):
                    if any(a.partition("=")[0] == name for c in commands(child) if c.start < at for a in c.assigns):
                        return True
    return False
