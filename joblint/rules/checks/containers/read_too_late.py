"""Exit codes that a script reads after set -e has ended it."""

from __future__ import annotations

from joblint.rules.checks.containers.errexit import called_in_conditions, errexit_at
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import Command, Function, Group, If, Sequence, commands, every
from joblint.shell.weight import LITTLE, WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


def status_read_too_late(s: Subject) -> Iterator[Hit]:
    """`work; rc=$?; if [ $rc -ne 0 ]; then notify; fi` under set -e; one finding for each script."""
    for script in s.scripts:
        if "$?" not in script.text or "trap " in script.text and "ERR" in script.text:
            continue
        for work, reads, handler in _late(script):
            if errexit_at(script, work.start):
                more = weight(handler) > 0
                yield script_hit(
                    s,
                    script,
                    reads.start,
                    reads.end,
                    severity="" if more else "info",
                    work=short(work.text),
                    handler=short(handler.text),
                    better=f"rc=0; {short(work.text)} || rc=$?",
                )
                break


def _late(script: Script) -> Iterator[tuple[Command, Node, Command]]:
    """Each command whose status the next statement reads, that statement, and the first command that runs only on a failure."""
    functions = {f.name: f for f in every(script.statements) if isinstance(f, Function)}
    unchecked = {id(f.body) for n, f in functions.items() if n in called_in_conditions(script)}
    left: list[Node] = [script.statements]
    while left:
        node = left.pop()
        if isinstance(node, Function):
            left += [] if id(node.body) in unchecked else [node.body]
        elif isinstance(node, Group):
            left.append(node.body)
        elif isinstance(node, Sequence):
            left += node.parts
            for i, (work, reads) in enumerate(zip(node.parts, node.parts[1:], strict=False)):
                if isinstance(work, Command) and weight(work) in (WORK, LITTLE) and work.words[:1] != ("set",):
                    handler = _handler(reads, node.parts[i + 2 :])
                    if handler is not None:
                        yield work, reads, handler


def _handler(reads: Node, later: tuple[Node, ...]) -> Command | None:
    """What runs only if the status that a statement reads is not 0, except for exit."""
    if isinstance(reads, If):
        return _branch(reads, "$?")
    if not isinstance(reads, Command) or reads.words or len(reads.assigns) != 1:
        return None
    name, _, value = reads.assigns[0].partition("=")
    if value.strip("\"'") != "$?":
        return None
    for node in later[:8]:
        if isinstance(node, If):
            found = _branch(node, "$" + name) or _branch(node, "${" + name + "}")
            if found is not None:
                return found
    return None


def _branch(node: If, status: str) -> Command | None:
    condition, body = node.clauses[0]
    tests = [c for c in commands(condition) if program(c)[0] in ("[", "[[", "test", "((")]
    text = tests[0].text if len(tests) == 1 else ""
    if status not in text.replace('"', ""):
        return None
    fails = ("-ne 0", "!= 0", "-gt 0", "> 0")
    works = ("-eq 0", "== 0", "= 0")
    plain = text.replace('"', "").replace("'", "")
    branch = body if any(f in plain for f in fails) else node.otherwise if any(w in plain for w in works) else None
    if branch is None:
        return None
    left = [c for c in commands(branch) if program(c)[0] not in ("exit", "return", "") and c.words]
    return next((c for c in left if weight(c) > 0), left[0] if left else None)
