"""The events a YAML text consists of, as tuples, and the error that ends them; imports nothing.

An event is `(kind, value, style, tag, anchor, implicit, start, end)`; parts that a kind does not have are None:

- `value` is a scalar's text; `style` how it was written: "" plain, "'" or '"' quoted, "|" or ">" a block;
  of a mapping or sequence, whether it stands in braces or brackets
- `tag` is the resolved tag ("tag:yaml.org,2002:str"), `implicit` whether an untagged plain scalar's type is guessed
- `start` and `end` are marks with the attribute `index`: characters from the beginning of the text, a byte order mark not counted
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Event = tuple[Any, ...]
    NextEvent = Callable[[], Event]

SCALAR = 0
MAPPING = 1
SEQUENCE = 2
END = 3  # of a mapping or a sequence
ALIAS = 4
DOCUMENT = 5
DOCUMENT_END = 6
STREAM = 7
STREAM_END = 8

TAG_PREFIX = "tag:yaml.org,2002:"


class Mark:
    """A place in a text: `index` characters from its beginning."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index


class YamlError(Exception):
    """A text that is not YAML, or that the server cannot accept. `index` is the position, in characters from its beginning;
    `context` says what was being read there (it began at `context_index`), in the words of libyaml."""

    def __init__(self, problem: str, index: int, context: str = "", context_index: int = -1) -> None:
        super().__init__(problem)
        self.problem = problem
        self.index = index
        self.context = context
        self.context_index = context_index
