"""The parts of a parsed template: texts, actions, blocks, and the expressions in them; no behavior."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Failure(Exception):
    """Rendering stops: helm reports an error here. `at` is the template (as `parse` was given it) and the position in its text,
    None if it is not known; `places` are those in each template that is left, the innermost first."""

    at: tuple[str, int] | None = None
    places: tuple[tuple[str, int], ...] = ()


class Syntax(Failure):
    """A template that cannot be parsed, whatever its values are."""

    def __init__(self, said: str, position: int = -1) -> None:
        super().__init__(said)
        self.position = position


class Undefined(Failure):
    """A named template that no file defines."""


class Asked(Failure):
    """The message of the chart itself if a value is missing or wrong: `required`, `fail`."""


class Nil(Failure):
    """A field of a value that is not set."""


class Unsupported(Failure):
    """A function or form that joblint does not evaluate."""


class Operand(Record):
    """One word of a command: `kind` is `dot`, `const`, `func`, `var` or `pipe`; `value` is the constant, the name or the
    pipeline; `names` are the fields after it (`.a.b`)."""

    kind: str
    value: Any
    names: tuple[str, ...] = ()


class Pipeline(Record):
    """Commands with `|` between them; `names` are the variables that it sets, `declares` whether they are new."""

    commands: tuple[tuple[Operand, ...], ...]
    names: tuple[str, ...] = ()
    declares: bool = False


class Text(Record):
    """Text that is printed as it is."""

    text: str


class Print(Record):
    """An action: prints the value of its pipeline, unless that sets a variable. `at` is where it is, as in `Failure`."""

    pipeline: Pipeline
    at: tuple[str, int] | None = None


class Block(Record):
    """`if`, `with` or `range`."""

    word: str
    pipeline: Pipeline
    body: tuple[Any, ...]
    other: tuple[Any, ...]
    at: tuple[str, int] | None = None


class Call(Record):
    """`template` (and `block`): prints a definition."""

    name: str
    pipeline: Pipeline | None
    at: tuple[str, int] | None = None


class Jump(Record):
    """`break` or `continue`."""

    word: str
