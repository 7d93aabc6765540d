"""Writing the file of compiled modules that `joblint.start` reads, and where it is; knows no module by name.

It holds what earlier runs needed: a run that had to look for modules elsewhere adds them at its end. It is written under
another name first and put in its place at one stroke. Whatever fails costs the next run time, no more. Where Python itself
may not write compiled code (PYTHONDONTWRITEBYTECODE), the two modules that come before all others are kept compiled, too.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any


def elsewhere(package: str, file: str) -> str:
    """Where the file is for a user who may not write beside the package; "" where there is no such place."""
    from joblint.base.cachefolder import cache_folder

    folder = cache_folder()
    return os.path.join(folder, f"{_short(package)}-{file}") if folder else ""


def save(modules: Any, head: bytes, package: str, file: str) -> None:
    """Write the file anew with the modules that a run missed; `modules` is the finder of joblint.start."""
    places = [place for place in (os.path.join(package, "_compiled", file), elsewhere(package, file)) if _may_write(place)]
    if not places:
        return
    found: list[tuple[str, tuple[str, bool, int, int], bytes]] = []
    for name, entry in modules.entries.items():
        try:
            found.append((name, entry[:4], modules.code(name)))
        except OSError:
            continue
    for name in modules.missed:
        compiled = _compiled(name)
        if compiled is not None:
            found.append((name, compiled[:4], marshal.dumps(compiled[4])))
    stamp = sys.version, package
    length = len(marshal.dumps((stamp, _entries(found, 0))))  # where codes begin takes the same room whatever it is
    index = marshal.dumps((stamp, _entries(found, len(head) + 8 + length)))
    if sys.dont_write_bytecode:
        _compile_entry(package)
    data = b"".join([head, length.to_bytes(8, "little"), index, *[code for _, _, code in found]])
    any(write(place, data) for place in places)


def _compile_entry(package: str) -> None:
    """Keep the code of the two modules that are loaded before the file is, where Python itself would keep it."""
    from importlib.util import cache_from_source
    from py_compile import PyCompileError, compile

    for name in ("__init__.py", "start.py"):
        path = os.path.join(package, name)
        try:
            if _may_write(cache_from_source(path)):
                compile(path, quiet=2)
        except (OSError, PyCompileError):
            continue


def _entries(found: list[tuple[str, tuple[str, bool, int, int], bytes]], at: int) -> dict[str, tuple[object, ...]]:
    entries: dict[str, tuple[object, ...]] = {}
    for name, entry, code in found:
        entries[name] = (*entry, at, len(code))
        at += len(code)
    return entries


def write(path: str, data: bytes) -> bool:
    """Put data into a file that nobody else may write to, whole or not at all; whether that worked."""
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


def _compiled(name: str) -> tuple[str, bool, int, int, CodeType] | None:
    """Source, whether it is a package, size and time of the source, and code of a module that Python's own loader loaded."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    if spec is None or not str(spec.origin).endswith(".py"):
        return None
    try:
        before = os.stat(spec.origin)
        code = spec.loader.get_code(name)
        after = os.stat(spec.origin)
    except (OSError, ImportError, SyntaxError, AttributeError):
        return None
    if code is None or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return None
    return spec.origin, spec.submodule_search_locations is not None, after.st_size, after.st_mtime_ns, code


def _may_write(path: str) -> bool:
    folder = os.path.dirname(path)
    while folder and not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    return os.path.isdir(folder) and os.access(folder, os.W_OK)


def _short(text: str) -> str:
    """A name for a path, the same in every run."""
    number = 0
    for char in text:
        number = (number * 1000003 ^ ord(char)) & 0xFFFFFFFFFFFFFFFF
    return f"{number:x}"
