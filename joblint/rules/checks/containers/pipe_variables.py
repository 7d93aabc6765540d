"""Variables that are set in a subshell, a loop at the end of a pipe or `( … )`, and read after it."""

from __future__ import annotations

from joblint.rules.checks.containers.place import as_one_line, script_hit, short
from joblint.rules.checks.containers.unset_variables import read_names, set_anywhere
from joblint.rules.subject import as_dict, as_list
from joblint.shell.syntax import Command, Function, Group, Loop, Pipe, children, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_SHELLS = ("sh", "bash", "ash", "dash")  # zsh and ksh run the last part of a pipe themselves
_READ_BY = ("exit", "return", "[", "[[", "test")
_DECLARES = ("export", "declare", "typeset", "readonly")
_PARENTHESES = ("( … )", "Use { …; } instead of ( … ), or set the variable before the parentheses.")


def variable_lost_in_pipe(s: Subject) -> Iterator[Hit]:
    """`cat x | while read l; do fail=1; done; exit $fail`: the status or the test uses the old value; one finding for each
    script. So with `(export TOKEN=…); run $TOKEN`, if nothing else sets the variable."""
    for script in s.scripts:
        if script.shell not in _SHELLS:
            continue
        found = _lost(script) if "|" in script.text and "lastpipe" not in script.text else None
        if found is not None:
            pipe, name, reader = found
            here = next((c for c in commands(pipe.parts[-1]) if _sets(c.assigns, name)), pipe)
            yield _hit(s, script, here, name, reader, ("a loop at the end of a pipeline", _without_pipe(script, pipe)))
            continue
        lost = _lost_in_parentheses(script) if "(" in script.text else None
        if lost is not None:
            here, name, reader = lost
            if name not in {as_dict(e).get("name") for e in as_list(script.container.data.get("env"))}:
                yield _hit(s, script, here, name, reader, _PARENTHESES)


def _hit(s: Subject, script: Script, here: Node, name: str, reader: tuple[int, int], where: tuple[str, str]) -> Hit:
    read = short(script.text[reader[0] : reader[1]])
    return script_hit(s, script, here.start, here.end, name=name, reader=read, where=where[0], advice=where[1])


def _without_pipe(script: Script, pipe: Pipe) -> str:
    """The loop with its input from a file, or in bash from the command, instead of from the pipeline."""
    first, last = pipe.parts[0], pipe.parts[-1]
    before = as_one_line(script.text[pipe.start : pipe.parts[-2].end])
    loop = "{ …; }"
    if isinstance(last, Loop):
        head = script.text[last.start : last.body.start].strip("; \n\t")
        loop = f"{head}; do …; done" if "\n" not in head and len(head) <= _MOST_TYPED else f"{last.kind} …; do …; done"
    if isinstance(first, Command) and len(pipe.parts) == 2 and first.words[:1] == ("cat",) and len(first.words) == 2:
        return f"{loop} < {first.texts[1]}"
    if "\n" in before or len(before) > _MOST_TYPED:
        before = "…"
    if script.shell == "bash":
        return f"{loop} < <({before})"
    return f"{before} > /tmp/lines\n{loop} < /tmp/lines"


_MOST_TYPED = 60


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


def _lost_in_parentheses(script: Script) -> tuple[Command, str, tuple[int, int]] | None:
    """A variable that is set only within `( … )`, and the command after it that reads it."""
    left: list[Node] = [script.statements]
    reads: dict[str, list[Node]] | None = None
    while left:
        each = left.pop()
        if isinstance(each, Group) and each.subshell:
            set_here = {name: c for c in commands(each.body) for name in _set_by(c)}
            if set_here and reads is None:
                reads = {}
                for name, node in read_names(script):
                    reads.setdefault(name, []).append(node)
            for name, command in set_here.items():
                reader = next((n for n in (reads or {}).get(name, ()) if n.start >= each.end), None)
                if reader is not None and not set_anywhere(script.text[: each.start] + script.text[each.end :], name):
                    return command, name, (reader.start, reader.end)
        elif not isinstance(each, Function):
            left.extend(reversed(children(each)))
    return None


def _set_by(command: Command) -> Iterator[str]:
    """The names in capitals that a command sets: `NAME=value` alone, `export NAME=value`."""
    alone = command.assigns if not command.words else command.texts[1:] if command.words[0] in _DECLARES else ()
    for text in alone:
        name, sign, _ = text.partition("=")
        if sign and name.isidentifier() and name.isupper():
            yield name


def _sets(assigns: tuple[str, ...], name: str) -> bool:
    return any(a.startswith((name + "=", name + "+=")) for a in assigns)


def _reads(text: str, name: str) -> bool:
    at = text.find("$" + name)
    plain = at >= 0 and not text[at + 1 + len(name) : at + 2 + len(name)].isidentifier()
    return plain or any(f"${{{name}{end}" in text for end in ("}", ":", "-"))
