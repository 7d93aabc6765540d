"""joblint's modules from one file of compiled code, so that a command starts in half the time; knows no module by name.

Why: a plain check needs over a hundred small modules. Looking for each in its folder, opening and reading its `.pyc` costs
as much as the check itself; and where Python may write no `.pyc` (PYTHONDONTWRITEBYTECODE, uv, a container's layer) every
run compiles them anew, which is several times as much. So the command line, and nobody else, puts a finder before Python's
own. It knows joblint's modules alone, and what it does not know it leaves to Python's own finders.

What is in the file: the code objects of the modules that earlier runs needed, as Python's own loader made them, each with
size and time of change of its source. A module whose source has another size or time is loaded by Python's own loader; so is
one that is not in the file, and both are in it from then on. The file belongs to one Python (version, optimization) and one
place of the package.

Where it is: beside the data of joblint.base.compiled, in `joblint/_compiled/`, or where that may not be written in the cache
folder of the user.

Why it is safe: unmarshalling what somebody else has written could run what they like. So nothing is read that does not belong
to the user or to root, or that others may write to; it is written under another name first and then put in its place at one
stroke. JOBLINT_NO_BUNDLE=1 turns all of it off.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, ModuleType
    from typing import Any

    Entry = tuple[str, bool, int, int, int, int]
    """Source, whether it is a package, size and time of the source, where the code begins in the file and its length."""

_ROOT = "joblint"
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_HEAD = b"joblint code 1\n"
_LENGTH = 8  # bytes that say how long the index is

_Spec: Any = type(__spec__)  # importlib.machinery.ModuleSpec, which need not be imported
_Module: Any = type(sys)


class Bundle:
    """A finder of joblint's modules, and the loader of those that it finds."""

    def __init__(self, places: tuple[str, ...]) -> None:
        """`places` are the files in which the bundle may be, the best one first."""
        self._places = places
        self._data = b""
        self._entries: dict[str, Entry] = {}
        self._begin = 0
        self._new: dict[str, tuple[str, bool, int, int, CodeType]] = {}
        for place in places:
            if self._read(place):
                break

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec of a module of joblint's; None for all others, and where Python's own finders find none."""
        if not name.startswith(_ROOT):
            return None
        entry = self._entries.get(name)
        if entry is not None and _is_current(entry):
            spec = _Spec(name, self, origin=entry[0], is_package=entry[1])
            if entry[1]:
                spec.submodule_search_locations = [os.path.dirname(entry[0])]
            return spec
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target) if finder is not self else None
            if spec is not None:
                if spec.origin and spec.origin.endswith(".py") and hasattr(spec.loader, "get_code"):
                    spec.loader = _Noting(spec.loader, self)
                return spec
        return None

    def create_module(self, spec: Any) -> ModuleType:
        """The empty module."""
        module: ModuleType = _Module(spec.name)
        module.__file__ = spec.origin
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code. A file that is damaged is not asked again: ImportError."""
        name = module.__name__
        _, _, _, _, start, length = self._entries[name]
        start += self._begin
        try:
            code = marshal.loads(memoryview(self._data)[start : start + length])
        except (EOFError, ValueError, TypeError):
            code = None
        if code.__class__ is not type(_code_of_this_module()):
            self._entries.clear()
            spec = self.find_spec(name, _search_path(name))
            if spec is None:
                raise ImportError(f"no module named {name}", name=name)
            module.__spec__ = spec
            spec.loader.exec_module(module)
            return
        exec(code, module.__dict__)

    def get_code(self, name: str) -> CodeType | None:
        """The code of a module, for Python's `-m`."""
        return None

    def note(self, name: str, source: str, is_package: bool, code: CodeType) -> None:
        """Have a module in the file from the next `save` on."""
        try:
            info = os.stat(source)
        except OSError:
            return
        self._new[name] = (source, is_package, info.st_size, info.st_mtime_ns, code)

    def save(self) -> None:
        """Write the file anew if this run loaded modules that it does not have. Whatever fails costs the next run time only."""
        if not self._new:
            return
        place = next((p for p in self._places if _may_write(p)), None)
        if place is None:
            return
        entries: dict[str, Entry] = {}
        codes: list[bytes] = []
        at = 0
        view = memoryview(self._data)
        for name, (source, is_package, size, time, start, length) in self._entries.items():
            if name not in self._new:
                entries[name] = (source, is_package, size, time, at, length)
                codes.append(bytes(view[self._begin + start : self._begin + start + length]))
                at += length
        for name, (source, is_package, size, time, code) in self._new.items():
            codes.append(marshal.dumps(code))
            entries[name] = (source, is_package, size, time, at, len(codes[-1]))
            at += len(codes[-1])
        index = marshal.dumps((_stamp(), entries))
        half = f"{place}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
            handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
            try:
                with open(handle, "wb") as file:
                    file.write(b"".join([_HEAD, len(index).to_bytes(_LENGTH, "little"), index, *codes]))
                os.replace(half, place)
            except BaseException:
                os.unlink(half)
                raise
        except OSError:
            return
        self._new.clear()

    def _read(self, place: str) -> bool:
        data = _ours(place)
        if not data.startswith(_HEAD):
            return False
        begin = len(_HEAD) + _LENGTH
        length = int.from_bytes(data[len(_HEAD) : begin], "little")
        try:
            stamp, entries = marshal.loads(data[begin : begin + length])
        except (EOFError, ValueError, TypeError):
            return False
        if stamp != _stamp():
            return False
        self._data, self._entries, self._begin = data, entries, begin + length
        return True


