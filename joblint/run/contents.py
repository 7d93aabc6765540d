"""The contents of the files of a check: what can be read only once is kept; knows nothing about documents except those read
already.
"""

from __future__ import annotations

import os

from joblint.base.content import manifests, standard_input
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.source.documents import Document


class Stdin(Record):
    """Standard input, read once: its name in the report, and its content."""

    name: str
    data: bytes


class Once(Record):
    """What can be read only once: standard input, and pipes by their path (as well as files that have been read already);
    the documents of that one file, if they are read already; `far` reads files that are not on this machine."""

    stdin: Stdin | None
    pipes: dict[str, bytes]
    documents: tuple[Document, ...] | None = None
    far: Callable[[str], bytes] | None = None

    def read(self, file: str) -> tuple[str, bytes]:
        """Return a file's name in the report, and its content. Raises OSError."""
        if file == "-" and self.stdin is not None:
            return self.stdin.name, self.stdin.data
        data = self.pipes.get(file)
        if data is None:
            data = read_file(file) if self.far is None or file == "-" else self.far(file)
        return file, data

    def again(self, name: str) -> bytes:
        """Return the content of a file by its name in the report. Raises OSError."""
        return self.read("-" if self.stdin is not None and name == self.stdin.name else name)[1]


def read_pipes(files: tuple[str, ...]) -> dict[str, bytes]:
    """Return the content of the pipes among the files, each of which can be read only once."""
    found = {}
    for file in files:
        if file != "-" and not os.path.isfile(file):
            try:
                found[file] = read_file(file)
            except (OSError, MemoryError):
                continue  # it is reported when the file is checked
    return found


def read_file(file: str) -> bytes:
    """Return the content of a file; `-` is standard input. Raises OSError."""
    if file == "-":
        return standard_input()
    return manifests(file)
