"""Work shared among processes by forking: what each came to comes back through a pipe; knows nothing of the work."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


def processors() -> int:
    """How many processes can work at once here; 1 where processes cannot be forked."""
    if not hasattr(os, "fork"):
        return 1
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), 8)
    return min(os.cpu_count() or 1, 8)


def spread(processes: int, work: Callable[[int], T]) -> list[T]:
    """`work(0)`, `work(1)` … for that many processes, in this order, each in a process of its own, the first one here.

    What comes of it must be such that pickle can write it. The work of a process that dies is done here, so that nothing is
    lost.
    """
    if processes < 2:
        return [work(0)]
    import pickle

    children: list[tuple[int, int, int]] = []
    for n in range(1, processes):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.close(reader)
                data = pickle.dumps(work(n), pickle.HIGHEST_PROTOCOL)
                with os.fdopen(writer, "wb") as out:
                    out.write(data)
                status = 0
            finally:
                os._exit(status)
        os.close(writer)
        children.append((n, child, reader))
    found = [work(0)]
    for n, child, reader in children:
        with os.fdopen(reader, "rb") as source:
            data = source.read()
        _, status = os.waitpid(child, 0)
        found.append(pickle.loads(data) if status == 0 else work(n))
    return found
