"""Arguments that are not there: `$1` in a script that gets none, a list for kubectl delete that may be empty."""

from __future__ import annotations

import re
from bisect import bisect_right

from joblint.rules.checks.containers.errexit import asked, nounset
from joblint.rules.checks.containers.place import as_one_line, command_hit, script_hit, short
from joblint.rules.checks.containers.quoting import dollars
from joblint.shell.syntax import Case, Command, Function, If, Loop, Pipe, children, commands, loops
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


def parameter_not_given(s: Subject) -> Iterator[Hit]:
    """`$1` in a script that is started without arguments; one finding for each script."""
    for script in s.scripts:
        run = s.runs[script.index]
        if script.field != run.fields[run.script] or script.text.replace("$$", "$") != run.text.replace("$$", "$"):
            continue  # a script within a script: its arguments are not known here
        given = run.words[run.script + 2 :]
        if "" in given:
            continue  # `"$@"`: any number of arguments
        if any(c.words[:1] in (("set",), ("eval",), (".",), ("source",)) and _sets(c) for c in commands(script.statements)):
            continue
        strict = nounset(script)
        for node, text in _texts(script.statements):
            number = next((n for n in _parameters(text) if n > len(given)), 0)
            if (
                not number
                or not strict
                and 'awk "' not in text
                and (not isinstance(node, Command) or _asks(node) or _tested(script, number))
            ):
                continue
            effect = "with set -u, the script ends there" if strict else "it is empty"
            awk = re.search(r'\bawk "([^"\']*)"', text)
            advice = _to_pass(run.words[run.script + 1 :], number)
            if awk is not None:
                advice = f"awk '{awk[1]}'    in single quotes: ${number} is a field of awk, not of the shell"
            yield script_hit(
                s,
                script,
                node.start,
                node.end,
                command=short(script.text[node.start : node.end]),
                number=number,
                effect=effect,
                advice=advice,
                confidence="certain" if strict else "likely",
            )
            break


def _to_pass(after: tuple[str, ...], number: int) -> str:
    """What to add to the list of the script, whose words after it are $0, $1 and so on."""
    rows = ["- sh    $0, the name in messages"] if not after else []
    rows += [f"- <value>    ${n}" for n in range(max(len(after), 1), number + 1)]
    return "\n".join(["Pass it after the script, in the same list:", *rows])


def _sets(command: Command) -> bool:
    return command.words[0] != "set" or "--" in command.words or any(w[:1] not in ("-", "+") for w in command.words[1:2])


def _asks(command: Command) -> bool:
    return command.text.startswith(("[", "test "))


def _tested(script: Script, number: int) -> bool:
    """Whether the script checks if the parameter is there."""
    marks = ("$#", f'-z "${number}"', f'-n "${number}"', f"-z ${number}", f"-n ${number}", "getopts", "shift")
    return any(mark in script.text for mark in marks)


def _texts(node: Node) -> Iterator[tuple[Node, str]]:
    """What a script expands outside of its functions, in order."""
    left: list[Node] = [node]
    while left:
        each = left.pop()
        if isinstance(each, Function):
            continue
        if isinstance(each, Command):
            yield each, each.text
        elif isinstance(each, Case):
            yield each, each.word
        elif isinstance(each, Loop):
            yield each, each.head
        left.extend(reversed(children(each)))


def _parameters(text: str) -> Iterator[int]:
    """The numbers of `$1` and `${2}` outside of single quotes."""
    for at in dollars(text):
        following = text[at + 1 : at + 2]
        if following.isdigit() and following != "0":
            yield int(following)
        elif following == "{" and text[at + 3 : at + 4] == "}" and text[at + 2].isdigit() and text[at + 2] != "0":
            yield int(text[at + 2])


