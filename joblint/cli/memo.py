"""A check with cached results is not repeated: its output is kept with its exit code, and written again.

It is kept under a number for everything that it depends on, including the contents of all files; checks that depend on other
things (a revision of git, standard input) are not kept. Results of single files are kept in addition, for the next check of the
same files in which some have changed; see joblint.run.cache.
"""

from __future__ import annotations

import os
import sys

from joblint.base.digest import digest
from joblint.base.record import fields
from joblint.cli.output import OutputError, say, write_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.base.files import Found
    from joblint.cli.check import Call
    from joblint.cli.outputs import Output
    from joblint.configuration.settings import Config
    from joblint.run.cache import Cache
    from joblint.run.projects import Project

    Report = Callable[[Call, Found, tuple[Project, ...], Config, tuple[Output, ...], "Cache | None"], int]

_OUT, _ERR = b"o", b"e"
_NOT_OPTIONS = ("jobs", "no_cache", "verbose")
_MOST = 8 << 20
"""The most bytes of output that are kept for a run."""


def remembered(
    call: Call, found: Found, projects: tuple[Project, ...], settings: Config, wanted: tuple[Output, ...], report: Report
) -> int:
    """Return the exit code of a check, run by `report` or known from before; all its output is written."""
    from joblint.run.cache import FILES, RUNS, Cache, open_store

    store = open_store(FILES)
    if store is None:
        return report(call, found, projects, settings, wanted, None)
    runs = open_store(RUNS) if _may_be_kept(call, found, wanted) else None
    cache = Cache(store)
    if runs is not None and runs.entries:
        contents = _contents(cache, found.files)
        piece = runs.get(_key(call, found, projects, settings, wanted, contents)) if contents is not None else None
        status = _again(piece) if piece is not None else None
        if status is not None:
            if call.verbose:
                say(f"joblint: nothing has changed since an earlier run; its output is reused ({runs.path})")
            return status
    if runs is None:
        status = report(call, found, projects, settings, wanted, cache)
        store.save()
    else:
        written = _Written()
        with written:
            status = report(call, found, projects, settings, wanted, cache)
        contents = [cache.contents.get(file, b"") for file in found.files]
        if status in (0, 1) and written.whole and all(contents):
            runs.put(_key(call, found, projects, settings, wanted, contents), written.piece(status))
            runs.save()
        store.save()
    if call.verbose:
        _tell(cache, len(found.files))
        for kept in (store, runs):
            if kept is not None and kept.trouble:
                say(f"joblint: the cache {kept.path} is not used: {kept.trouble}")
    return status


def _may_be_kept(call: Call, found: Found, wanted: tuple[Output, ...]) -> bool:
    """Whether the run depends on, and writes, only what is known here."""
    if len(wanted) != 1 or wanted[0].file != "-" or "-" in found.files or found.missing or sys.stdout is None:
        return False
    if call.since or call.fix or call.add_ignores or call.write_baseline or call.update_baseline:
        return False
    if wanted[0].format == "github" and os.environ.get("GITHUB_STEP_SUMMARY"):
        return False
    return all(map(os.path.isfile, found.files))  # a pipe can be read only once


def _contents(cache: Cache, files: tuple[str, ...]) -> list[bytes] | None:
    """Numbers for the current contents of the files; None if one cannot be read."""
    from joblint.run.contents import read_file

    try:
        return [cache.content(file, read_file(file)) for file in files]
    except (OSError, MemoryError):
        return None


def _key(
    call: Call,
    found: Found,
    projects: tuple[Project, ...],
    settings: Config,
    wanted: tuple[Output, ...],
    contents: list[bytes],
) -> bytes:
    from joblint.cli.console import style
    from joblint.run.cache import identity

    out = sys.stdout
    options = [(name, getattr(call, name)) for name in fields(type(call)) if name not in _NOT_OPTIONS]
    parts = (
        os.getcwd(),
        os.name,
        options,
        wanted,
        style(call.color),
        getattr(out, "encoding", None),
        [(p.settings, p.files, [identity(e) for e in p.engines], [_small(f) for f in p.settings.files]) for p in projects],
        settings,
        _small(call.baseline or settings.baseline),
        found.passed,
        contents,
    )
    return digest(repr(parts).encode("utf-8", "surrogatepass"))


def _small(file: str) -> bytes:
    """A number for a file that joblint reads in addition to the manifests."""
    from joblint.base.content import small

    if not file:
        return b""
    try:
        return digest(small(file))
    except OSError:
        return b"-"


class _Written:
    """What is written to the standard streams meanwhile; it is passed on unchanged."""

    def __init__(self) -> None:
        self.parts: list[tuple[bytes, bytes]] = []
        self.size = 0
        self._streams: tuple[Any, Any] = (sys.stdout, sys.stderr)

    @property
    def whole(self) -> bool:
        """Return whether all of it was kept."""
        return self.size <= _MOST

    def __enter__(self) -> None:
        out, err = self._streams
        sys.stdout, sys.stderr = _Stream(out, _OUT, self), _Stream(err, _ERR, self)

    def __exit__(self, *_: object) -> None:
        for name, stream in zip(("stdout", "stderr"), self._streams, strict=True):
            if isinstance(getattr(sys, name), _Stream):  # otherwise it was closed permanently, and remains closed
                setattr(sys, name, stream)
            else:
                self.size = _MOST + 1

    def keep(self, stream: bytes, data: bytes) -> None:
        """Record what was written."""
        self.size += len(data)
        if self.whole:
            self.parts.append((stream, data))

    def piece(self, status: int) -> bytes:
        """Return all of it, with the exit code."""
        return b"".join(
            [bytes([status]), *[b for kind, data in self.parts for b in (kind, len(data).to_bytes(4, "little"), data)]]
        )


class _Stream:
    """A standard stream, and what is written to it."""

    def __init__(self, stream: Any, kind: bytes, written: _Written) -> None:
        self._stream = stream
        self._kind = kind
        self._written = written
        if hasattr(stream, "buffer"):
            self.buffer = _Stream(stream.buffer, kind, written)

    def write(self, data: Any) -> Any:
        """Write text or bytes."""
        done = self._stream.write(data)
        written = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data)
        self._written.keep(self._kind, written if done is None or isinstance(data, str) else written[:done])
        return done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _again(piece: bytes) -> int | None:
    """Write the output of an earlier run and return its exit code; None if it cannot be read, and nothing is written."""
    parts, at = [], 1
    while at < len(piece):
        kind, length = piece[at : at + 1], int.from_bytes(piece[at + 1 : at + 5], "little")
        at += 5 + length
        if kind not in (_OUT, _ERR) or at > len(piece):
            return None
        parts.append((kind, piece[at - length : at]))
    if not piece or piece[0] not in (0, 1):
        return None
    status = piece[0]
    for kind, data in parts:
        if kind == _ERR:
            say(data.decode("utf-8", "surrogatepass").removesuffix("\n"))
            continue
        try:
            write_bytes(data)
        except OutputError as error:
            say(f"joblint: {error}")
            status = 2
    return status


def _tell(cache: Cache, files: int) -> None:
    known = cache.store.used
    say(f"joblint: the results of {known:,} of {files:,} files come from the cache ({cache.store.path})")
