"""Scripts that end under set -e because a search finds nothing: `N=$(… | grep -c x)`, `grep -v x f > g`."""

from __future__ import annotations

from joblint.rules.checks.containers.errexit import asked, called_in_conditions, errexit, pipefail
from joblint.rules.checks.containers.nothing_found import counts, finds_nothing, inverts, is_quiet
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import Command, Function, Loop, Pipe, children, commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


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
            reason, effect, better = found
            yield script_hit(
                s,
                script,
                node.start,
                node.end,
                command=short(script.text[node.start : node.end]),
                reason=reason,
                effect=effect,
                better=better,
            )
            break


def _allowed(command: Command, before_a_pipe: bool = False) -> str:
    """A command that may find nothing; before a pipe it needs braces, because || applies to whole pipelines."""
    text = " ".join([short(command.text), *command.redirects])
    return f"{{ {text} || true; }}" if before_a_pipe else f"{text} || true"


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
    """Why a command ends with 1, what does not happen then, and what to type instead."""
    if isinstance(node, Command) and not node.words and node.inner:
        # The status of an assignment is that of its last substitution.
        last = node.inner[-1].parts[-1] if node.inner[-1].parts else None
        parts = last.parts if isinstance(last, Pipe) else (last,) if isinstance(last, Command) else ()
        deciding = [p for p in (parts if all_parts else parts[-1:]) if isinstance(p, Command)]
        for each in deciding:
            if counts(each) and each is parts[-1]:
                return "the count is 0", "", _allowed(each)
        name = node.assigns[-1].partition("=")[0] if node.assigns else ""
        check = _emptiness_check(script, node.end, name) if name else ""
        for each in deciding if check else ():
            says = finds_nothing(each)
            if says:
                return says, f", and `{short(check)}` is never reached", _allowed(each, each is not parts[-1])
        return None
    if isinstance(node, Command):
        name, rest = program(node)
        if (
            name == "read"
            and any(w.startswith("-") and w.endswith("d") for w in rest)
            and "" in rest
            and "<<" in "".join(node.redirects)
        ):
            return "it reads to the end of its input", "", _allowed(node)
        if not any(r.lstrip("1").startswith(">") and "/dev/null" not in r for r in node.redirects):
            return None
        if name in ("grep", "egrep", "fgrep") and inverts(rest):
            return "no line is left", "", _allowed(node)
        if name == "diff":
            return "the files differ", "", _allowed(node)
        return None
    if isinstance(node, Pipe):
        *before, last = node.parts
        for part in node.parts if all_parts else node.parts[-1:]:
            if not isinstance(part, Command):
                continue
            each = part
            name, rest = program(each)
            if name not in ("grep", "egrep", "fgrep") or is_quiet(rest):
                continue
            if each is last:
                if inverts(rest) and any(r.lstrip("1").startswith(">") and "/dev/null" not in r for r in each.redirects):
                    return "no line is left", "", _allowed(each)
                continue
            if _works_on_list(last) or inverts(rest) and isinstance(last, Command) and last.words[-1:] == ("-",):
                nothing = "no line is left" if inverts(rest) else "no line matches"
                return nothing, "", _allowed(each, True)
    return None


def _works_on_list(node: Node) -> bool:
    """Whether the end of a pipe does something for each line: xargs, while read; or it continues with the lines."""
    if isinstance(node, Loop):
        return node.condition is not None and any(c.words[:1] == ("read",) for c in commands(node.condition))
    return isinstance(node, Command) and program(node)[0] in ("xargs", "parallel")


def _emptiness_check(script: Script, after: int, name: str) -> str:
    """The command after a position that checks whether a variable is empty, or has a text for that; "" for none."""
    written = (f"${name}", f'"${name}"', f"${{{name}}}", f'"${{{name}}}"', f'"${{{name}:-}}"', f"${{{name}:-}}")
    empty = ('""', "''")
    for command in commands(script.statements, functions=True):
        if command.start < after:
            continue
        if name in [a.partition("=")[0] for a in command.assigns]:
            return ""
        if _has_default(command.text, name):
            return command.text
        if not command.text.startswith(("[", "test ")):
            continue
        texts = [w for w in command.text.split() if w not in ("[", "]", "[[", "]]", "test")]
        for one, two in zip(texts, texts[1:], strict=False):
            if one in ("-z", "-n") and two in written:
                return command.text
        if len(texts) == 1 and texts[0] in written:
            return command.text
        if len(texts) == 3 and texts[0] in written and texts[1] in ("=", "==", "!=") and texts[2] in empty:
            return command.text
    return ""


def _has_default(text: str, name: str) -> bool:
    """Whether a command says what to use if a variable is empty: `${X:-none}`, `${X:+--flag}`, but not `${X:-}`."""
    at = text.find("${" + name + ":")
    end = at + len(name) + 3
    return at >= 0 and text[end : end + 1] in ("-", "+") and text[end + 1 : end + 2] not in ("}", "")
