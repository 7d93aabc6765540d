"""Where the console scripts begin: joblint's modules come from one file of compiled code, so that a run starts in half the time.

Why: a plain check needs over a hundred small modules. To look for each in its folder, to open and to read its `.pyc` takes as
long as the check itself; and where Python may not write them (PYTHONDONTWRITEBYTECODE, a layer of a container) every run
compiles them anew, which takes several times as long. So the command line, and nobody else, puts a finder before Python's own.
It knows modules of joblint alone; what it does not know Python's own finders find. `joblint.base.bundle` writes the file at
the end of a run that found something missing.

Why it is safe: unmarshalling what somebody else has written could run what they like. So nothing is read that does not belong
to the user or to root, or that others may write to. Why it is never out of date: a module whose source has another size or
time of change than when it was compiled is not taken from the file. JOBLINT_NO_BUNDLE=1 turns it off.

This module and `joblint` itself are all that Python's own finders look for, so they are short.
"""

from __future__ import annotations

import gc
import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, NoReturn

FORMAT = b"joblint code 1\n"
FOLDER = os.path.dirname(os.path.abspath(__file__))
FILE = f"code-{sys.implementation.cache_tag}-{sys.hexversion:x}-{sys.flags.optimize}.bin"


class Modules:
    """The finder, and the loader of what it finds.

    `entries` are by module: source, whether it is a package, size and time of the source, where its code begins in the file
    and how long it is. `missed` are the modules of joblint that were not there.
    """

    def __init__(self) -> None:
        self.entries: dict[str, tuple[str, bool, int, int, int, int]] = {}
        self.missed: list[str] = []
        self._found: Any = {}
        self._handle = -1

    def open(self, file: str) -> bool:
        """Take modules from a file; whether it could be taken."""
        self._handle = handle = ours(file)
        if handle < 0:
            return False
        try:
            head = os.read(handle, len(FORMAT) + 8)
            if head.startswith(FORMAT):
                stamp, entries = marshal.loads(os.read(handle, int.from_bytes(head[len(FORMAT) :], "little")))
                if stamp == (sys.version, FOLDER):
                    self.entries = entries
                    return True
        except (OSError, EOFError, ValueError, TypeError, OverflowError):
            pass
        return False

    def code(self, name: str) -> bytes:
        """The marshalled code of a module. Each is read by itself: a page of memory more costs more than a call of the system."""
        start, length = self.entries[name][4:]
        if os.lseek(self._handle, start, os.SEEK_SET) != start:
            raise OSError
        return os.read(self._handle, length)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec of a module that is in the file and up to date, else None."""
        entry = self.entries.get(name)
        if entry is None:
            if name.startswith("joblint."):
                self.missed.append(name)
            return None
        source, is_package, size, time, _, _ = entry
        try:
            info = os.stat(source)
            if info.st_size != size or info.st_mtime_ns != time:
                raise ValueError
            self._found[name] = marshal.loads(self.code(name))
        except (OSError, EOFError, ValueError, TypeError):  # another source, or a file that is not whole
            del self.entries[name]
            self.missed.append(name)
            return None
        make: Any = type(__spec__)  # importlib.machinery.ModuleSpec, without importing that
        spec = make(name, self, origin=source, is_package=is_package)
        if is_package:
            spec.submodule_search_locations = [os.path.dirname(source)]
        return spec

    def create_module(self, spec: Any) -> ModuleType:
        """The module, empty."""
        module = type(sys)(spec.name)
        module.__file__ = spec.origin
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        exec(self._found.pop(module.__name__), module.__dict__)

    def save(self) -> None:
        """Have what was missed in the file from now on."""
        if self.missed:
            from joblint.base.bundle import save

            save(self, FORMAT, FOLDER, FILE)


def ours(file: str) -> int:
    """A handle to read a file that nobody but the user and root can have written; -1 for any other."""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return -1
    info = os.fstat(handle)
    if hasattr(os, "geteuid") and (info.st_uid not in (0, os.geteuid()) or info.st_mode & 0o022):
        os.close(handle)
        return -1
    return handle


def main() -> NoReturn:
    """The console script `joblint`: runs the command and leaves with its exit status."""
    start(sys.argv[1:])


def plugin() -> NoReturn:
    """The console script `kubectl-jobs_explain`, which kubectl finds as `kubectl jobs-explain`."""
    start(["jobs-explain", "--plugin", *sys.argv[1:]])


def start(arguments: list[str]) -> NoReturn:
    """Runs a command and leaves with its exit status."""
    gc.disable()  # most of what is loaded stays; whoever makes garbage switches it on again
    modules = None
    if not os.environ.get("JOBLINT_NO_BUNDLE") and os.path.isdir(FOLDER):
        modules = Modules()
        sys.meta_path.insert(0, modules)
        if not modules.open(os.path.join(FOLDER, "_compiled", FILE)):
            from joblint.base.bundle import elsewhere

            modules.open(elsewhere(FOLDER, FILE))
    from joblint.cli.main import leave, run

    leave(run(arguments), modules.save if modules is not None else None)
