"""Files processed by the workers of a Dask cluster: distributed in batches, combined in order. The extra `dask`.

A batch is a pure function of the files and the engine: one that is lost with its worker is repeated, and nothing counts twice.
A file on which workers die repeatedly is reported, and the others continue. Tasks and results are pickled, as always in Dask:
who can reach the scheduler can run code on the workers, with or without joblint.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec

from joblint.base.content import manifests
from joblint.base.wrong import WrongInput
from joblint.run.contents import Once
from joblint.run.packed import Packer
from joblint.run.parts import each
from joblint.run.processors import processors
from joblint.run.remote import is_url, read_anywhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from joblint.rules.engine import Engine
    from joblint.run.parts import Part
    from joblint.run.render.check import Rendering, Task

BATCH = 100
"""The most files in a batch."""

AHEAD = 4
"""The number of batches in progress for each thread of a worker: what is not done yet is not kept in memory either."""

ANSWER = 30
"""Seconds in which a scheduler must answer."""

DIED = "each worker that checked this file died"


class DaskError(Exception):
    """A cluster that cannot be reached or does not have this joblint; the text is for a person."""


@contextmanager
def on_dask(address: str, workers: int = 0) -> Iterator[OnDask]:
    """Return a cluster: that of a scheduler's address, or (`local`) a temporary one on this machine, with the requested number
    of workers or one for each processor. Raises DaskError."""
    if find_spec("distributed") is None or find_spec("fsspec") is None:
        raise DaskError("--dask requires the extra dask: pip install 'joblint[dask]'")
    import logging
    from contextlib import ExitStack

    from distributed import Client, LocalCluster

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # a lost worker is in the report
    cluster = None
    leftovers = ExitStack()
    try:
        if address == "local":
            from tempfile import TemporaryDirectory

            import dask

            # What Dask writes is removed with the cluster; elsewhere it would stay.
            folder = leftovers.enter_context(TemporaryDirectory(prefix="joblint-", ignore_cleanup_errors=True))
            leftovers.enter_context(dask.config.set({"temporary-directory": folder}))
            how: dict[str, Any] = {"threads_per_worker": 1, "silence_logs": logging.CRITICAL}
            # No dashboard; the scheduler's HTTP server takes any free port, as another cluster may have the usual one.
            how |= {"dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
            cluster = LocalCluster(n_workers=workers or processors(), host="127.0.0.1", **how)
        client = _answered(lambda: Client(cluster or address, timeout=10, set_as_default=False))
    except Exception as error:  # of Dask: no scheduler, something else at its address (MemoryError), a worker that does not start
        if cluster is not None:
            cluster.close()
        leftovers.close()
        raise DaskError(f"--dask {address}: cannot connect to the scheduler: {error or type(error).__name__}") from None
    try:
        yield OnDask(client)
    finally:
        client.close()
        if cluster is not None:
            cluster.close()
        leftovers.close()


def _answered(connect: Callable[[], Any]) -> Any:
    """The client that `connect` returns. Dask waits without a limit for a scheduler that accepts a connection and then is silent.
    Raises TimeoutError, and what `connect` raises."""
    from threading import Thread

    found: list[Any] = []

    def attempt() -> None:
        try:
            found.append(connect())
        except Exception as error:
            found.append(error)

    thread = Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(ANSWER)
    if not found:
        raise TimeoutError(f"no response within {ANSWER} s")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


class OnDask:
    """See joblint.run.elsewhere."""

    whole = True
    complete = False

    def __init__(self, client: Any) -> None:
        self._client = client

    def parts(self, engine: Engine, files: tuple[str, ...]) -> Iterator[Part]:
        """See joblint.run.elsewhere. Raises DaskError."""
        from pickle import dumps, loads
        from zlib import decompress

        held: dict[str, Part] = {}
        left = iter(files)
        following = next(left, None)
        size = max(1, min(BATCH, len(files) // (self._threads() * AHEAD) or 1))
        for batch, results in self._results(judge, dumps(engine.showing(engine.least)), files, size):
            parts: list[Part] = [(batch[0], DIED, (), ())] if results is None else loads(decompress(results))
            held.update([(part[0], part) for part in parts])
            while following is not None and following in held:  # what is done early waits for its turn
                yield held.pop(following)
                following = next(left, None)

    def renderings(self, tasks: tuple[Task, ...]) -> list[Rendering]:
        """Charts rendered by the workers, in their order. Raises DaskError."""
        from pickle import dumps

        from joblint.run.render.check import Rendering

        packer = Packer(())
        found: dict[str, Rendering] = {}
        pickled = {dumps(task): task for task in tasks}
        for (task,), results in self._results(rendered, b"", tuple(pickled), 1):
            chart = pickled[task].chart
            ((text, why, said),) = results if results is not None else [("", "each worker that rendered this chart died", ())]
            found[chart.path] = Rendering(chart, packer.unpack_any(text) if text else None, why, tuple(said))
        return [found[task.chart.path] for task in tasks]

    def read(self, file: str) -> bytes:
        """See joblint.run.elsewhere."""
        return read_anywhere(file)

    def _threads(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def _results(
        self, work: Callable[..., Any], shared: bytes, items: tuple[Any, ...], size: int
    ) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """The results for all items, batch by batch, as they are done; None for one over which each worker died."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker, as_completed

        ahead = self._threads() * AHEAD
        # What waits for a worker that dies is also suspected; so each suspect is checked again alone.
        suspects: list[tuple[Any, ...]] = []
        is_alone = False
        left = iter([items[i : i + size] for i in range(0, len(items), size)])
        out: dict[Any, tuple[Any, ...]] = {}
        done = as_completed(loop=self._client.loop)

        def send(batch: tuple[Any, ...]) -> None:
            future = self._client.submit(work, shared, batch, _version(), pure=False)
            out[future] = batch
            done.add(future)

        for batch in left:
            send(batch)
            if len(out) >= ahead:
                break
        while out or suspects:
            if not out:
                is_alone = True
                send(suspects.pop(0))
            future = next(done)
            batch = out.pop(future)
            try:
                error = future.exception()
            except CancelledError:
                raise DaskError("the connection to the scheduler is lost") from None
            if error is None:
                yield batch, future.result()
            elif not isinstance(error, KilledWorker):
                if _is_bug(error):
                    future.result()  # raises it, with the place on the worker
                why = str(error) if isinstance(error, WrongInput) else f"a worker failed: {type(error).__name__}: {error}"
                raise DaskError(why)
            elif is_alone:
                yield batch, None
            elif len(batch) == 1:
                suspects.append(batch)
            else:  # one of them is at fault, and nobody knows which
                for item in batch:
                    send((item,))
            future.release()
            following = next(left, None)
            if following is not None:
                send(following)


