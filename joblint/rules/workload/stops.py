"""Whether a script stops the container next to it: always, or only if the work succeeds; knows scripts, no rules."""

from __future__ import annotations

from joblint.shell.syntax import AndOr, Command, Sequence, children, commands
from joblint.shell.weight import NOTHING, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


def stop_of(s: Subject, words: tuple[str, ...]) -> str:
    """Return `always` if some script runs a command with one of the words however the work ends, `success` if only after it
    succeeded, "" if none does. A word outside of a shell (a program's own argument) counts as always."""
    found = ""
    for script in s.scripts:
        if any(word in script.text for word in words):
            if not _only_after_success(script, words):
                return "always"
            found = "success"
    if not found and not s.scripts and any(word in w for run in s.runs for w in run.words for word in words):
        return "always"
    return found


def _only_after_success(script: Script, words: tuple[str, ...]) -> bool:
    """Whether a failure before it prevents the stop: after `&&`, or under `set -e` without a trap."""
    errexit = script.begins_with_e
    for command in commands(script.statements):
        if command.words[:1] == ("trap",) and _names(command, words):
            return False
    return _guarded(script.statements, words, errexit) is True


def _names(node: Node, words: tuple[str, ...]) -> bool:
    return any(word in c.text for c in commands(node, functions=True) for word in words)


def _guarded(node: Node, words: tuple[str, ...], errexit: bool) -> bool | None:
    """Whether the first stop below a node runs only if what is before it succeeds; None if there is none."""
    if isinstance(node, Sequence):
        work = False
        for part in node.parts:
            if isinstance(part, Command) and part.words[:1] == ("set",):
                errexit = any(w.startswith("-") and "e" in w for w in part.words[1:]) or (
                    errexit and not any(w.startswith("+") and "e" in w for w in part.words[1:])
                )
                continue
            found = _guarded(part, words, errexit)
            if found is not None:
                return found or (errexit and work)
            work = work or _may_end(part)
        return None
    if isinstance(node, AndOr):
        found = _guarded(node.left, words, errexit)
        if found is not None:
            return found
        found = _guarded(node.right, words, errexit)
        return None if found is None else found or node.operator == "&&"
    if isinstance(node, Command):
        return False if _names(node, words) else None
    for child in children(node):
        found = _guarded(child, words, errexit)
        if found is not None:
            return found
    return None


def _may_end(node: Node) -> bool:
    """Whether the failure of a statement ends a script under `set -e`: not that of the left side of `||` and `&&`."""
    if isinstance(node, AndOr):
        return _may_end(node.right)
    return not isinstance(node, Command) or weight(node) > NOTHING
