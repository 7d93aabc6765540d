"""Data that is expensive to read (schemas, rules), in a form that loads in microseconds; knows files, not their content.

`schemas/` and `rules/` are at the top of the repository and are copied to `joblint/_data/` in a wheel. What a builder makes of
them is marshalled: into `joblint/_compiled/` of the wheel when it is built (hatch_build.py), or, in an editable install or a
plain checkout, into the same directory whenever a source file is newer. If there are no files, everything is read through the
package's loader, so that a zip works too. Each file begins with a checksum of the rest; damaged files are rebuilt from the
sources. This module imports only what Python has loaded at start-up anyway.
"""

from __future__ import annotations

import marshal
import os

from joblint.base.checksum import SIZE, checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_TOP = os.path.dirname(_PACKAGE)
_DATA = os.path.join(_PACKAGE, "_data")
_COMPILED = os.path.join(_PACKAGE, "_compiled")
_BUILDING: list[str] = []  # the directory of the wheel that is being built, if any: see keep_in
_DAMAGED: list[str] = []  # files whose checksum did not match

# Since this version of its format, every marshal writes the plain data types in the same way.
_FORMAT = 4
SOURCES = "sources"
"""The file of a wheel that contains one number for all its sources."""

_AN_INSTALLATION = 300 * 10**9  # nanoseconds that unpacking a wheel may take

# Written before the data of a wheel instead of the stamps of its sources: it cannot be out of date.
BUILT = ("wheel",)


def read(path: str) -> bytes:
    """Return the bytes of a data file, such as "schemas/kubernetes/1.36.json". Raises OSError if it does not exist."""
    for folder in (_DATA, _TOP):
        try:
            return _get(os.path.join(folder, *path.split("/")))
        except OSError:
            continue
    raise FileNotFoundError(f"{path} is missing from this installation of joblint")


def names(folder: str, suffix: str) -> tuple[str, ...]:
    """Return the names of the data files in a directory ("rules") that end in `suffix` (".yaml"), sorted; none if it is
    missing."""
    for top in (_DATA, _TOP):
        found = [n for n in _list(os.path.join(top, *folder.split("/"))) if n.endswith(suffix)]
        if found:
            return tuple(sorted(found))
    return ()


def load(name: str, sources: tuple[str, ...], build: Callable[[], Any]) -> Any:
    """Return what `build` makes of the source files: from the wheel, from the cache if nothing has changed, or built now.

    `name` is the file's name in the cache; `sources` are paths as `read` accepts them, whose last part may be a pattern such as
    "*.yaml". `build` must return data of dicts, lists, tuples, strings, numbers, booleans and None; its exceptions are passed
    on. A cache that cannot be written only costs time.
    """
    if _BUILDING:
        data = build()
        write(os.path.join(_BUILDING[0], name + ".bin"), BUILT, data)
        return data
    path = os.path.join(_COMPILED, name + ".bin")
    stamps: Any = None
    try:
        content = memoryview(_get(path))  # of which a part is not a copy
        if content[:SIZE] != checksum(content[SIZE:]):
            raise ValueError
        stamp, data = marshal.loads(content[SIZE:])
        if stamp == BUILT:
            return data
        stamps = _stamps(sources, build)
        if stamp == stamps:
            return data
    except OSError:
        pass  # not there: built below
    except (ValueError, EOFError, TypeError):
        _DAMAGED.append(path)
    data = build()
    if os.path.isdir(_PACKAGE):
        write(path, _stamps(sources, build) if stamps is None else stamps, data)
    return data


def damaged() -> tuple[str, ...]:
    """Return the files whose checksum did not match, so that this run read their sources."""
    return tuple(_DAMAGED)


