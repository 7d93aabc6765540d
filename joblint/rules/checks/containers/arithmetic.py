"""Arithmetic that ends a script under set -e because its value is 0: `((count++))`, `let n=0`, `expr`."""

from __future__ import annotations

from joblint.rules.checks.containers.errexit import asked, errexit, errexit_at
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import Command, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def arithmetic_ends_script(s: Subject) -> Iterator[Hit]:
    """`((count++))` from 0 under set -e: its value is 0, its exit code 1; one finding for each script."""
    for script in s.scripts:
        if not errexit(script):
            continue
        checked = asked(script)
        whole = list(commands(script.statements, functions=True))
        zero = {a.partition("=")[0] for c in whole for a in c.assigns if a.endswith(("=0", '="0"'))}
        zero |= {t.partition("=")[0] for c in whole if c.words[:1] == ("local",) for t in c.texts if t.endswith("=0")}
        for command in whole:
            if command.start in checked:
                continue
            when, better = _ends_at(command, zero)
            if when and errexit_at(script, command.start):
                yield script_hit(
                    s, script, command.start, command.end, command=short(command.text.strip()), when=when, better=better
                )
                break


def _ends_at(command: Command, zero: set[str]) -> tuple[str, str]:
    """When an expression's value is 0 although nothing is wrong, and a spelling that succeeds; "" for never."""
    text = command.text.strip()
    inside = text[2:-2] if text.startswith("((") and text.endswith("))") else ""
    if command.words[:1] == ("let",) and len(command.words) == 2:
        inside = command.words[1]
    inside = "".join(inside.split())
    if inside:
        name = inside.removesuffix("++")
        if inside.endswith("++") and name in zero:
            return f"when {name} is 0", f"{name}=$(({name} + 1))"
        name, _, value = inside.partition("=")
        if value == "0" and name.isidentifier():
            return "on every run", f"{name}=0"
        down = inside.removeprefix("--") if inside.startswith("--") else inside.removesuffix("-=1")
        if value == f"{name}-1":
            down = name
        if down != inside and down.isidentifier():
            return f"when {down} becomes 0", f"{down}=$(({down} - 1))"
        return "", ""
    if command.words or not command.assigns or len(command.inner) != 1 or len(command.inner[0].parts) != 1:
        return "", ""
    only = command.inner[0].parts[0]
    if isinstance(only, Command) and only.words[:1] == ("expr",) and len(only.texts) == 4 and only.texts[2] in ("-", "%"):
        name = command.assigns[-1].partition("=")[0]
        if command.assigns[-1][len(name) + 1 :].strip('"').startswith(("$(", "`")):
            one, sign, two = only.texts[1:]
            return "when the result is 0", f"{name}=$(({_bare(one)} {sign} {_bare(two)}))"
    return "", ""


def _bare(text: str) -> str:
    return text.strip("\"'").removeprefix("${").removeprefix("$").removesuffix("}")
