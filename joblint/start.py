"""Where the console scripts begin: joblint's modules come from one file of compiled code, so that a run starts in half the time.

Why: a plain check needs over a hundred small modules. To look for each in its folder, to open and to read its `.pyc` takes as
long as the check itself; and where Python may not write them (PYTHONDONTWRITEBYTECODE, a layer of a container) every run
compiles them again, which takes several times as long. So the command line, and nobody else, puts a finder before Python's own.
It knows modules of joblint alone; what it does not know Python's own finders find. The modules that every check needs stand in
the file once more, in a few pieces that are loaded together. A wheel brings the file for the Python that built it; for any
other `joblint.base.bundle` writes it at the end of a run that found something missing.

Why it is safe: unmarshalling what somebody else has written could run what they like. So nothing is read that does not belong
to the user or to root, or that others may write to. Each piece has a checksum: what is damaged is read from the sources again,
and `check -v` says so. Why it is never out of date: a module whose source has another size or time of change than when it was
compiled is not taken from the file. JOBLINT_NO_BUNDLE=1 turns it off.

This module and `joblint` itself are all that Python's own finders look for, so they are short.
"""

from __future__ import annotations

import _frozen_importlib_external  # what importlib.util takes it from, which is slow to import
import gc
import marshal
import os
import sys

try:
    from _imp import source_hash  # a checksum that costs no import
except ImportError:  # not in CPython

    def source_hash(key: int, source: bytes) -> bytes:  # type: ignore[misc]
        """No checksum: a damaged file then shows only where it cannot be read."""
        return b"\0" * 8


TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, NoReturn

    Entry = tuple[str, bool, int, int, int, int, bytes]
    """Source, as a path from the package's folder; whether it is a package; size and time of the source; where its code
    begins in the file, how long it is, and its checksum."""

FORMAT = b"joblint code 2\n"
FOLDER = os.path.dirname(os.path.abspath(__file__))
FILE = f"code-{sys.implementation.cache_tag}-{sys.flags.optimize}.bin"
STAMP: bytes = _frozen_importlib_external.MAGIC_NUMBER
KEY = 6  # of the checksums
OF_WHEEL = -1
"""Stands for the time of the sources in a wheel's file: they may be no newer than the file, but for the time that unpacking
a wheel may take."""

USUAL = 180
"""Modules that a check of a plain file needs at most."""

_AN_INSTALLATION = 300 * 10**9  # nanoseconds


