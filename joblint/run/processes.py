"""Work distributed among processes by forking: results come back through a pipe; knows nothing about the work."""

from __future__ import annotations

import os

from joblint.base.uninterrupted import Uninterrupted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    T = TypeVar("T")


def rounds(processes: int, work: Callable[[int], Iterator[T]]) -> Iterator[list[T]]:
    """Yield the results of `work(0)`, `work(1)` … in that many processes, a list for each round: the first of each, the second
    of each, and so on.

    The first one works here; the others may be ahead of it by the size of a pipe. A round omits those that are done. The
    results must be serializable by pickle. The work of a process that dies is done here, so that nothing is lost.
    """
    children: list[_Child] = []
    try:
        for n in range(1, processes):
            with Uninterrupted() as held:  # no process is forked unnoticed
                child = _child(n, work, held, [c.reader for c in children])
                if child is not None:
                    children.append(child)
            if child is None:
                break
        sources = [work(0), *[c.given(work) for c in children], *[work(n) for n in range(len(children) + 1, processes)]]
        while sources:
            found = []
            for source in list(sources):
                try:
                    found.append(next(source))
                except StopIteration:
                    sources.remove(source)
            if found:
                yield found
    finally:
        for child in children:  # if this process is stopped, the others are stopped as well
            child.end()


class _Child:
    """A process that does a part of the work, and the pipe for its results."""

    __slots__ = ("_n", "_process", "reader")

    def __init__(self, n: int, process: int, reader: int) -> None:
        self._n = n
        self._process = process
        self.reader = reader

    def given(self, work: Callable[[int], Iterator[T]]) -> Iterator[T]:
        """Yield the results of the process; if it ends too early, the rest is computed here."""
        import pickle

        count = 0
        with os.fdopen(self.reader, "rb", closefd=False) as source:
            while True:
                size = int.from_bytes(source.read(_HEAD), "little")
                data = source.read(size) if size != _LAST else b""
                if not data or len(data) < size:
                    break
                yield pickle.loads(data)
                count += 1
        if size != _LAST:
            for i, found in enumerate(work(self._n)):
                if i >= count:
                    yield found

    def end(self) -> None:
        """Stop the process, if it still runs."""
        from signal import SIGKILL

        os.close(self.reader)
        try:
            os.kill(self._process, SIGKILL)
            os.waitpid(self._process, 0)
        except OSError:  # it has ended by itself
            return


_HEAD = 8
"""The number of bytes that contain the length of the next result."""
_LAST = (1 << 64) - 1
"""Marks the end of the results."""
_AHEAD = 1 << 20
"""The number of bytes of results that a process may be ahead, if the system allows such a large pipe (Linux does)."""


def _child(n: int, work: Callable[[int], Iterator[T]], held: Uninterrupted, others: list[int]) -> _Child | None:
    """A process that does a part of the work; None if the system allows no more processes or descriptors: the work is done in
    the existing ones."""
    try:
        reader, writer = os.pipe()
    except OSError:
        return None
    try:
        process = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        return None
    if process == 0:
        status = 1
        try:
            held.let()
            import pickle

            for pipe in (reader, *others):  # an open copy keeps a process writing that nobody reads
                os.close(pipe)
            _widen(writer)
            with os.fdopen(writer, "wb") as out:
                for found in work(n):
                    data = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
                    out.write(len(data).to_bytes(_HEAD, "little") + data)
                    out.flush()
                out.write(_LAST.to_bytes(_HEAD, "little"))
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    return _Child(n, process, reader)


def _widen(pipe: int) -> None:
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _AHEAD)
    except (ImportError, AttributeError, OSError):
        return