class _Noting:
    """A loader of Python's own whose code is noted for the file."""

    def __init__(self, loader: Any, bundle: Bundle) -> None:
        self._loader = loader
        self._bundle = bundle

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        assert spec is not None and spec.origin is not None
        spec.loader = self._loader
        module.__loader__ = self._loader
        code = self._loader.get_code(spec.name)
        self._bundle.note(spec.name, spec.origin, spec.submodule_search_locations is not None, code)
        exec(code, module.__dict__)


def install() -> Bundle | None:
    """Put the finder before Python's own; None where joblint is no folder of sources, or nobody wants it."""
    if os.environ.get("JOBLINT_NO_BUNDLE") or not os.path.isdir(_PACKAGE):
        return None
    bundle = Bundle(places())
    sys.meta_path.insert(0, bundle)
    return bundle


def places() -> tuple[str, ...]:
    """The files in which the bundle of this Python may be: beside the package, and in the user's cache folder."""
    name = f"code-{sys.implementation.cache_tag}-{sys.hexversion:x}-{sys.flags.optimize}.bin"
    found = [os.path.join(_PACKAGE, "_compiled", name)]
    cache = cache_folder()
    if cache:
        found.append(os.path.join(cache, f"{_short(_PACKAGE)}-{name}"))
    return tuple(found)


def cache_folder() -> str:
    """The folder in which joblint keeps what it can make again, by the rules of the system; "" where there is none."""
    if sys.platform == "win32":
        top = os.environ.get("LOCALAPPDATA", "")
        return os.path.join(top, "joblint", "Cache") if top else ""
    if sys.platform == "darwin":
        home = os.environ.get("HOME", "")
        return os.path.join(home, "Library", "Caches", "joblint") if home else ""
    top = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(top):
        home = os.environ.get("HOME", "")
        top = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    return os.path.join(top, "joblint") if top else ""


def _short(text: str) -> str:
    """A name for a path, the same in every run."""
    number = 0
    for char in text:
        number = (number * 1000003 ^ ord(char)) & 0xFFFFFFFFFFFFFFFF
    return f"{number:x}"


def _stamp() -> tuple[str, str]:
    return sys.version, _PACKAGE


def _is_current(entry: Entry) -> bool:
    """Whether the source is as it was when the code was made from it."""
    try:
        info = os.stat(entry[0])
    except OSError:
        return False
    return info.st_size == entry[2] and info.st_mtime_ns == entry[3]


def _ours(path: str) -> bytes:
    """The content of a file that nobody but the user and root can have written; nothing of any other."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return b""
    try:
        info = os.fstat(handle)
        if hasattr(os, "geteuid") and (info.st_uid not in (0, os.geteuid()) or info.st_mode & 0o022):
            return b""
        data = os.read(handle, info.st_size)
        while len(data) < info.st_size:
            more = os.read(handle, info.st_size - len(data))
            if not more:
                return b""
            data += more
        return data
    except OSError:
        return b""
    finally:
        os.close(handle)


def _may_write(place: str) -> bool:
    folder = os.path.dirname(place)
    while not os.path.isdir(folder):
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above
    return os.access(folder, os.W_OK)


def _search_path(name: str) -> Any:
    parent = sys.modules.get(name.rpartition(".")[0])
    return getattr(parent, "__path__", None)


def _code_of_this_module() -> CodeType:
    return _search_path.__code__
