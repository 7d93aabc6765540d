"""The results of each file by itself: read, run through the engine, taken from the cache; many files, the documents of a large
one, and the items of a large List are distributed among processes. Knows nothing about findings over several files.
"""

from __future__ import annotations

import os

from joblint.base.record import replace
from joblint.rules.finding import failed
from joblint.rules.manifests import read_manifests
from joblint.rules.outcome import Outcome
from joblint.rules.skips import NAMED, Skip
from joblint.run.namespaces import namespaces_in
from joblint.run.processors import at_most, processors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from joblint.api.admission.levels import NamespacePolicies
    from joblint.rules.engine import Engine
    from joblint.rules.one_document import Item, Over
    from joblint.run.cache import Cache, Results, Taken
    from joblint.run.contents import Once
    from joblint.source.unrendered.kustomize_patches import Patches

    Patched = Callable[[object], str | None]

TOO_LARGE = "too large for the memory that joblint may use"

FORK_FROM = 48
"""With at least this many files, a second process saves time."""

AT_ONCE = 32
"""The number of files that a process checks before it reports their results."""

_HERE = 29
"""The number of files that this process checks meanwhile: it also combines and reports the results of all."""

SHARED_FROM = 1 << 20
"""With at least this many bytes in a file, a second process saves time."""

_MOST_SHARED = 8

Part = tuple[str, str, tuple[Outcome, ...], tuple["tuple[str, NamespacePolicies]", ...]]
"""A file: its name in the report, why it could not be read, the results for its documents, the Namespaces in it."""
_Share = tuple[list[Part], "Taken | None"]
"""Some files, and what is new in them for the cache."""


def parts_of(engine: Engine, files: tuple[str, ...], jobs: int, once: Once, cache: Cache | None) -> Iterator[Part]:
    """Return the results for each file, in order."""
    results = cache.results(engine) if cache is not None else None
    count = min(at_most(jobs) or (processors() if len(files) >= FORK_FROM else 1), len(files))
    if count > 1 and hasattr(os, "fork"):
        # What the checks need is imported once, before the processes are forked.
        yield from _taken([each(engine, files[:1], once, results)], results)
        engine.prepare()
        from joblint.run.processes import rounds

        rest = files[1:]
        for round in rounds(count, lambda n: _some(engine, rest, once, results, (n, count))):
            yield from _taken(round, results)
    else:
        shared = min(at_most(jobs) or processors(), _MOST_SHARED)
        for share in _some(engine, files, once, results, processes=shared):
            yield from _taken([share], results)


def _taken(shares: list[_Share], results: Results | None) -> Iterator[Part]:
    """The parts of shares, in the order of the files; new results are added to the cache."""
    if results is not None:
        for _, taken in shares:
            if taken is not None:
                results.add(taken)
    for parts, _ in shares:
        yield from parts


def _some(
    engine: Engine,
    files: tuple[str, ...],
    once: Once,
    results: Results | None,
    share: tuple[int, int] = (0, 1),
    processes: int = 1,
) -> Iterator[_Share]:
    """The results for files, a group at a time; `share` (number, count) are the groups of one of several processes, which follow
    each other in the order of the processes."""
    from joblint.source.unrendered.kustomize_patches import Patches

    patches = Patches()  # reads each kustomization once
    first, size, step = _groups(*share, len(files))
    for i in range(first, len(files), step):
        yield each(engine, files[i : i + size], once, results, processes, patches)


