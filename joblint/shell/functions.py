"""Functions of a script and the calls of them with their arguments; knows the shell's syntax alone.

A function that waits for a host usually gets it as an argument: `wait_for db 5432`.
"""

from __future__ import annotations

import re

from joblint.shell.syntax import Command, Function, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from joblint.shell.syntax import Node, Sequence

_ARGUMENT = re.compile(r"([A-Za-z_]\w*)=\"?\$\{?([1-9])\}?\"?")
_REFERENCE = re.compile(r"\"?\$(?:\{(\w+)\}|(\w+))\"?")
_MOST = 50


def calls(script: Sequence) -> Iterator[tuple[Node, Mapping[str, str]]]:
    """Yield the body of a function for each call of it with words, with its parameters and the variables that are set from them,
    as far as the call shows them."""
    bodies = {part.name: part.body for part in script.parts if isinstance(part, Function)}
    if not bodies:
        return
    made = 0
    for command in commands(script):
        if not command.words or command.words[0] not in bodies or made > _MOST:
            continue
        made += 1
        body = bodies[command.words[0]]
        given = {str(i): word for i, word in enumerate(command.words[1:10], 1) if word}
        for inner in commands(body):
            for text in (*inner.assigns, *inner.texts):
                match = _ARGUMENT.fullmatch(text)
                if match is not None and match[2] in given:
                    given.setdefault(match[1], given[match[2]])
        yield body, given


def bound(words: tuple[str, ...], texts: tuple[str, ...], given: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of a command of a function, with the arguments of a call for its parameters."""
    out = []
    for word, text in zip(words, texts, strict=False):
        match = _REFERENCE.fullmatch(text) if not word and given else None
        out.append(given.get(match[1] or match[2], "") if match is not None else word)
    return tuple(out)


def inlined(script: Sequence, deepest: int = 3) -> tuple[Node, ...]:
    """Return the statements of a script with the bodies of its functions in the place of plain calls of them."""
    bodies = {part.name: part.body for part in script.parts if isinstance(part, Function)}
    found: list[Node] = []
    left: list[tuple[Node, int]] = [(part, 0) for part in reversed(script.parts) if not isinstance(part, Function)]
    while left and len(found) < 5000:
        part, depth = left.pop()
        name = part.words[0] if isinstance(part, Command) and part.words else ""
        if name in bodies and depth < deepest:
            body = getattr(bodies[name], "body", bodies[name])
            left.extend([(each, depth + 1) for each in reversed(getattr(body, "parts", (body,)))])
        else:
            found.append(part)
    return tuple(found)
