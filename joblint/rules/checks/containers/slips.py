"""Small mistakes in commands: spaces around `=`, a deletion after a `cd` that may fail, options of another system's sed."""

from __future__ import annotations

from joblint.rules.checks.containers.place import as_one_line, command_hit, short
from joblint.rules.workload.mounts import mounts
from joblint.shell.syntax import Command, Sequence, commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


def spaces_around_equals(s: Subject) -> Iterator[Hit]:
    """`NAME = value` and `NAME= $(…)` run a program, as does `["$NAME" = x ]`; one finding for each script."""
    for script in s.scripts:
        for command in commands(script.statements, functions=True):
            found = _program_by_mistake(command)
            if found is not None:
                yield command_hit(s, script, command, runs=found[0], better=short(found[1]))
                break


def _program_by_mistake(command: Command) -> tuple[str, str] | None:
    """What the shell runs as a program, and what was meant."""
    words, texts = command.words, command.texts
    if len(words) > 1 and words[1] in ("=", "+=") and words[0].replace("_", "").isalnum():
        if words[0] not in ("expr", "test", "let", "echo", "printf"):
            return f"a program {words[0]}, which does not exist", f"{words[0]}{words[1]}{' '.join(texts[2:])}"
    if command.assigns and command.assigns[-1].endswith("=") and texts[:1] and texts[0].startswith(("$(", '"$(', "`")):
        return "the output as a program", f"{command.assigns[-1]}{texts[0]}"
    if texts and texts[0].startswith(('["', "[$", "[[$", '[["')) and texts[-1] in ("]", "]]"):
        bracket = "[[" if texts[0].startswith("[[") else "["
        return "a program whose name begins with [", f"{bracket} {command.text.removeprefix(bracket)}"
    return None


def deletes_after_cd(s: Subject) -> Iterator[Hit]:
    """`cd DIR` without set -e, then `rm -rf *`: if the directory does not exist, what is deleted is elsewhere."""
    for script in s.scripts:
        if script.begins_with_e:
            continue
        yield from _careless(s, script, script.statements)


def _careless(s: Subject, script: Script, node: Node) -> Iterator[Hit]:
    parts = node.parts if isinstance(node, Sequence) else ()
    for i, part in enumerate(parts):
        if isinstance(part, Command) and part.words[:1] == ("set",) and any("e" in w for w in part.words[1:]):
            return
        if not isinstance(part, Command) or part.words[:1] != ("cd",) or len(part.words) != 2:
            continue
        after = next((p for p in parts[i + 1 :] if isinstance(p, Command) and not _harmless(p)), None)
        if any(m.path == part.words[1].rstrip("/") for m in mounts(s, script.container)):
            continue  # the kubelet creates the directory of a mount
        if after is not None and _deletes_here(after):
            yield command_hit(
                s,
                script,
                after,
                cd=short(part.text),
                better=f"{short(part.text)} || exit 1",
            )
            return


def _harmless(command: Command) -> bool:
    return program(command)[0] in ("echo", "printf", "ls", "pwd", "date")


def _deletes_here(command: Command) -> bool:
    name, rest = program(command)
    if name == "rm":
        return any(t in ("*", "./*", ".") for t in command.texts[1:])
    return name == "find" and ("-delete" in rest or "rm" in rest) and bool(rest) and not rest[0].startswith("/") and rest[0] != ""


def empty_suffix_of_sed(s: Subject) -> Iterator[Hit]:
    """`sed -i '' 's/a/b/' FILE`, as macOS needs it: the sed of Linux takes the empty text for the script."""
    for script in s.scripts:
        for command in commands(script.statements, functions=True, inner=True):
            name, rest = program(command)
            texts = command.texts[len(command.texts) - len(rest) :]
            at = next(
                (i for i, w in enumerate(rest[:-1]) if w in ("-i", "-ie", "-Ei", "-i.bak") and texts[i + 1] in ("''", '""')), -1
            )
            if name == "sed" and at >= 0 and "-e" not in rest and "-f" not in rest:
                taken = next((t for t in texts[at + 2 :] if not t.startswith("-")), "the next word")
                option, empty = command.text.find(rest[at]), texts[at + 1]
                quotes = command.text.find(empty, option)
                better = command.text[:quotes] + command.text[quotes + len(empty) :].lstrip()
                yield command_hit(s, script, command, taken=short(taken.strip("'\"")), better=as_one_line(better))
                break