def version_of_sources() -> bytes:
    """Return a number that identifies joblint's own code, rules and schemas on this disk.

    For a wheel it is the number calculated when the wheel was built, the same wherever it is installed, unless a file is newer
    than the installation; otherwise it is calculated from the names, sizes and modification times of all files.
    """
    from joblint.base.digest import digest

    tops = [_PACKAGE]
    if not os.path.isdir(_DATA):
        tops += [os.path.join(_TOP, "rules"), os.path.join(_TOP, "schemas")]
    parts, newest = [], 0
    for top in tops:
        for folder, folders, found in os.walk(top):
            folders[:] = sorted(n for n in folders if n not in ("__pycache__", "_compiled"))
            for name in sorted(found):
                info = os.stat(os.path.join(folder, name))
                newest = max(newest, info.st_mtime_ns)
                parts.append(f"{folder[len(top) :]}/{name} {info.st_size} {info.st_mtime_ns}")
    if not parts:  # in a zip
        info = os.stat(getattr(globals().get("__loader__"), "archive", __file__))
        parts.append(f"{info.st_size} {info.st_mtime_ns}")
    try:
        built = os.path.join(_COMPILED, SOURCES)
        if newest <= os.stat(built).st_mtime_ns + _AN_INSTALLATION:
            return _get(built)
    except OSError:
        pass
    return digest("\n".join(parts).encode("utf-8", "surrogatepass"))


def keep_in(folder: str) -> None:
    """From now on, build everything and write it to that directory, marked as part of a wheel. Only for building a wheel."""
    _BUILDING.append(folder)


def write(path: str, stamp: Any, data: Any) -> None:
    """Write compiled data to a file, completely or not at all."""
    half = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(half, "wb") as file:
            content = marshal.dumps((stamp, data), _FORMAT)
            file.write(checksum(content) + content)
        os.replace(half, path)
    except OSError:
        return  # a read-only installation


def _stamps(sources: tuple[str, ...], build: Callable[[], Any]) -> tuple[object, ...]:
    """What changes when a source, or the code that compiles it, changes: names, sizes and modification times."""
    code = getattr(getattr(build, "__code__", None), "co_filename", "")  # modules compiled by mypyc have no file name
    found = [_stamp(file) for file in (code, __file__)]
    for source in sources:
        folder, _, pattern = source.rpartition("/")
        top = os.path.join(_DATA if os.path.isdir(_DATA) else _TOP, *folder.split("/"))
        if not pattern.startswith("*"):
            found.append(_stamp(os.path.join(top, pattern)))
            continue
        names = sorted([n for n in _list(top) if n.endswith(pattern[1:])])
        try:
            handle = os.open(top, os.O_RDONLY)  # with an open directory, each file is found in half the time
        except OSError:  # a zip, or Windows
            found += [_stamp(os.path.join(top, name)) for name in names]
        else:
            found += [_stamp(name, handle) for name in names]
            os.close(handle)
    return tuple(found)


def _stamp(file: str, folder: int | None = None) -> tuple[object, ...]:
    try:
        info = os.stat(file, dir_fd=folder)
    except OSError:
        return file.rpartition(os.sep)[2], None, None
    return file.rpartition(os.sep)[2], info.st_size, info.st_mtime_ns


def _get(path: str) -> bytes:
    try:
        return _bytes_of(path)
    except OSError:
        get = getattr(globals().get("__loader__"), "get_data", None)
        if get is None or os.path.isdir(_PACKAGE):
            raise
        data: bytes = get(path)
        return data


def _bytes_of(path: str) -> bytes:
    """The content of a file, read without Python's buffers, which would query the system five times about it."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        size = os.fstat(handle).st_size
        data = os.read(handle, size + 1)
        while len(data) < size and (more := os.read(handle, size)):
            data += more
        return data
    finally:
        os.close(handle)


def _list(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        archive = getattr(globals().get("__loader__"), "archive", None)
        if archive is None:
            return []
        from zipfile import ZipFile

        prefix = os.path.relpath(folder, archive).replace(os.sep, "/") + "/"
        with ZipFile(archive) as inside:
            found = [n[len(prefix) :] for n in inside.namelist() if n.startswith(prefix)]
        return [n for n in found if n and "/" not in n]