def empty_list_of_arguments(s: Subject) -> Iterator[Hit]:
    """`kubectl delete pods $(kubectl get … | grep …)`: without a match there is no argument, and the command fails; one finding
    for each script."""
    for script in s.scripts:
        kept = {command.start for command in script.flow.kept}
        guarded = _Guarded(script.statements)
        lists = {}
        globs = asked(script) if "rm " in script.text and "*" in script.text else set[int]()
        endings: dict[str, int] | None = None
        for command in commands(script.statements):
            if not command.words and len(command.assigns) == 1 and command.inner and _may_be_empty(command):
                lists[command.assigns[0].partition("=")[0]] = command
                continue
            if command.start not in kept or guarded.at(command.start):
                continue
            if _may_match_nothing(command) and command.start not in globs:
                if endings is None:
                    endings = _endings(script.text)
                if endings.get(_ending(command), command.start) < command.start:
                    continue  # the script names such a file before: `openssl … -out client.csr; rm *.csr`
                yield command_hit(
                    s,
                    script,
                    command,
                    nothing="no file matches the pattern",
                    effect="rm then gets the pattern unchanged, and no file has that name",
                    better=f"{_forced(command)}    -f ignores files that do not exist",
                )
                break
            missing = _needs_operand(command)
            if not missing:
                continue
            name = command.texts[-1].strip("${}")
            inline = command.texts[-1].startswith(("$(", "`")) and _may_be_empty(command)
            if not inline and (name not in lists or _is_checked(script, name)):
                continue
            yield command_hit(
                s,
                script,
                command,
                nothing="$(…) prints nothing" if inline else f"${name} is empty",
                effect=f"{missing} then gets no names",
                better=_if_any(command, name, inline, missing),
            )
            break


def _if_any(command: Command, name: str, inline: bool, missing: str) -> str:
    """The command for a list that may be empty: run only if there is something."""
    listed, text = command.texts[-1], as_one_line(command.text)
    if inline:
        start = text.removesuffix(listed).rstrip()
        full = f"{listed[2:-1].strip()} | xargs -r {start}"
        return full if listed.startswith("$(") and start != text and len(full) <= _MOST_TYPED else f"… | xargs -r {missing} …"
    return f'[ -z "${name}" ] || {text}'


_MOST_TYPED = 90


class _Guarded:
    """The parts of a script in `_guards`, so that each of many commands is found in them at once."""

    def __init__(self, statements: Node) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted([(n.start, n.end) for n in _guards(statements)]):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def at(self, place: int) -> bool:
        """Whether a place is in one of them."""
        nth = bisect_right(self._starts, place) - 1
        return nth >= 0 and place < self._ends[nth]


def _may_match_nothing(command: Command) -> bool:
    """`rm /backup/*.old`: if no file matches, the pattern itself is the operand, and the file does not exist."""
    name, rest = program(command)
    texts = command.texts[len(command.texts) - len(rest) :]
    operands = [t for t in texts if not t.startswith("-")]
    forced = any(w[:1] == "-" and w[:2] != "--" and "f" in w or w == "--force" for w in rest)
    return name == "rm" and not forced and len(operands) == 1 and "*" in operands[0] and operands[0][:1] not in "\"'`$"


def _forced(command: Command) -> str:
    """`rm` with -f before its operands."""
    before, rm, after = command.text.partition("rm ")
    return f"{before}{rm}-f {after}"


def _ending(command: Command) -> str:
    """What files end with that the pattern of rm matches, `.csr` for `*.csr`; "" for a pattern of another form."""
    pattern = command.texts[-1].rpartition("/")[2]
    return pattern[1:] if pattern.startswith("*.") and pattern.count("*") == 1 else ""


def _endings(text: str) -> dict[str, int]:
    """The endings of the words of a script that are not patterns, each with the position of the first such word."""
    found: dict[str, int] = {}
    at = 0
    for word in text.split():
        at = text.index(word, at)
        name = word.rstrip(";\"'").rpartition("/")[2]
        if "*" not in word and "." in name and len(name) < 200:
            for n, char in enumerate(name):
                if char == ".":
                    found.setdefault(name[n:], at)
        at += len(word)
    return found


def _guards(node: Node) -> Iterator[Node]:
    left: list[Node] = [node]
    while left:
        each = left.pop()
        if isinstance(each, (If, Case)) or isinstance(each, Loop) and each.kind != "for":
            yield each
        elif not isinstance(each, Command):
            left.extend(children(each))


