"""Lists in Bash and sh that one pair of quotes, or a missing pair of braces, makes one word or one element."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.workload.env import known_env
from joblint.shell.syntax import commands, loops
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command

_LISTERS = names("ls find seq")
_FILTERS = names("awk gawk cut sort grep egrep sed uniq tr")
_SINGLE = (
    *("head -1", "head -n 1", "head -n1", "tail -1", "tail -n 1", "tail -n1", "[0]", "wc ", "NR==", "--count", "-c ", "sum"),
    *("[-1", "|| echo", "--limit", "LIMIT", "limit", ".name==", "grep -o", "head -c", "exit}", "exit }", "-m1", "-m 1", "date"),
)
_TAKES_NAMES = names("delete annotate label cordon uncordon drain")


def list_in_quotes(s: Subject) -> Iterator[Hit]:
    """A variable with a list in quotes: a loop runs once, kubectl looks for one object; one finding for each script."""
    for script in s.scripts:
        options = _options(script)
        if options is not None:
            command, name = options
            effect = "the program gets one argument"
            yield script_hit(s, script, command.start, command.end, command=short(command.text), effect=effect, name=name)
            continue
        if "$(" not in script.text or "IFS" in script.text:
            continue
        lists = _lists(script)
        if not lists:
            continue
        for loop in loops(script.statements):
            name = _quoted(loop.head.partition(" in ")[2].strip().rstrip(";").strip()) if loop.kind == "for" else ""
            if name in lists:
                head = " ".join(loop.head.split()).rstrip("; ")
                yield script_hit(
                    s,
                    script,
                    loop.start,
                    loop.start + len(loop.head.rstrip(" ;\n")),
                    command=short(head),
                    effect="the loop runs once, with the whole list",
                    name=name,
                )
                break
        else:
            for command in commands(script.statements, functions=True):
                program_name, rest = program(command)
                deletes = program_name in ("kubectl", "oc") and not _TAKES_NAMES.isdisjoint(rest[:1]) or program_name == "rm"
                found = next((n for n in map(_quoted, command.texts) if n in lists), "") if deletes else ""
                if found and (program_name != "rm" or lists[found] == "find"):
                    effect = "it looks for one object of that name"
                    if program_name == "rm":
                        effect = "it looks for one file of that name"
                    yield script_hit(
                        s,
                        script,
                        command.start,
                        command.end,
                        severity="" if _is_plural(found) else "info",
                        confidence="" if _is_plural(found) else "hint",
                        command=short(command.text),
                        effect=effect,
                        name=found,
                    )
                    break


def _options(script: Script) -> tuple[Command, str] | None:
    """A command with `"$OPTS"`, where the container's env contains several options in that variable."""
    env = known_env(script.container)
    several = {name for name, value in env.items() if value.startswith("-") and len(value.split()) > 1 and _are_options(value)}
    if not several:
        return None
    for command in commands(script.statements, functions=True):
        name = next((n for n in map(_quoted, command.texts[1:]) if n in several), "")
        if name and not any(a.startswith(f"{name}=") for c in commands(script.statements) for a in c.assigns):
            if program(command)[0] not in ("echo", "printf", "[", "[[", "test", "sh", "bash", "eval"):
                return command, name
    return None


def _are_options(value: str) -> bool:
    """Whether each word of a value is a long option, so that none is the value of the one before."""
    return sum(1 for word in value.split() if word.startswith("--")) > 1


def _is_plural(name: str) -> bool:
    """Whether a variable is named as one with several elements; NODE, in the singular, is expected to contain one."""
    low = name.lower()
    return low.endswith("s") and not low.endswith(("ss", "us")) or "list" in low or "all" in low


def _quoted(text: str) -> str:
    """The variable of `"$NAME"` or `"${NAME}"`; "" for anything else."""
    if len(text) < 4 or text[0] != '"' or text[-1] != '"':
        return ""
    inner = text[1:-1]
    name = inner[2:-1] if inner.startswith("${") and inner.endswith("}") else inner[1:] if inner.startswith("$") else ""
    return name if name.isidentifier() else ""


def _lists(script: Script) -> dict[str, str]:
    """The variables that a command substitution fills with a list, each with the program that prints it."""
    found: dict[str, str] = {}
    for command in commands(script.statements, functions=True):
        for assign in command.assigns:
            name, _, value = assign.partition("=")
            if not value.startswith(("$(", '"$(')) or not name.isidentifier() or len(command.inner) != 1:
                continue
            inner = list(commands(command.inner[0]))
            if not inner or any(mark in value for mark in _SINGLE):
                continue
            first, rest = program(inner[0])
            last = program(inner[-1])[0]
            if first in ("kubectl", "oc") and rest[:1] == ("get",):
                many = any(mark in value for mark in ("[*]", "range", "-o name", "--no-headers", "custom-col"))
                named = [w for w in rest[1:3] if w and not w.startswith("-")]
                if many and len(named) < 2 and "/" not in "".join(named):
                    found[name] = "kubectl"
            elif first in _LISTERS and (len(inner) == 1 or last in _FILTERS):
                found[name] = "find"
    return found


def array_without_braces(s: Subject) -> Iterator[Hit]:
    """`$list[1]`, or `for x in $list`, of an array in Bash: its first element alone; one finding for each script."""
    for script in s.scripts:
        if script.shell != "bash" or "=(" not in script.text and "mapfile" not in script.text:
            continue
        for name in _arrays(script):
            found = _element(script, name) or _only_first(script, name)
            if found is not None:
                start, end, effect, better = found
                yield script_hit(s, script, start, end, text=script.text[start:end], name=name, effect=effect, better=better)
                break


def _arrays(script: Script) -> list[str]:
    """The names of variables that only ever get a list of more than one element."""
    sizes: dict[str, int] = {}
    for command in commands(script.statements, functions=True):
        for assign in command.assigns:
            name, _, value = assign.partition("=")
            if name.isidentifier():
                plain = not value.startswith("(")
                sizes[name] = -1 if plain or sizes.get(name, 0) < 0 else max(sizes.get(name, 0), len(value[1:-1].split()))
    return [name for name, size in sizes.items() if size > 1]


def _element(script: Script, name: str) -> tuple[int, int, str, str] | None:
    mark = f"${name}["
    at = script.text.find(mark)
    if at < 0 or script.text[at - 1 : at] == "\\":
        return None
    end = script.text.find("]", at) + 1
    if end <= 0 or "\n" in script.text[at:end] or script.text.count("'", 0, at) % 2:
        return None
    index = script.text[at + len(mark) : end - 1]
    effect = f"the first element, with [{index}] after it"
    return at, end, effect, f"${{{name}[{index}]}}"


def _only_first(script: Script, name: str) -> tuple[int, int, str, str] | None:
    for loop in loops(script.statements):
        words = loop.head.partition(" in ")[2].strip().rstrip(";").strip().strip('"')
        if loop.kind == "for" and words in (f"${name}", f"${{{name}}}"):
            at = script.text.find(words, loop.start)
            return at, at + len(words), "the first element, so the loop runs once", f'"${{{name}[@]}}"'
    return None
