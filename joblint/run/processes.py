"""Work shared among processes by forking: what each came to comes back through a pipe; knows nothing of the work."""

from __future__ import annotations

import os

from joblint.base.uninterrupted import Uninterrupted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


_ALWAYS = 8  # as many as anybody may ask for on any machine


def processors() -> int:
    """How many processes can work at once here; 1 where processes cannot be forked."""
    if not hasattr(os, "fork"):
        return 1
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), 8)
    return min(os.cpu_count() or 1, 8)


def at_most(asked: int) -> int:
    """How many processes to make where somebody asks for so many: more than four for each processor only cost memory."""
    if asked <= _ALWAYS:
        return asked
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(asked, max(_ALWAYS, 4 * here))


def spread(processes: int, work: Callable[[int], T]) -> list[T]:
    """`work(0)`, `work(1)` … for that many processes, in this order, each in a process of its own, the first one here.

    What comes of it must be such that pickle can write it. The work of a process that dies is done here, so that nothing is
    lost.
    """
    if processes < 2:
        return [work(0)]
    import pickle

    children: list[tuple[int, int, int]] = []
    found: list[T] = []
    try:
        for n in range(1, processes):
            with Uninterrupted() as held:  # nobody is born unnoticed
                child = _child(n, work, held)
                if child is not None:
                    children.append((n, *child))
            if child is None:
                break
        here = {n: work(n) for n in (0, *range(len(children) + 1, processes))}
        found.append(here[0])
        while children:
            n, process, reader = children[0]
            with os.fdopen(reader, "rb", closefd=False) as source:
                data = source.read()
            _, status = os.waitpid(process, 0)
            children.pop(0)
            os.close(reader)
            found.append(pickle.loads(data) if status == 0 else work(n))
        return found + [here[n] for n in sorted(here) if n]
    finally:
        for _, process, reader in children:  # who is stopped takes the others along
            os.close(reader)
            _end(process)


def _child(n: int, work: Callable[[int], T], held: Uninterrupted) -> tuple[int, int] | None:
    """A process that does a part of the work, and the pipe that its result comes through; None where the system gives no
    more processes or descriptors: the work is done in those that there are."""
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

            os.close(reader)
            data = pickle.dumps(work(n), pickle.HIGHEST_PROTOCOL)
            with os.fdopen(writer, "wb") as out:
                out.write(data)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    return process, reader


def _end(process: int) -> None:
    from signal import SIGKILL

    try:
        os.kill(process, SIGKILL)
        os.waitpid(process, 0)
    except OSError:  # it has ended by itself
        return
