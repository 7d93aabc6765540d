"""Tables whose header line is processed like the others: `kubectl get pods | awk '{print $1}' | xargs kubectl delete pod`.

Source: kubectl 1.36 (cli-runtime printers/tableprinter.go), Helm 3 (cmd/helm/list.go).
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import command_hit, short
from joblint.shell.syntax import Command, Loop, Pipe, children, commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.syntax import Node

_KEEP = names("sort uniq tr cat tee column")
"""Programs that let the header line pass."""
_PRINTS = names("echo printf sleep set true :")
"""Programs that do no harm with the words of a header line."""
_TESTS = ("[ ", "[[ ", "test ")
_COLUMNS = frozenset("0123456789{}print$, \"':-/\\t;()")


def header_line_processed(s: Subject) -> Iterator[Hit]:
    """The words of a table go to xargs or into a loop, with those of its header line; one finding for each script."""
    for script in s.scripts:
        found = next(_tables(script.statements), None) if "|" in script.text else None
        if found is not None and "--ignore-not-found" not in found[2]:
            at, table, sink = found
            plain = "--short" if table.startswith("helm") else "--no-headers"
            yield command_hit(s, script, at, table=short(table), sink=short(sink), better=f"{short(table)} {plain}")


def _tables(script: Node) -> Iterator[tuple[Command, str, str]]:
    """Where a table is printed, the command that prints it, and what gets its lines."""
    left: list[Node] = [script]
    while left:
        node = left.pop()
        if isinstance(node, Pipe):
            yield from _piped(node)
        elif isinstance(node, Loop) and node.kind == "for":
            yield from _looped(node)
        left.extend(reversed(children(node)))


def _piped(pipe: Pipe) -> Iterator[tuple[Command, str, str]]:
    first, *others = pipe.parts
    if not isinstance(first, Command) or not _has_header(first):
        return
    cut = False
    for part in others:
        if isinstance(part, Loop) and part.kind == "while" and cut:
            called = _called(part)
            if called is not None:
                yield first, first.text, called.text
            return
        if not isinstance(part, Command):
            return
        name, _ = program(part)
        if name == "xargs":
            if cut:
                yield first, first.text, part.text
            return
        if _cuts(part):
            cut = True
        elif name not in _KEEP:
            return


def _looped(loop: Loop) -> Iterator[tuple[Command, str, str]]:
    """`for pod in $(kubectl get pods | awk '{print $1}')`: the text before `do` contains the whole table."""
    head = loop.head
    begin = head.find("$(")
    if begin < 0 or "kubectl" not in head and "oc " not in head and "helm l" not in head:
        return
    from joblint.shell.grammar import parse

    inner = parse(head[begin + 2 : head.rfind(")")])
    if len(inner.parts) == 1 and isinstance(inner.parts[0], Pipe):
        parts = inner.parts[0].parts
        kept = [p for p in parts if isinstance(p, Command)]
        if len(kept) == len(parts) and _has_header(kept[0]) and any(map(_cuts, kept[1:])):
            if all(_cuts(p) or program(p)[0] in _KEEP for p in kept[1:]):
                called = _called(loop)
                if called is not None:
                    yield called, kept[0].text, called.text


def _called(loop: Loop) -> Command | None:
    """The first command in a loop to which the header line matters; None if the loop only prints, or tests for the header."""
    found = list(commands(loop.body))
    if any("NAME" in c.text for c in found if c.text.startswith(_TESTS)):
        return None
    return next((c for c in found if program(c)[0] not in _PRINTS and not c.text.startswith(_TESTS)), None)


def _has_header(command: Command) -> bool:
    """Whether a command prints a table with a header line."""
    name, rest = program(command)
    words = list(rest)
    if name in ("kubectl", "oc"):
        verbs = [w for w in words if not w.startswith("-")]
        outputs = [b or "" for a, b in zip(words, [*words[1:], ""], strict=True) if a in ("-o", "--output")]
        outputs += [w.partition("=")[2] if w.startswith("--output=") else w[2:].lstrip("=") for w in words if _is_output(w)]
        return "get" in verbs[:2] and all(o == "wide" for o in outputs) and not any(w.startswith("--no-headers") for w in words)
    return (
        name == "helm"
        and words[:1] in (["list"], ["ls"])
        and not any(w in ("-q", "--short", "-o") or "output" in w for w in words)
    )


def _is_output(word: str) -> bool:
    return word.startswith("--output=") or word.startswith("-o") and len(word) > 2


def _cuts(command: Command) -> bool:
    """Whether a command prints columns of each line, and of all lines."""
    name, rest = program(command)
    if name in ("awk", "gawk", "mawk"):
        return len(rest) == 1 and rest[0].strip().startswith("{") and _COLUMNS.issuperset(rest[0]) and "print" in rest[0]
    return name == "cut" and any(w.startswith("-f") for w in rest)
