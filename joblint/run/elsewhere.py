"""The interface for processing the files of a check elsewhere; knows nothing about implementations."""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.engine import Engine
    from joblint.run.parts import Part


class Elsewhere(Protocol):
    """Other machines, or existing results. `whole` says whether they process all files of the check: rules over several files
    can report only then. `complete` says whether they need all findings, also those that are only counted: to keep them."""

    whole: bool
    complete: bool

    def parts(self, engine: Engine, files: tuple[str, ...]) -> Iterator[Part]:
        """Return the results for each file, in order."""

    def read(self, file: str) -> bytes:
        """Return a file's content again, for a finding over several files. Raises OSError."""
