"""Small mistakes in scripts: lines that a folded scalar joins, spaces around `=`, variables in single quotes, loops that do the
same work each time or lose their input, a deletion after a `cd` that may fail."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import command_hit, script_hit, short
from joblint.shell.continued import option_lines
from joblint.shell.syntax import AndOr, Command, Loop, Sequence, children, commands
from joblint.shell.weight import WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

# Programs that begin a line of a script, and hardly ever an argument of another one.
_STARTS = names(
    "echo export cd set psql mysql pg_dump kubectl curl wget python python3 node npm yarn pip bash sh if for while until exit "
    "sleep mkdir rm cp mv tar gzip aws gsutil gcloud helm git java bundle rake php apk apt-get chmod chown source exec trap "
    "redis-cli mongodump mongosh mongo mysqldump rclone restic mc jq sed awk grep touch cat date sync rsync terraform ansible"
)
# What may stand before another command on one line.
_BEFORE = names(
    "sudo env exec time nohup xargs then do else if while until ! && || | ; { ( timeout nice command -- bash sh -c kubectl"
)
_ENDS = ("&&", "||", "|", ";", "\\", "{", "(", "do", "then", "else", "&", ",", "[", "--", "=")


def folded_script(s: Subject) -> Iterator[Hit]:
    """A script in a folded scalar (`>`), whose lines are joined: a comment swallows the rest, a command becomes an argument, or a
    backslash quotes a space."""
    if not s.document.asked(_may_be_folded):
        return
    for script in s.scripts:
        field = s.prefix + script.field
        if s.document.style(field) != "folded" or script.text.count("\n") > 40:
            continue
        whole = s.document.span(field)
        rows = [(n, s.document.source_line(n) or "") for n in range(whole.line + 1, whole.end_line + 1)]
        found = _joined(rows)
        if found is None:
            continue
        row, kind, first, second = found
        column = len(first) - len(first.lstrip()) + 1
        from joblint.rules.finding import Hit
        from joblint.source.places.spans import Span

        one, two = short(first.strip()), short(second.strip())
        effect = {
            "comment": f"everything after `{one}` is part of the comment and does not run",
            "command": f"`{two}` becomes arguments of `{one}`",
            "backslash": f"the `\\` at the end of `{one}` passes it a space as an argument",
        }[kind]
        yield Hit(script.field, {"effect": effect}, span=Span(row, column, row, len(first.rstrip()) + 1))
        return


def _may_be_folded(text: str) -> bool:
    """Whether a line of a document may end with the header of a folded scalar: looking up how a field is written takes longer."""
    at = text.find(">")
    while at >= 0:
        end = text.find("\n", at)
        after = text[at + 1 : end if end >= 0 else len(text)].partition("#")[0]
        if not after.strip("-+0123456789 \t\r"):
            return True
        at = text.find(">", at + 1)
    return False


def _joined(rows: list[tuple[int, str]]) -> tuple[int, str, str, str] | None:
    """The first two lines that are joined although they were not meant to be: the number of the first, what happens, both."""
    base = next((len(line) - len(line.lstrip()) for _, line in rows if line.strip()), 0)
    for (n, line), (_, following) in zip(rows, rows[1:], strict=False):
        one, two = line.strip(), following.strip()
        if not one or not two or any(len(each) - len(each.lstrip()) != base for each in (line, following)):
            continue  # a line with more indentation keeps its line breaks
        if one.startswith("#") and not two.startswith("#"):
            return n, "comment", line, following
        if one.endswith(" \\") and not any(q in one for q in "'\""):
            return n, "backslash", line, following
        words = two.split()
        starts = one.split()
        if (
            starts[0] == "set"
            and len(starts) > 1
            and ";" not in one
            and all(w[:1] in "-+" or w == "pipefail" for w in starts[1:])
            and words[0][0].isalpha()
        ):
            return n, "command", line, following  # whatever follows becomes arguments of set
        if one.endswith(_ENDS) or starts[-1] in _BEFORE or two.startswith(("&&", "||", "|", "-", ")", "}")):
            continue
        follows = words[0] in _STARTS or words[0].startswith(("/", "./")) and starts[0] in ("set", "export", "cd", "source")
        if follows and _begins(starts[0]) and one.count("'") % 2 == 0 and one.count('"') % 2 == 0:
            return n, "command", line, following
    return None


def _begins(word: str) -> bool:
    return word in _STARTS or word.startswith(("/", "./"))


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


def line_is_an_option(s: Subject) -> Iterator[Hit]:
    """A line that begins with an option, which was meant for the command of the previous line: the shell runs the option as a
    program, exit code 127; one finding for each script."""
    for script in s.scripts:
        if "\n" not in script.text or script.text.find("-") < 0:
            continue
        for start, end, before in option_lines(script.text):
            option = short(script.text[start:end])
            yield script_hit(s, script, start, end, option=option, why=_why_not_joined(s, script, before))
            break


def _why_not_joined(s: Subject, script: Script, before: str) -> str:
    if before.rstrip().endswith("\\"):
        return "there is a space after the \\ of the previous line"
    if s.document.style(s.prefix + script.field) == "folded":
        return "in a folded scalar (>), lines that are indented more are not joined"
    return "the previous line does not end with \\"


_SENDS = names("curl wget psql mysql mariadb mongosh")


def variable_in_single_quotes(s: Subject) -> Iterator[Hit]:
    """`curl -d '{"id": "$ID"}'`: the server gets the name of the variable; one finding for each script."""
    for script in s.scripts:
        known = _set(s, script)
        for command in commands(script.statements, functions=True, inner=True):
            tool = program(command)[0]
            if tool in _SENDS or tool in _READS_HERE:
                name = _in_here_document(script.text, command, known)
                if name:
                    yield command_hit(s, script, command, name=name)
                    break
            if tool not in _SENDS:
                continue
            name = next((n for t in command.texts for n in _quoted(t) if n in known), "")
            if name:
                yield command_hit(s, script, command, name=name)
                break


_READS_HERE = names("kubectl oc mongosh redis-cli clickhouse-client cqlsh")


def _in_here_document(text: str, command: Command, known: set[str]) -> str:
    """The variable in a here-document whose mark is quoted (`<<'EOF'`), so that nothing in it is expanded; "" for none."""
    for redirect in command.redirects:
        mark = redirect.removeprefix("<<").lstrip("- ")
        if not redirect.startswith("<<") or mark[:1] not in "'\"" or not mark:
            continue
        begin = text.find("\n", command.end)
        end = text.find("\n" + mark.strip("'\""), begin)
        held = text[begin:end] if 0 <= begin < end else ""
        for name in sorted(known):
            if len(name) > 2 and (f"${{{name}}}" in held or _mentions(held, f"${name}")):
                return name
    return ""


def _mentions(text: str, written: str) -> bool:
    at = text.find(written)
    after = text[at + len(written) : at + len(written) + 1] if at >= 0 else "x"
    return at >= 0 and not (after.isalnum() or after == "_")


def _set(s: Subject, script: Script) -> set[str]:
    from joblint.rules.subject import as_dict, as_list

    found = {str(as_dict(e).get("name")) for e in as_list(script.container.data.get("env"))}
    for command in commands(script.statements, functions=True):
        found.update(a.partition("=")[0] for a in command.assigns)
    return found


def _quoted(text: str) -> Iterator[str]:
    """The variables that a word mentions within single quotes."""
    quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and quote != "'":
            at += 1
        elif char in "'\"" and quote in ("", char):
            quote = "" if quote else char
        elif char == "$" and quote == "'":
            end = at + 1 + text[at + 1 :].startswith("{")
            begin = end
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
            if end - begin > 2:
                yield text[begin:end]
        at += 1


_KEEPS = names("break exit return continue sleep read shift wait")


def loop_variable_unused(s: Subject) -> Iterator[Hit]:
    """`for NS in a b; do …` whose commands use the variable in messages alone: the same work several times."""
    for script in s.scripts:
        for loop in _loops(script.statements):
            head = loop.head.split()
            if loop.kind != "for" or len(head) < 5 or head[2] != "in" or head[1] == "_" or "seq" in loop.head or "{" in loop.head:
                continue
            name = head[1]
            inside = list(commands(loop.body, functions=True))
            text = script.text[loop.body.start : loop.body.end]
            if not name.isidentifier() or name not in text or any(program(c)[0] in _KEEPS for c in inside):
                continue
            prints = [c for c in inside if program(c)[0] in ("echo", "printf")]
            work = [c for c in inside if c not in prints]
            if not any(weight(c) == WORK for c in work) or any(isinstance(n, AndOr) for n in _all(loop.body)):
                continue
            without = text
            for each in prints:
                without = without.replace(each.text, "")
            if name not in without and not any(c.redirects for c in prints):
                first = next(c for c in work if weight(c) == WORK)
                count = len(loop.head[loop.head.find(" in ") + 4 :].replace(";", " ").split())
                yield command_hit(s, script, first, name=name, count=count)
                return


def _all(node: Node) -> Iterator[Node]:
    left: list[Node] = [node]
    while left:
        each = left.pop()
        yield each
        left.extend(children(each))


def _loops(node: Node) -> Iterator[Loop]:
    for each in _all(node):
        if isinstance(each, Loop):
            yield each


def loop_loses_input(s: Subject) -> Iterator[Hit]:
    """`while read …; do ssh …; done`: ssh reads the rest of the list from standard input; one finding for each script."""
    for script in s.scripts:
        for loop in _loops(script.statements):
            reads = loop.condition is not None and any(c.words[:1] == ("read",) for c in commands(loop.condition))
            if (
                loop.kind != "while"
                or not reads
                or loop.condition is not None
                and " -u" in script.text[loop.start : loop.body.start]
            ):
                continue
            found = next((c for c in commands(loop.body) if _reads_input(c)), None)
            if found is not None:
                yield command_hit(s, script, found, program=program(found)[0])
                return


def _reads_input(command: Command) -> bool:
    name, rest = program(command)
    if any(r.lstrip("0").startswith("<") for r in command.redirects):
        return False
    if name == "ssh":
        return not any(w.startswith("-") and not w.startswith("--") and ("n" in w or "f" in w) for w in rest)
    if name == "ffmpeg":
        return "-nostdin" not in rest
    if name in ("kubectl", "oc", "docker") and "exec" in rest:
        before = rest[: rest.index("--")] if "--" in rest else rest
        return any(w in ("-i", "-it", "-ti", "--stdin") for w in before)
    return False


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
                yield command_hit(s, script, command, taken=short(taken.strip("'\"")))
                break
