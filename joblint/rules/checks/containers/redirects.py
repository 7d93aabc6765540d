"""Redirections that write to a file although a comparison or a descriptor was intended, or that empty a program's input."""

from __future__ import annotations

from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.faults import redirected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.lexer import Plain
    from joblint.shell.redirect import Redirect

_TESTS = ("[", "test")
_OPERATORS = {">": "-gt", "<": "-lt", ">>": "-gt"}
# Programs whose output is a number, or that compare: after them, `> 2` was meant as a comparison.
_COUNTS = ("grep", "wc", "expr", "echo", "nproc", "stat", "du", "date")
# Programs that read their files and write to standard output.
_READERS = frozenset(
    ("cat", "sort", "uniq", "sed", "awk", "gawk", "jq", "yq", "grep", "egrep", "tr", "cut", "head", "tail", "envsubst", "iconv")
    + ("column", "tac", "rev", "fold", "fmt", "nl", "paste", "base64", "gzip", "gunzip", "zcat", "openssl", "xmllint", "jsonnet")
)


def redirect_to_a_number(s: Subject) -> Iterator[Hit]:
    """`> 2`, `[ $n > 3 ]`: the shell writes or reads a file of that name; it compares nothing and uses no descriptor."""
    for script in s.scripts:
        for command in redirected(script.text):
            for redirect in command.redirects:
                told = _number(command, redirect)
                if told is None:
                    continue
                effect, instead = told
                yield script_hit(
                    s,
                    script,
                    command.start,
                    command.end,
                    text=short(script.text[redirect.start : redirect.end]),
                    effect=effect,
                    instead=instead,
                )
                break


def _number(command: Plain, redirect: Redirect) -> tuple[str, str] | None:
    """What a redirection to a number does, and what to type instead; None for any other."""
    word, sign = redirect.word.strip("\"'"), redirect.sign
    tests = command.words[:1] in (("[",), ("test",))
    if sign not in _OPERATORS or redirect.descriptor and (tests or sign == "<"):
        return None
    number = word.isdecimal() and word.isascii()
    if not number and not (tests and len(command.words) > 1 and word and word[0] == "$" and "/" not in word and "." not in word):
        return None
    does = "reads a file" if sign == "<" else "writes to a file"
    if tests:
        operator = _OPERATORS[sign]
        left = command.words[1] if len(command.words) > 1 else "$n"
        return f"{does} named {word} and compares nothing: the test only checks whether {left} is empty", (
            f"[ {left} {operator} {redirect.word} ]"
        )
    name = command.words[0].rsplit("/", 1)[-1] if command.words else ""
    if sign == "<":
        return (f"{does} named {word}", f"[ $(…) -lt {word} ], or <&{word}") if name in _COUNTS else None
    if word in ("1", "2") and name not in _COUNTS[:2]:
        descriptor = redirect.descriptor or ""
        stream = "standard output" if word == "1" else "standard error"
        return f"{does} named {word} in the working directory, not to {stream}", f"{descriptor}>&{word}"
    if name in _COUNTS:
        return f"{does} named {word} and compares nothing", f"[ $({name} …) -gt {word} ]"
    return None


def file_read_after_it_is_emptied(s: Subject) -> Iterator[Hit]:
    """`sort x > x`: the shell empties the file before the program reads it."""
    for script in s.scripts:
        for command in redirected(script.text):
            name = command.words[0].rsplit("/", 1)[-1] if command.words else ""
            if name not in _READERS or "-i" in command.words:
                continue
            reads = {w.strip("\"'") for w in command.words[1:] if w[:1] != "-"}
            reads |= {r.word.strip("\"'") for r in command.redirects if r.sign == "<"}
            for redirect in command.redirects:
                target = redirect.word.strip("\"'")
                empties = redirect.sign in (">", ">|") and redirect.descriptor in ("", "1")
                if empties and target in reads and target and not target.startswith("/dev/"):
                    text = short(script.text[command.start : command.end])
                    yield script_hit(s, script, command.start, command.end, file=target, command=name, text=text)
                    break