class Modules:
    """The finder, and the loader of what it finds.

    `entries` are by module, those of the lead at first. `lead` are the modules that are loaded together, in an order in
    which each comes after those that it imports, and `pieces` the pieces that contain them (where one begins, its length and
    checksum). `missed` are the modules of joblint that were not there, `order` those that were, in the order in which they
    were done. `trouble` says why the file, or a piece of it, was not used, "" where nothing is wrong with it.
    """

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.lead: tuple[str, ...] = ()
        self.pieces: tuple[tuple[int, int, bytes], ...] = ()
        self.missed: list[str] = []
        self.order: list[str] = []
        self.file = ""
        self.trouble = ""
        self._rest = b""  # entries of other modules, which most checks never need
        self._lead_in_file: tuple[str, ...] = ()  # whether it is of use or not
        self._found: Any = {}
        self._handle = -1
        self._newest = 0

    def open(self, file: str) -> bool:
        """Take modules from a file; whether it could be taken."""
        self._handle = handle = ours(file)
        if handle < 0:
            return False
        self.file = file
        try:
            self._newest = os.fstat(handle).st_mtime_ns + _AN_INSTALLATION
            begin = len(FORMAT) + 16
            head = os.read(handle, begin)
            if not head.startswith(FORMAT):
                self.trouble = "it belongs to another version"
                return False
            index = os.read(handle, int.from_bytes(head[begin - 16 : begin - 8], "little"))
            if source_hash(KEY, index) != head[begin - 8 :]:
                self.trouble = "it is damaged"
                return False
            stamp, lead, pieces, entries, rest = marshal.loads(index)
            if stamp == STAMP:
                self.lead, self.pieces, self.entries, self._rest = lead, pieces, entries, rest
                self._lead_in_file = lead
                return True
            self.trouble = "it belongs to another Python"
        except (OSError, EOFError, ValueError, TypeError, OverflowError):
            self.trouble = "it is damaged"
        return False

    def piece(self, start: int, length: int, check: bytes) -> bytes:
        """A part of the file. Each is read by itself: a page of memory more costs more than a call of the system.

        Raises OSError, ValueError where it is damaged.
        """
        if hasattr(os, "pread"):  # processes that are forked off share the handle, and with it the position in the file
            data = os.pread(self._handle, length, start)
        else:
            os.lseek(self._handle, start, os.SEEK_SET)
            data = os.read(self._handle, length)
        if source_hash(KEY, data) != check:
            self.trouble = "it is partly damaged"
            raise ValueError
        return data

    def is_current(self, name: str) -> bool:
        """Whether a module's source is as it was when it was compiled."""
        source, _, size, time, _, _, _ = self.entries[name]
        try:
            info = os.stat(FOLDER + source)
        except OSError:
            return False
        return info.st_size == size and (info.st_mtime_ns == time or time == OF_WHEEL and info.st_mtime_ns <= self._newest)

    def load_lead(self) -> None:
        """Load the modules that every check needs, without asking importlib for each."""
        if not all(map(self.is_current, self.lead)):
            self.lead = ()
            return
        names = iter(self.lead)
        try:
            for piece in self.pieces:
                for code in marshal.loads(self.piece(*piece)):
                    self._load(next(names), code)
        except (OSError, EOFError, ValueError, TypeError):
            if not self.trouble:
                raise
            self.lead = ()  # the rest is looked for one by one

    def _load(self, name: str, code: Any) -> None:
        if name in sys.modules:
            return
        spec = self._spec(name)
        module: Any = self.create_module(spec)
        module.__spec__, module.__loader__ = spec, self
        above, _, last = name.rpartition(".")
        module.__package__ = above
        if spec.submodule_search_locations is not None:
            module.__package__, module.__path__ = name, spec.submodule_search_locations
        sys.modules[name] = module
        try:
            exec(code, module.__dict__)
        except BaseException:
            del sys.modules[name]
            raise
        setattr(sys.modules[above], last, module)
        self.order.append(name)

    def all_entries(self) -> dict[str, Entry]:
        """The entries of all modules of the file."""
        rest, self._rest = self._rest, b""
        if rest:
            self.entries.update(marshal.loads(rest))
        return self.entries

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec of a module that is in the file and up to date, else None."""
        entry = self.entries.get(name)
        if entry is None:
            if not name.startswith("joblint."):
                return None
            entry = self.all_entries().get(name)
            if entry is None:
                self.missed.append(name)
                return None
        try:
            if not self.is_current(name):
                raise ValueError
            self._found[name] = marshal.loads(self.piece(*entry[4:]))
        except (OSError, EOFError, ValueError, TypeError):  # another source, or a file that is not whole
            del self.entries[name]
            self.missed.append(name)
            return None
        return self._spec(name)

    def _spec(self, name: str) -> Any:
        source, is_package = self.entries[name][:2]
        make: Any = type(__spec__)  # importlib.machinery.ModuleSpec, without importing that
        spec = make(name, self, origin=FOLDER + source, is_package=is_package)
        if is_package:
            spec.submodule_search_locations = [os.path.dirname(spec.origin)]
        return spec

    def create_module(self, spec: Any) -> ModuleType:
        """The module, empty."""
        module = type(sys)(spec.name)
        module.__file__ = spec.origin
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        exec(self._found.pop(module.__name__), module.__dict__)
        self.order.append(module.__name__)

    def save(self, lead: bool = False) -> None:
        """Have what was missed in the file from now on; with `lead`, what this run needed is what every check needs."""
        came = [name for name in sys.modules if name.startswith("joblint.") and name != __name__]
        known = not self.lead and set(came) == set(self.order)  # the order is known where everything came from the file
        # A file with scripts or findings needs modules that most files do not, some of which import re.
        usual = len(self.order) <= USUAL and "re" not in sys.modules
        order = tuple(self.order) if lead and known and usual else self.lead
        if self.missed or order != self._lead_in_file:
            from joblint.base.bundle import save

            save(self, FILE, order)


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
    """The console script `joblint`: runs the command and leaves with its exit code."""
    start(sys.argv[1:])


def plugin() -> NoReturn:
    """The console script `kubectl-jobs_explain`, which kubectl finds as `kubectl jobs-explain`."""
    start(["jobs-explain", "--plugin", *sys.argv[1:]])


def start(arguments: list[str]) -> NoReturn:
    """Runs a command and leaves with its exit code."""
    try:
        _start(arguments)
    except KeyboardInterrupt:  # before the command has begun
        sys.stderr and sys.stderr.write("joblint: stopped\n")
        os._exit(130)


def _start(arguments: list[str]) -> NoReturn:
    gc.disable()  # most of what is loaded stays; whoever makes garbage switches it on again
    checks = arguments[:1] == ["check"] and arguments[-1] not in ("--help", "-h")
    modules = None
    without = os.environ.get("JOBLINT_NO_BUNDLE") or os.environ.get("JOBLINT_TRACEBACK")  # whose lines are in the sources
    if not without and os.path.isdir(FOLDER):
        modules = Modules()
        sys.meta_path.insert(0, modules)
        if not modules.open(os.path.join(FOLDER, "_compiled", FILE)):
            from joblint.base.bundle import elsewhere

            modules.open(elsewhere(FOLDER, FILE))
        if checks:
            modules.load_lead()
    from joblint.cli.main import leave, run

    status = run(arguments)
    # Options, folders and findings bring modules along that not every check needs.
    others = [a for a in arguments[1:] if a != "--no-cache"]
    plain = checks and status == 0 and len(others) == 1 and (others[0] == "-" or os.path.isfile(others[0]))
    leave(status, (lambda: modules.save(plain)) if modules is not None else None)