def _is_checked(script: Script, name: str) -> bool:
    """Whether anything in the script depends on whether a variable is empty."""
    return any(name in c.text and _asks(c) for c in commands(script.statements, functions=True)) or f"{{{name}:" in script.text


def _may_be_empty(command: Command) -> bool:
    """Whether the last substitution of a command is a list of what matches something."""
    last = command.inner[-1].parts[-1] if command.inner and command.inner[-1].parts else None
    first = last.parts[0] if isinstance(last, Pipe) else last
    if not isinstance(last, (Pipe, Command)) or not isinstance(first, Command):
        return False
    name, rest = program(first)
    if isinstance(last, Pipe):
        inner = [p for p in last.parts if isinstance(p, Command)]
        return any(
            program(p)[0] in ("grep", "egrep") or program(p)[0] == "awk" and ("/" in p.text or "==" in p.text) for p in inner
        ) or name in (
            "find",
            "pgrep",
        )
    if name in ("kubectl", "oc"):
        return rest[:1] == ("get",) and any(
            w in ("-l", "--field-selector") or w.startswith(("-l", "--selector", "--field")) for w in rest
        )
    return name in ("find", "pgrep") or name == "docker" and "-f" in rest or name == "docker" and "--filter" in rest


def _needs_operand(command: Command) -> str:
    """The program that fails without an operand, if a command has but one, which is its last word; "" otherwise."""
    name, rest = program(command)
    if not rest or rest[-1] != "":
        return ""
    before = [w for w in rest[:-1] if not w.startswith("-")]
    options = [w for w in rest[:-1] if w.startswith("-")]
    if name == "rm" and not before and not any("f" in w for w in options):
        return "rm"
    if name == "kill" and not before:
        return "kill"
    if name in ("kubectl", "oc") and before:
        takes = {i + 1 for i, w in enumerate(rest) if w in ("-n", "--namespace", "--context", "--grace-period", "--timeout")}
        plain = [w for i, w in enumerate(rest[:-1]) if i not in takes and not w.startswith("-")]
        if len(plain) == 2 and "/" not in plain[1] and plain[0] in ("delete", "describe") and "" not in plain:
            return f"{name} {plain[0]}"
    if name == "docker" and before[:1] in (["rm"], ["rmi"], ["stop"]) and len(before) == 1:
        return f"docker {before[0]}"
    return ""


def wait_counts_failure(s: Subject) -> Iterator[Hit]:
    """`while [ "$(kubectl get … 2>/dev/null | wc -l)" -gt 0 ]`: if kubectl fails, the count is 0, and the wait ends; one finding
    for each script."""
    for script in s.scripts:
        for loop in loops(script.statements):
            if loop.condition is None or len(loop.condition.parts) != 1:
                continue
            test = loop.condition.parts[0]
            if not isinstance(test, Command) or not test.text.startswith("[") or len(test.inner) != 1 or not test.inner[0].parts:
                continue
            pipe = test.inner[0].parts[-1]
            if not isinstance(pipe, Pipe) or not isinstance(pipe.parts[0], Command) or not isinstance(pipe.parts[-1], Command):
                continue
            asks, counts = pipe.parts[0], pipe.parts[-1]
            name, rest = program(counts)
            if not (name == "wc" and "-l" in rest or name == "grep" and any(w[:1] == "-" and "c" in w for w in rest)):
                continue
            tail = test.text[test.text.rfind(")") :].strip(' ")]').split()
            ends_at_zero = tail in (["-gt", "0"], ["-ne", "0"], ["!=", "0"], ["-ge", "1"], ["!=", '"0']) and loop.kind == "while"
            ends_at_zero = ends_at_zero or tail in (["-eq", "0"], ["=", "0"], ["==", "0"]) and loop.kind == "until"
            hidden = any(r.startswith(("2>", "&>")) for r in asks.redirects)
            if ends_at_zero and program(asks)[0] in ("kubectl", "oc", "psql", "curl", "aws", "mysql") and hidden:
                yield script_hit(
                    s,
                    script,
                    test.start,
                    test.end,
                    test=short(test.text),
                    program=program(asks)[0],
                )
                break
