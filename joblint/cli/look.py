"""`joblint check` of the state of a cluster that kubectl wrote: read object by object, not as a whole."""

from __future__ import annotations

import sys

from joblint.run.contents import Once, Stdin
from joblint.run.dump import HEAD, check_dump
from joblint.run.dump_text import NoDump
from joblint.run.dump_yaml import YAML_HEAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.run.dump_text import Read
    from joblint.run.projects import Project
    from joblint.run.result import Report

_CHUNK = 1 << 20


def looked_at(file: str, project: Project, least: str, stdin_name: str) -> Report | Stdin | None:
    """Return the report on a file, or on standard input (`-`), with such output; None for another file, and the text read so
    far if standard input is something else. Raises OSError."""
    from time import time

    engine = project.engines[-1].showing(least)
    if file == "-":
        name = stdin_name or "<stdin>"
        read: Read = sys.stdin.buffer.read
        start = read(_CHUNK)
        if _is_look(start):
            try:
                return check_dump(engine, name, start, read, Once(Stdin(name, b""), {}), time())
            except NoDump as error:
                start = error.data
        return Stdin(name, start + read(-1))
    with open(file, "rb") as opened:
        start = opened.read(_CHUNK)
        if not _is_look(start):
            return None
        try:
            return check_dump(engine, file, start, opened.read, Once(None, {}), time())
        except NoDump:
            return None


def _is_look(start: bytes) -> bool:
    return (HEAD.match(start) or YAML_HEAD.match(start)) is not None