def _groups(number: int, count: int, total: int | None = None) -> tuple[int, int, int]:
    """Where the groups of one of several processes begin, how large they are, and how far it is from one to the next.

    Groups follow each other in the order of the processes. Every process meets the same mixture then: of files that are dealt
    out one by one, every second one may be a CronJob. If there are few in total, each process gets some.
    """
    most = AT_ONCE if total is None else max(1, min(AT_ONCE, -(-total // count)))
    here = min(_HERE, most) if count > 1 else most
    step = here + (count - 1) * most
    return (here + (number - 1) * most, most, step) if number else (0, here, step)


def each(
    engine: Engine,
    files: tuple[str, ...],
    once: Once,
    results: Results | None,
    processes: int = 1,
    patches: Patches | None = None,
) -> _Share:
    """Process files one after the other; an error in one is reported for it alone. The documents of a large one may be
    distributed among processes. `patches` are the kustomizations that are known already."""
    if patches is None:
        from joblint.source.unrendered.kustomize_patches import Patches

        patches = Patches()
    parts: list[Part] = []
    for file in files:
        try:
            name, data = once.read(file)
        except OSError as error:
            parts.append((file, error.strerror or str(error), (), ()))
            continue
        except MemoryError:
            parts.append((file, TOO_LARGE, (), ()))
            continue
        except Exception as error:  # such as one of a library for remote files
            parts.append((file, "", (bug(file, error),), ()))
            continue
        try:
            wrong: tuple[Outcome, ...] = ()
            try:
                namespaces = namespaces_in(data, name)
            except MemoryError:
                raise
            except Exception as error:
                namespaces, wrong = (), (bug(name, error),)
            key = results.key(file, data) if results is not None and file != "-" else b""
            outcomes = results.get(key) if results is not None and key else None
            if outcomes is None:
                outcomes = _outcomes(engine, data, name, patches.of(file), processes)
                if results is not None and key:
                    results.put(key, outcomes)
            parts.append((name, "", outcomes + wrong, namespaces))
        except MemoryError:
            parts.append((name, TOO_LARGE, (), ()))
        except Exception as error:  # an error in one file must not affect the others
            parts.append((name, "", (bug(name, error),), ()))
    return parts, results.taken() if results is not None else None


def _outcomes(engine: Engine, data: bytes, name: str, patched: Patched, processes: int = 1) -> tuple[Outcome, ...]:
    if processes > 1 and len(data) >= SHARED_FROM and hasattr(os, "fork"):
        if data.count(b"\n---") >= AT_ONCE:
            return _shared(engine, data, name, patched, processes)
        return tuple(_run(engine, data, name, patched, over=_in_processes(engine, processes)))
    return tuple(_run(engine, data, name, patched))


def _run(
    engine: Engine, data: bytes, name: str, patched: Patched, share: tuple[int, int, int] | None = None, over: Over = map
) -> Iterator[Outcome]:
    """The results for the documents of a file, or for some of them (see joblint.source.documents.each); `over` maps a
    function over the objects of each."""
    for document in read_manifests(data, name, holders=engine.holders, share=share):
        try:
            why = patched(document.value) if document.value is not None else None
        except MemoryError:
            raise
        except Exception as error:  # an error in one document must not affect the others
            yield bug(name, error, document.index)
            continue
        if why:
            document = replace(document, skipped=document.skipped or why)
        yield engine.run(document, over=over)


def _in_processes(engine: Engine, processes: int) -> Over:
    """Who works over the items of a large List: several processes, each of which takes some of the next ones in turn."""

    def over(work: Callable[[Item], Outcome], items: tuple[Item, ...]) -> Iterable[Outcome]:
        if len(items) <= AT_ONCE:
            return map(work, items)
        found = [work(items[0])]  # what the checks need, and the places in the text, are there before the processes part
        engine.prepare()
        from joblint.run.processes import rounds

        def some(n: int) -> Iterator[list[Outcome]]:
            for begin in range(1 + n * AT_ONCE, len(items), processes * AT_ONCE):
                yield [work(item) for item in items[begin : begin + AT_ONCE]]

        for round in rounds(processes, some):
            for part in round:
                found += part
        return found

    return over


def _shared(engine: Engine, data: bytes, name: str, patched: Patched, processes: int) -> tuple[Outcome, ...]:
    """The results for the documents of a large file, distributed among processes in groups."""

    def work(n: int) -> Iterator[list[Outcome]]:
        some: list[Outcome] = []
        first, size, step = _groups(n, processes)
        for outcome in _run(engine, data, name, patched, (1 + first, size, step)):
            some.append(outcome)
            if len(some) == size:
                yield some
                some = []
        if some:
            yield some

    first = next(_run(engine, data, name, patched))  # what the checks need is imported once, before the processes are forked
    engine.prepare()
    from joblint.run.processes import rounds

    found = [first]
    for round in rounds(processes, work):
        for some in round:
            found += some
    return tuple(found)


def bug(name: str, error: Exception, document: int = 0) -> Outcome:
    """Return the results for a file, or for one document of it, with an error in joblint itself."""
    if isinstance(error, RecursionError):
        return Outcome((), (), (), (), (Skip(document, NAMED, "nested too deeply to check"),))
    return Outcome((), (), (failed(name, document, error),), (), ())
