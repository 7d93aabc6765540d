"""Which commands of a script decide whether it fails: their failure ends it, or is its exit code."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.checks.containers.errexit import called_in_conditions, pipefail
from joblint.shell.syntax import AndOr, Background, Case, Command, Function, Group, If, Loop, Pipe, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


class _State(Record):
    """The functions that conditions call, whether a pipe fails with each of its parts, and what is found."""

    in_conditions: set[str]
    all_parts: bool
    found: set[int]


def deciding(script: Script) -> set[int]:
    """The starts of the commands after whose failure the script fails: set -e ends it there, or it is the last command."""
    state = _State(called_in_conditions(script), pipefail(script), set())
    _walk(state, script.statements, script.begins_with_e, True, False)
    return state.found


def _walk(state: _State, node: Node, on: bool, last: bool, checked: bool) -> bool:
    """Follow the commands in the order of the text; return whether set -e is on after them. `last` is true if the node's status
    is the script's, `checked` if something uses it, so that set -e is off in it."""
    if isinstance(node, Command):
        if on and not checked or last:
            state.found.add(node.start)
        return _after_set(node, on)
    if isinstance(node, Sequence):
        for i, part in enumerate(node.parts):
            on = _walk(state, part, on, last and i == len(node.parts) - 1, checked)
        return on
    if isinstance(node, AndOr):
        on = _walk(state, node.left, on, last and node.operator == "&&", True)
        return _walk(state, node.right, on, last, checked)
    if isinstance(node, Pipe):
        for i, part in enumerate(node.parts):
            ends = i == len(node.parts) - 1
            _walk(state, part, on, last and (ends or state.all_parts), checked or not ends and not state.all_parts)
        return on
    if isinstance(node, If):
        for condition, body in node.clauses:
            _walk(state, condition, on, False, True)
            _walk(state, body, on, last, checked)
        if node.otherwise is not None:
            _walk(state, node.otherwise, on, last, checked)
        return on
    if isinstance(node, Loop):
        if node.condition is not None:
            _walk(state, node.condition, on, False, True)
        _walk(state, node.body, on, last and node.kind == "for", checked)
        return on
    if isinstance(node, Case):
        for body in node.bodies:
            _walk(state, body, on, last, checked)
        return on
    if isinstance(node, Group):
        inside = _walk(state, node.body, on, last, checked)
        return on if node.subshell else inside
    if isinstance(node, Function):
        if node.name not in state.in_conditions:
            _walk(state, node.body, on, False, False)
        return on
    if not isinstance(node, Background):
        _walk(state, node.body, on, False, True)
    return on


def _after_set(command: Command, on: bool) -> bool:
    if command.words[:1] != ("set",):
        return on
    for i, word in enumerate(command.words[1:]):
        if word == "errexit":
            on = command.words[i].startswith("-")
        elif word[:1] in "-+" and word[:2] != "--" and "e" in word[1:]:
            on = word[:1] == "-"
    return on
