"""Who else may work over the files of a check: what it is asked for, and what it gives; does not know any way to do it."""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.engine import Engine
    from joblint.run.parts import Part


class Elsewhere(Protocol):
    """Other machines, or results that there are already. `whole` is whether it has all files of the check: only then the
    rules over several files can say anything."""

    whole: bool

    def parts(self, engine: Engine, files: tuple[str, ...]) -> Iterator[Part]:
        """What came of each file, in their order."""

    def read(self, file: str) -> bytes:
        """A file's content again, for a finding over several files. Raises OSError."""
