"""Variables that are set in a loop at the end of a pipe, which runs in a subshell, and read after it."""

from __future__ import annotations

from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import Group, Loop, Pipe, children, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_SHELLS = ("sh", "bash", "ash", "dash")  # zsh and ksh run the last part of a pipe themselves
_READ_BY = ("exit", "return", "[", "[[", "test")


def variable_lost_in_pipe(s: Subject) -> Iterator[Hit]:
    """`cat x | while read l; do fail=1; done; exit $fail`: the status or the test uses the old value; one finding for each
    script."""
    for script in s.scripts:
        if script.shell not in _SHELLS or "lastpipe" in script.text or "|" not in script.text:
            continue
        found = _lost(script)
        if found is not None:
            pipe, name, reader = found
            here = next((c for c in commands(pipe.parts[-1]) if _sets(c.assigns, name)), pipe)
            yield script_hit(s, script, here.start, here.end, name=name, reader=short(script.text[reader[0] : reader[1]]))


def _lost(script: Script) -> tuple[Pipe, str, tuple[int, int]] | None:
    left: list[Node] = [script.statements]
    all_commands = list(commands(script.statements, functions=True))
    while left:
        each = left.pop()
        if isinstance(each, Pipe) and isinstance(each.parts[-1], (Loop, Group)):
            names = {a.partition("=")[0].rstrip("+") for c in commands(each.parts[-1]) for a in c.assigns if not c.words}
            after = [c for c in all_commands if c.start >= each.end]
            for name in sorted(n for n in names if n.isidentifier()):
                for command in after:
                    if _sets(command.assigns, name):
                        break
                    if command.words[:1] and command.words[0] in _READ_BY and _reads(command.text, name):
                        return each, name, (command.start, command.end)
        left.extend(reversed(children(each)))
    return None


def _sets(assigns: tuple[str, ...], name: str) -> bool:
    return any(a.startswith((name + "=", name + "+=")) for a in assigns)


def _reads(text: str, name: str) -> bool:
    at = text.find("$" + name)
    plain = at >= 0 and not text[at + 1 + len(name) : at + 2 + len(name)].isidentifier()
    return plain or any(f"${{{name}{end}" in text for end in ("}", ":", "-"))
