"""Variables that no shell expands: in single quotes, or in a here-document whose mark is quoted."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.literal_texts import unknown_to_awk
from joblint.rules.checks.containers.place import command_hit
from joblint.shell.syntax import Command, Pipe, children, commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script


_SENDS = names("curl wget psql mysql mariadb mongosh")

_AWK = names("awk gawk mawk nawk")

_LONGEST = 80
"""A longer word is not repeated in the fix."""

_READS_HERE = names("kubectl oc mongosh redis-cli clickhouse-client cqlsh")


def variable_in_single_quotes(s: Subject) -> Iterator[Hit]:
    """`curl -d '{"id": "$ID"}'`: the server gets the name of the variable; one finding for each script."""
    for script in s.scripts:
        known = _set(s, script)
        fed = _piped(script) if "|" in script.text and "<<" in script.text else frozenset()
        for command in commands(script.statements, functions=True, inner=True):
            tool = program(command)[0]
            if tool in _SENDS or tool in _READS_HERE or command.start in fed:
                name = _in_here_document(script.text, command, known)
                if name:
                    advice = "Remove the quotes around the end marker of the here-document: <<EOF instead of <<'EOF'"
                    where = "in a here-document with a quoted end marker"
                    yield command_hit(s, script, command, name=name, where=where, advice=advice)
                    break
            if tool in _AWK:
                name = unknown_to_awk(command.texts[1:])
                if name:
                    better = f"${name}" if name.isdecimal() else f"awk -v {name.lower()}=\"${name}\" '… {name.lower()} …'"
                    yield command_hit(s, script, command, name=f"{{{name}}}", where="in single quotes", advice=better)
                    break
            if tool not in _SENDS:
                continue
            name, text = next(((n, t) for t in command.texts for n in _quoted(t) if n in known), ("", ""))
            if name:
                yield command_hit(s, script, command, name=name, where="in single quotes", advice=_outside(text, name))
                break


def _piped(script: Script) -> frozenset[int]:
    """Where each `cat <<'EOF' | kubectl apply -f -` begins: the program gets the text as it is."""
    found, left = set(), list(children(script.statements))
    while left:
        node = left.pop()
        if isinstance(node, Pipe) and len(node.parts) == 2 and all(isinstance(part, Command) for part in node.parts):
            first, second = (part for part in node.parts if isinstance(part, Command))
            if program(first)[0] == "cat" and program(second)[0] in _READS_HERE:
                found.add(first.start)
        left.extend(children(node))
    return frozenset(found)


def _in_here_document(text: str, command: Command, known: set[str]) -> str:
    """The variable in a here-document whose mark is quoted (`<<'EOF'`), so that nothing in it is expanded; "" for none."""
    for redirect in command.redirects:
        mark = redirect.removeprefix("<<").lstrip("- ")
        if not redirect.startswith("<<") or mark[:1] not in "'\"" or not mark:
            continue
        begin = text.find("\n", command.end)
        end = text.find("\n" + mark[1:].partition(mark[0])[0], begin)
        held = text[begin:end] if 0 <= begin < end else ""
        for name in sorted(known):
            if len(name) > 2 and (f"${{{name}}}" in held or _mentions(held, f"${name}")):
                return name
        return next((found for line in held.split("\n") if (found := _dated(line))), "")
    return ""


def _dated(line: str) -> str:
    """The call of date in the name of an object, `(date +%s)`; a script in the object may well contain one."""
    key, _, value = line.strip().partition(":")
    before, call, after = value.partition("$(date ")
    return f"(date {after.partition(')')[0]})" if key == "name" and call and ")" in after and '"' not in before[1:] else ""


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


def _outside(text: str, name: str) -> str:
    """What to type instead of a word that mentions a variable within single quotes."""
    better = text
    for written in (f"${{{name}}}", f"${name}"):
        if _mentions(better, written):
            better = better.replace(written, f"'\"{written}\"'", 1)
            break
    if text[:1] != "'" or text.count("'") != 2 or "\n" in better or len(better) > _LONGEST or better == text:
        better = f"""'{{"id": "'"${name}"'"}}'"""
    return f"Close the single quotes before the variable and open them again after it: {better}"


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
