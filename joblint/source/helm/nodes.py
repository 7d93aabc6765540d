"""The parts of a parsed template: texts, actions, blocks, and the expressions in them; no behavior."""

from __future__ import annotations

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Failure(Exception):
    """Rendering stops: helm reports an error here."""


class Unsupported(Failure):
    """A function or form that joblint does not evaluate."""


@record
class Operand:
    """One word of a command: `kind` is `dot`, `const`, `func`, `var` or `pipe`; `value` is the constant, the name or the
    pipeline; `names` are the fields behind it (`.a.b`)."""

    kind: str
    value: Any
    names: tuple[str, ...] = ()


@record
class Pipeline:
    """Commands with `|` between them; `names` are the variables that it sets, `declares` whether they are new."""

    commands: tuple[tuple[Operand, ...], ...]
    names: tuple[str, ...] = ()
    declares: bool = False


@record
class Text:
    """Text that is printed as it is."""

    text: str


@record
class Print:
    """An action: prints the value of its pipeline, unless that sets a variable."""

    pipeline: Pipeline


@record
class Block:
    """`if`, `with` or `range`."""

    word: str
    pipeline: Pipeline
    body: tuple[Any, ...]
    other: tuple[Any, ...]


@record
class Call:
    """`template` (and `block`): prints a definition."""

    name: str
    pipeline: Pipeline | None


@record
class Jump:
    """`break` or `continue`."""

    word: str
