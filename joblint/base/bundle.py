"""Writing the file of compiled modules that `joblint.start` reads, and its location; knows nothing about modules by name.

The file contains what earlier runs needed: a run that had to load modules from elsewhere adds them at its end. It is written
under another name first and then renamed. If that fails, the next run takes longer, no more. If Python itself may not write
compiled code (PYTHONDONTWRITEBYTECODE), the two modules that are loaded before all others are kept compiled as well.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    Code = tuple[str, bool, int, int, bytes]
    """A module: its source, as a path from the package's directory, whether it is a package, size and modification time of the
    source, and its marshalled code."""


_PIECE = 64 << 10
"""The size of a piece in bytes: large enough that the number of system calls does not matter, small enough that the memory of
one piece is used again for the next."""


def elsewhere(package: str, file: str) -> str:
    """Return the file for a user who may not write to the package's directory; "" if there is no such place."""
    from joblint.base.cachefolder import cache_folder

    folder = cache_folder()
    return os.path.join(folder, f"{_short(package)}-{file}") if folder else ""


def save(modules: Any, file: str, lead: tuple[str, ...] = ()) -> None:
    """Write the file again, with the modules that a run missed; `modules` is the finder of joblint.start. The modules of `lead`
    are stored a second time, several in one piece."""
    package = start_of(modules).FOLDER
    places = [place for place in (os.path.join(package, "_compiled", file), elsewhere(package, file)) if _may_write(place)]
    if not places:
        return
    found: dict[str, Code] = {}
    for name, entry in list(modules.all_entries().items()):
        try:
            found[name] = (*entry[:4], modules.piece(*entry[4:]))
        except (OSError, ValueError):
            modules.missed.append(name)
    for name in modules.missed:
        code = compiled(name, package)
        if code is not None:
            found[name] = code
    if sys.dont_write_bytecode:
        _compile_entry(package)
    data = packed(start_of(modules), found, lead)
    any(write(place, data) for place in places)


def start_of(modules: Any) -> Any:
    """Return the module joblint.start, which this one does not import: it is loaded first."""
    return sys.modules[type(modules).__module__]


def packed(start: Any, found: dict[str, Code], lead: tuple[str, ...] = ()) -> bytes:
    """Return the content of a file with these modules; those of `lead` are stored a second time, several in one piece."""
    if not all(name in found for name in lead):
        lead = ()
    together = _together([found[name][4] for name in lead])
    pieces = together + [code for *_, code in found.values()]
    checks = [start.source_hash(start.KEY, piece) for piece in pieces]

    def index(at: int) -> bytes:
        places = []
        for piece, check in zip(pieces, checks, strict=True):
            places.append((at, len(piece), check))
            at += len(piece)
        of_lead, each = tuple(places[: len(together)]), places[len(together) :]
        entries = {name: (*code[:4], *place) for (name, code), place in zip(found.items(), each, strict=True)}
        first = {name: entries.pop(name) for name in lead}
        return marshal.dumps((start.STAMP, lead, of_lead, first, marshal.dumps(entries)))

    begin = len(start.FORMAT) + 16
    table = index(begin + len(index(0)))  # the positions of codes have the same size, whatever their value
    head = [start.FORMAT, len(table).to_bytes(8, "little"), start.source_hash(start.KEY, table)]
    return b"".join([*head, table, *pieces])


def _together(codes: list[bytes]) -> list[bytes]:
    """Codes in tuples of about _PIECE bytes."""
    pieces: list[list[bytes]] = []
    size = _PIECE
    for code in codes:
        if size >= _PIECE:
            pieces.append([])
            size = 0
        pieces[-1].append(code)
        size += len(code)
    return [marshal.dumps(tuple([marshal.loads(code) for code in piece])) for piece in pieces]


def trouble() -> tuple[str, str]:
    """Return the file that modules are loaded from, and why it, or a piece of it, is not used; "" if there is no problem."""
    for finder in sys.meta_path:
        reason: str = getattr(finder, "trouble", "")
        if reason:
            return getattr(finder, "file", ""), reason
    return "", ""


def _compile_entry(package: str) -> None:
    """Keep the code of the two modules that are loaded before the file, where Python itself would keep it."""
    from importlib.util import MAGIC_NUMBER, cache_from_source

    for name in ("__init__.py", "start.py"):
        path = os.path.join(package, name)
        try:
            kept = cache_from_source(path)
            if not _may_write(kept):
                continue
            info = os.stat(path)
            code = _from_source(path)
            os.makedirs(os.path.dirname(kept), exist_ok=True)
        except (OSError, SyntaxError, ValueError, NotImplementedError):
            continue
        # py_compile would leave half a file on a full disk (CPython 126606), and joblint would not start again.
        head = [n & 0xFFFFFFFF for n in (0, int(info.st_mtime), info.st_size)]
        write(kept, MAGIC_NUMBER + b"".join([n.to_bytes(4, "little") for n in head]) + marshal.dumps(code))


def write(path: str, data: bytes) -> bool:
    """Write data to a file that nobody else may write to, completely or not at all; return whether that worked."""
    half = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        try:
            with open(handle, "wb") as file:
                file.write(data)
            os.chmod(half, 0o644)
            os.replace(half, path)
        except BaseException:
            os.unlink(half)
            raise
    except OSError:
        return False
    return True


def compiled(name: str, package: str) -> Code | None:
    """Return the compiled code of a loaded module; None if it is not one of the package's sources, or has changed since."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    if spec is None or not str(spec.origin).endswith(".py") or not spec.origin.startswith(package + os.sep):
        return None
    try:
        before = os.stat(spec.origin)
        get_code = getattr(spec.loader, "get_code", None)
        code = get_code(name) if get_code is not None else _from_source(spec.origin)
        after = os.stat(spec.origin)
    except (OSError, ImportError, SyntaxError, ValueError):
        return None
    if code is None or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return None
    is_package = spec.submodule_search_locations is not None
    return spec.origin[len(package) :], is_package, after.st_size, after.st_mtime_ns, marshal.dumps(code)


def _from_source(path: str) -> CodeType:
    with open(path, "rb") as file:
        return compile(file.read(), path, "exec", dont_inherit=True)


def _may_write(path: str) -> bool:
    folder = os.path.dirname(path)
    while folder and not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    return os.path.isdir(folder) and os.access(folder, os.W_OK)


def _short(text: str) -> str:
    """A short name for a path, the same in every run."""
    number = 0
    for char in text:
        number = (number * 1000003 ^ ord(char)) & 0xFFFFFFFFFFFFFFFF
    return f"{number:x}"