def _is_bug(error: BaseException) -> bool:
    """Whether an error on a worker is one of joblint itself: not of the system, of Dask, or of what is installed there."""
    is_of_dask = type(error).__module__.partition(".")[0] in ("distributed", "dask")
    return isinstance(error, Exception) and not (is_of_dask or isinstance(error, (WrongInput, OSError, ImportError, MemoryError)))


def judge(engine: bytes, files: tuple[str, ...], version: str) -> bytes:
    """The results for some files, pickled and compressed, so that no process in between keeps much. Runs on a worker, one at a
    time: only the reading is done by several threads."""
    _same(version)
    contents: dict[str, bytes | OSError] = {}
    for file in files:
        try:
            contents[file] = read_anywhere(file) if is_url(file) else manifests(file)
        except OSError as error:
            contents[file] = error
        except MemoryError:
            contents[file] = OSError(12, "too large for the memory of the worker")

    def read(file: str) -> bytes:
        content = contents[file]
        if isinstance(content, OSError):
            raise content
        return content

    from pickle import HIGHEST_PROTOCOL, dumps
    from zlib import compress

    with _lock():
        parts, _ = each(_engine(engine), files, Once(None, {}, far=read), None)
    return compress(dumps(parts, HIGHEST_PROTOCOL), 1)


def rendered(shared: bytes, tasks: tuple[bytes, ...], version: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """The results for some charts, as text; runs on a worker."""
    from pickle import loads

    from joblint.run.render.check import rendering

    _same(version)
    with _lock():
        found = [rendering(loads(task)) for task in tasks]
    packer = Packer(())
    return [(packer.pack_any(one.report) if one.report is not None else "", one.why, one.said) for one in found]


def _same(version: str) -> None:
    if version != _version():
        raise WrongInput(f"the worker has joblint {_version()}, but this is joblint {version}")


def _version() -> str:
    from joblint import __version__

    return __version__


_HELD: dict[str, Any] = {}  # of a worker: the lock, and the last engine with its settings


def _lock() -> Any:
    from threading import Lock

    return _HELD.setdefault("lock", Lock())


def _engine(data: bytes) -> Engine:
    from pickle import loads

    if _HELD.get("data") != data:
        _HELD["engine"] = loads(data)
        _HELD["data"] = data
    made: Engine = _HELD["engine"]
    return made
