"""Scripts that end under set -e although nothing went wrong: a value of 0, no match, a false test as the last command."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.errexit import asked, called_in_conditions, errexit, pipefail
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import AndOr, Command, Function, Group, If, Loop, Pipe, Sequence, children, commands
from joblint.shell.weight import WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


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
            if when:
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


_FINDS = names("grep egrep fgrep pgrep pidof which rg")
"""Programs that end with 1 if they find nothing."""
_SAYS = {
    "grep": "no line matches",
    "pgrep": "no process matches",
    "pidof": "no process matches",
    "which": "the program is not found",
    "kubectl": "the object does not exist",
    "getent": "there is no entry",
    "jq": "the value is null or false",
}


def no_match_ends_script(s: Subject) -> Iterator[Hit]:
    """A command under set -e that ends with 1 because there is nothing: `N=$(… | grep -c x)`, `grep -v x f > g`, and
    `X=$(… | grep x)` which the script later tests for being empty; one finding for each script."""
    for script in s.scripts:
        if not errexit(script):
            continue
        checked = asked(script)
        in_conditions = None
        for node in _statements(script.statements):
            first = node.parts[0] if isinstance(node, Pipe) else node
            if first.start in checked:
                continue
            found = _nothing_found(script, node, pipefail(script))
            if found is None:
                continue
            if in_conditions is None:
                in_conditions = called_in_conditions(script)
            if _within(script, node, in_conditions):
                continue
            reason, effect, last = found
            yield script_hit(
                s,
                script,
                node.start,
                node.end,
                command=short(script.text[node.start : node.end]),
                reason=reason,
                effect=effect,
                last=last,
            )
            break


def _statements(node: Node) -> Iterator[Node]:
    """The commands and pipes of a script, functions included."""
    left: list[Node] = [node]
    while left:
        each = left.pop()
        if isinstance(each, (Command, Pipe)):
            yield each
        if isinstance(each, Pipe):
            left.extend(part for part in reversed(each.parts) if not isinstance(part, Command))
        elif not isinstance(each, Command):
            left.extend(reversed(children(each)))


def _within(script: Script, node: Node, functions: set[str]) -> bool:
    """Whether a command is in a function that a condition calls: there, set -e is off."""
    left: list[Node] = [script.statements]
    while left:
        each = left.pop()
        if isinstance(each, Function) and each.name in functions and each.start <= node.start < each.end:
            return True
        if not isinstance(each, Command):
            left.extend(children(each))
    return False


def _nothing_found(script: Script, node: Node, all_parts: bool) -> tuple[str, str, str] | None:
    """Why a command ends with 1, what does not happen then, and the command that says so."""
    if isinstance(node, Command) and not node.words and node.inner:
        # The status of an assignment is that of its last substitution.
        last = node.inner[-1].parts[-1] if node.inner[-1].parts else None
        parts = last.parts if isinstance(last, Pipe) else (last,) if isinstance(last, Command) else ()
        deciding = [p for p in (parts if all_parts else parts[-1:]) if isinstance(p, Command)]
        for each in deciding:
            if _counts(each) and each is parts[-1]:
                return "the count is 0", "", short(each.text)
        name = node.assigns[-1].partition("=")[0] if node.assigns else ""
        check = _emptiness_check(script, node.end, name) if name else ""
        for each in deciding if check else ():
            says = _reason(each)
            if says:
                return says, f", and `{short(check)}` is never reached", short(each.text)
        return None
    if isinstance(node, Command):
        name, rest = program(node)
        if (
            name == "read"
            and any(w.startswith("-") and w.endswith("d") for w in rest)
            and "" in rest
            and "<<" in "".join(node.redirects)
        ):
            return "it reads to the end of its input", "", short(node.text)
        if not any(r.lstrip("1").startswith(">") and "/dev/null" not in r for r in node.redirects):
            return None
        if name in ("grep", "egrep", "fgrep") and _inverts(rest):
            return "no line is left", "", short(node.text)
        if name == "diff":
            return "the files differ", "", short(node.text)
        return None
    if isinstance(node, Pipe):
        *before, last = node.parts
        for part in node.parts if all_parts else node.parts[-1:]:
            if not isinstance(part, Command):
                continue
            each = part
            name, rest = program(each)
            if name not in ("grep", "egrep", "fgrep") or _quiet(rest):
                continue
            if each is last:
                if _inverts(rest) and any(r.lstrip("1").startswith(">") and "/dev/null" not in r for r in each.redirects):
                    return "no line is left", "", short(each.text)
                continue
            if _works_on_list(last) or _inverts(rest) and isinstance(last, Command) and last.words[-1:] == ("-",):
                nothing = "no line is left" if _inverts(rest) else "no line matches"
                return nothing, "", short(each.text)
    return None


def _works_on_list(node: Node) -> bool:
    """Whether the end of a pipe does something for each line: xargs, while read; or it continues with the lines."""
    if isinstance(node, Loop):
        return node.condition is not None and any(c.words[:1] == ("read",) for c in commands(node.condition))
    return isinstance(node, Command) and program(node)[0] in ("xargs", "parallel")


def _quiet(rest: tuple[str, ...]) -> bool:
    return any(w in ("--quiet", "--silent") or w[:1] == "-" and w[:2] != "--" and "q" in w for w in rest)


def _inverts(rest: tuple[str, ...]) -> bool:
    return any(w == "--invert-match" or w[:1] == "-" and w[:2] != "--" and "v" in w for w in rest)


def _counts(command: Command) -> bool:
    name, rest = program(command)
    return name in ("grep", "egrep", "fgrep") and any(
        w == "--count" or w.startswith("-") and not w.startswith("--") and "c" in w for w in rest
    )


def _reason(command: Command) -> str:
    """Why a command ends with 1 where there is nothing; "" if it does not."""
    name, rest = program(command)
    if name in _FINDS and not _quiet(rest):
        return _SAYS.get(name, _SAYS["grep"])
    if command.words[:2] in (("command", "-v"), ("command", "-V")):
        return _SAYS["which"]
    if name == "getent":
        return _SAYS[name]
    if name == "jq" and any(w == "--exit-status" or w[:1] == "-" and w[:2] != "--" and "e" in w for w in rest):
        return _SAYS[name]
    written = command.texts[len(command.texts) - len(rest) :]
    # A value that only the run knows as a whole still shows its format: `-o jsonpath="{.data.${key}}"`.
    shown = tuple([w or t.strip("\"'") for w, t in zip(rest, written, strict=False)])
    if name in ("kubectl", "oc") and rest[:1] == ("get",) and not _reads_field(shown):
        plain = [w for w in rest[1:] if not w.startswith("-")]
        options = names("-n --namespace -o --output -l --selector --field-selector --context")
        values = {i + 1 for i, w in enumerate(rest) if w in options}
        operands = [w for i, w in enumerate(rest) if i and i not in values and not w.startswith("-")]
        if plain and (len(operands) == 2 or len(operands) == 1 and "/" in operands[0]) and "," not in operands[0]:
            return _SAYS["kubectl"]
    return ""


def _reads_field(rest: tuple[str, ...]) -> bool:
    """Whether an empty result is possible although the object exists (a field that is not set), or although it does not; an
    empty word contains a variable: -o jsonpath="{.data.${key}}"."""
    formats = ("jsonpath", "go-template", "template", "custom-columns")
    after = [rest[i + 1] for i, w in enumerate(rest[:-1]) if w in ("-o", "--output")]
    if "" in after:
        return True
    after += [w.removeprefix("--output=").removeprefix("-o").removeprefix("=") for w in rest if w.startswith(("-o", "--output="))]
    return any(w.startswith(formats) for w in after) or any(w.startswith("--ignore-not-found") for w in rest)


def _emptiness_check(script: Script, after: int, name: str) -> str:
    """The test after a position that asks whether a variable is empty; "" for none."""
    written = (f"${name}", f'"${name}"', f"${{{name}}}", f'"${{{name}}}"', f'"${{{name}:-}}"', f"${{{name}:-}}")
    empty = ('""', "''")
    for command in commands(script.statements, functions=True):
        if command.start < after:
            continue
        if name in [a.partition("=")[0] for a in command.assigns]:
            return ""
        if not command.text.startswith(("[", "test ")):
            continue
        texts = [w for w in command.text.split() if w not in ("[", "]", "[[", "]]", "test")]
        for one, two in zip(texts, texts[1:], strict=False):
            if one in ("-z", "-n") and two in written:
                return command.text
        if len(texts) == 3 and texts[0] in written and texts[1] in ("=", "==", "!=") and texts[2] in empty:
            return command.text
    return ""


_STATES = ("-n", "-z", "-f", "-d", "-e", "-s", "-r", "-x")


def test_as_last_command(s: Subject) -> Iterator[Hit]:
    """`[ -n "$URL" ] && curl …` as the last command: if the test is false, the script ends with 1. Under set -e, also at the end
    of a function."""
    for script in s.scripts:
        parts = script.statements.parts
        if not parts:
            continue
        last = _last(parts[-1])
        where = "the script ends with exit code 1 and the Job fails, although the work is done"
        found = last if isinstance(last, AndOr) and (len(parts) > 1 or last is not parts[-1]) and _may_be_false(last) else None
        if found is None and errexit(script):
            found = next(_of_functions(script), None)
            where = "the function returns 1, and set -e ends the script where it is called"
        if found is not None:
            test = script.text[found.left.start : found.left.end]
            yield script_hit(
                s,
                script,
                found.start,
                found.end,
                command=short(script.text[found.start : found.end]),
                test=short(test),
                effect=where,
                better=f"if {short(test)}; then …; fi",
            )


def _last(node: Node) -> Node:
    """The statement whose status is that of a node: the last one of a group, a loop or a branch."""
    for _ in range(8):
        if isinstance(node, (Sequence, Group)):
            parts = node.parts if isinstance(node, Sequence) else node.body.parts
            if not parts:
                return node
            node = parts[-1]
        elif isinstance(node, Loop) and node.kind == "for":
            node = node.body
        elif isinstance(node, If) and len(node.clauses) == 1 and node.otherwise is None:
            node = node.clauses[0][1]
        else:
            return node
    return node


def _of_functions(script: Script) -> Iterator[AndOr]:
    """The tests at the end of functions that are called as plain commands."""
    functions = {each.name: each for each in script.statements.parts if isinstance(each, Function)}
    if not functions:
        return
    checked = asked(script)
    for command in commands(script.statements, functions=True):
        function = functions.get(command.words[0]) if command.words else None
        if function is None or command.start in checked:
            continue
        last = _last(function.body)
        if isinstance(last, AndOr) and _may_be_false(last):
            yield last


def _may_be_false(node: AndOr) -> bool:
    """Whether a list is a test and a command, where the test is about something that may be absent, not about success."""
    if node.operator != "&&" or not isinstance(node.left, Command):
        return False
    if any(program(c)[0] in ("exit", "return", "false") for c in commands(node.right)):
        return False
    words = node.left.text.split()
    if words[:1] == ["["] or words[:1] == ["[["] or words[:1] == ["test"]:
        if len(words) > 2 and words[1] in _STATES:
            return True
        operands = [w for w in words[1:] if w not in ("]", "]]")]
        plain = len(operands) == 3 and operands[1] in ("=", "==") and "$" in operands[0] and "$?" not in operands[0]
        literal = plain and "$" not in operands[2] and any(c.isalpha() for c in operands[2])
        return literal and any(weight(c) == WORK for c in commands(node.right))
    return False
