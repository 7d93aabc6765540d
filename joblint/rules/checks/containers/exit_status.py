"""Exit codes that are not what the script says, and commands that never run."""

from __future__ import annotations

from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import AndOr, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def fails_either_way(s: Subject) -> Iterator[Hit]:
    """`work || echo no && exit 1`: both operators have the same precedence, so exit also runs after success."""
    for script in s.scripts:
        for node in script.flow.doomed:
            left, right = node.left, node.right
            if not isinstance(left, AndOr):
                continue
            parts = [short(script.text[n.start : n.end]) for n in (left.left, left.right, right)]
            instead = f"{parts[0]} || {{ {parts[1]}; {parts[2]}; }}"
            if "…" in instead:
                instead = f"Group what follows ||, as in: <command> || {{ echo failed; {parts[2]}; }}"
            yield script_hit(s, script, node.start, node.end, command=parts[0], exit=parts[2], instead=instead)


def commands_after_exec(s: Subject) -> Iterator[Hit]:
    """`exec program` replaces the shell."""
    for script in s.scripts:
        for command, following in script.flow.unreached[:1]:
            yield script_hit(
                s,
                script,
                following.start,
                following.end,
                command=short(command.text),
                following=short(script.text[following.start : following.end]),
            )


def exit_code_out_of_range(s: Subject) -> Iterator[Hit]:
    """Exit codes are 0 to 255; other numbers are reduced modulo 256, so that 256 is success."""
    for script in s.scripts:
        for command in commands(script.statements, functions=True):
            if command.words[:1] not in (("exit",), ("return",)) or len(command.words) < 2:
                continue
            text = command.words[1]
            if not text.lstrip("-").isdecimal() or len(text) > 12 or text.count("-") > 1:
                continue
            code = int(text)
            if 0 <= code <= 255:
                continue
            becomes = code % 256
            meaning = f"{becomes}, which is success" if becomes == 0 else str(becomes)
            if code < 0:
                meaning = f"{becomes} in bash, and an error (2) in the sh of Debian and Ubuntu"
            yield script_hit(
                s,
                script,
                command.start,
                command.end,
                severity="" if becomes == 0 else "info",
                code=code,
                meaning=meaning,
                word=command.words[0],
            )
