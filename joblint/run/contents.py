"""The contents of the files of a check: what can be read only once is kept; does not know any documents but those read
already."""

from __future__ import annotations

import os

from joblint.base.content import manifests, standard_input
from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from joblint.source.documents import Document


@record
class Stdin:
    """Standard input, read once: what it is called in the report, and its content."""

    name: str
    data: bytes


@record
class Once:
    """What can be read only once: standard input, and pipes by their path (and files that have been read already, likewise);
    documents that are read already, by bytes; `far` reads files where they are not on this machine."""

    stdin: Stdin | None
    pipes: dict[str, bytes]
    documents: Mapping[bytes, Document] | None = None
    far: Callable[[str], bytes] | None = None

    def read(self, file: str) -> tuple[str, bytes]:
        """What a file is called in the report, and its content. Raises OSError."""
        if file == "-" and self.stdin is not None:
            return self.stdin.name, self.stdin.data
        data = self.pipes.get(file)
        if data is None:
            data = read_file(file) if self.far is None or file == "-" else self.far(file)
        return file, data

    def again(self, name: str) -> bytes:
        """The content of what is called so in the report. Raises OSError."""
        return self.read("-" if self.stdin is not None and name == self.stdin.name else name)[1]


def read_pipes(files: tuple[str, ...]) -> dict[str, bytes]:
    """The content of the pipes among the files, each of which gives what it holds only once."""
    found = {}
    for file in files:
        if file != "-" and not os.path.isfile(file):
            try:
                found[file] = read_file(file)
            except (OSError, MemoryError):
                continue  # it is reported when the file is checked
    return found


def read_file(file: str) -> bytes:
    """The content of a file, `-` being standard input. Raises OSError."""
    if file == "-":
        return standard_input()
    return manifests(file)
