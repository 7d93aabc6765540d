"""Results of earlier checks, file by file: their keys, and where they are kept; knows engines and files, no formats.

The key of a result is a number for everything it depends on: joblint's own code, the rules and settings, the day, the file's
name and content, and the kustomizations around it. Time stamps of manifests are not used.
"""

from __future__ import annotations

import os

from joblint.base.content import small
from joblint.base.digest import digest
from joblint.base.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.engine import Engine
    from joblint.rules.outcome import Outcome

    Taken = tuple[dict[str, bytes], dict[bytes, bytes], set[bytes]]

FILES, RUNS = "files.cache", "runs.cache"
"""The caches: results of files, and the output of whole runs."""

MOST = {FILES: 128 << 20, RUNS: 32 << 20}
"""The maximum size of each, in bytes."""


def open_store(name: str) -> Store | None:
    """Return one of the caches; None if the system has no place for it."""
    from joblint.base.cachefolder import cache_folder

    folder = cache_folder()
    return Store(os.path.join(folder, name), MOST[name]) if folder else None


class Cache:
    """The results of files for one run. `contents` are numbers for the files that were read, by name: everything that a result
    depends on except the engine."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.contents: dict[str, bytes] = {}
        self._surroundings = Surroundings()

    def content(self, file: str, data: bytes) -> bytes:
        """Return a number for a file: its name, its content, and what is around it."""
        folder, name = os.path.split(file)
        around = self._surroundings.of(folder)
        return digest(b"\0".join([around, digest(data), os.fsencode(folder), os.fsencode(name)]))

    def results(self, engine: Engine) -> Results:
        """Return the results for one engine."""
        return Results(self, engine)


class Results:
    """The results of files for one engine."""

    def __init__(self, cache: Cache, engine: Engine) -> None:
        from joblint.run.packed import Packer

        self.contents: dict[str, bytes] = {}
        self.new: dict[bytes, bytes] = {}
        self.used: set[bytes] = set()
        self._cache = cache
        self._packer = Packer(engine.rules)
        self._base = identity(engine)

    def key(self, file: str, data: bytes) -> bytes:
        """Return the key of the result of a file with that content; nothing if the result changes with the time."""
        if passes(data):
            return b""
        content = self.contents[file] = self._cache.content(file, data)
        return digest(self._base + content)

    def get(self, key: bytes) -> tuple[Outcome, ...] | None:
        """Return a file's result; None if there is none that can be read."""
        store = self._cache.store
        piece = store.get(key)
        if piece is None:
            return None
        from joblint.run.packed import Damaged

        try:
            found = self._packer.unpack(piece.decode("ascii"))
        except (Damaged, UnicodeDecodeError):
            store.trouble = store.trouble or "it is partly damaged"
            return None
        self.used.add(key)
        return found

    def put(self, key: bytes, outcomes: tuple[Outcome, ...]) -> None:
        """Keep a file's result, unless joblint itself failed on the file or the result cannot be written."""
        if any(o.crashes for o in outcomes):
            return
        try:
            self.new[key] = self._packer.pack(outcomes).encode("ascii")
        except (TypeError, RecursionError):
            return  # a record that joblint.run.packed does not know: tests would have found it

    def taken(self) -> Taken:
        """Return what is new since the last call: contents of files, new results, and the keys of those that were used."""
        found = self.contents, self.new, self.used
        self.contents, self.new, self.used = {}, {}, set()
        return found

    def add(self, found: Taken) -> None:
        """Add what another process has found."""
        contents, new, used = found
        self._cache.contents.update(contents)
        for key, piece in new.items():
            self._cache.store.put(key, piece)
        self._cache.store.use(used)


def passes(data: bytes) -> bool:
    """Return whether a file may contain live objects, whose findings change with the time (see joblint.rules.live.look)."""
    return b"items" in data and b"resourceVersion" in data and b"uid" in data


class Surroundings:
    """The files around a manifest that affect its results: kustomizations and charts in its directory and above, each read
    once."""

    def __init__(self) -> None:
        self._folders: dict[str, bytes] = {}
        self._found: dict[str, bytes] = {}

    def of(self, folder: str) -> bytes:
        """Return a number for what is around the files of a directory."""
        found = self._folders.get(folder)
        if found is None:
            from joblint.base.above import upwards

            chain = upwards(os.path.abspath(folder or "."))
            parts: list[bytes] = []
            for above in chain:  # a kustomization lists files relative to its own directory
                parts += [self._kustomization(above), self._chart(above), os.fsencode(os.path.basename(above))]
            found = self._folders[folder] = digest(b"\0".join(parts[:-1]))
        return found

    def _chart(self, folder: str) -> bytes:
        """A number for the values of the chart in a directory."""
        from joblint.source.unrendered.chart import CHART, VALUES

        if not os.path.isfile(os.path.join(folder, CHART)):
            return b""
        try:
            return digest(small(os.path.join(folder, VALUES)))
        except (OSError, ValueError):
            return b"-"

    def _kustomization(self, folder: str) -> bytes:
        found = self._found.get(folder)
        if found is None:
            from joblint.base.above import is_planted
            from joblint.source.unrendered.kustomize_patches import NAMES

            parts = []
            for name in NAMES:
                path = os.path.join(folder, name)
                try:
                    parts.append(b"planted" if is_planted(path) else b"=" + digest(small(path)))
                except (OSError, ValueError):
                    parts.append(b"-")
            found = self._found[folder] = b"/".join(parts)
        return found


def settings_of(engine: Engine) -> tuple[object, ...]:
    """Return the settings of an engine, without the Namespaces that it has found, and without what is shown."""
    return (
        engine.version,
        [rule.id for rule in engine.rules],
        [rule for rule in engine.rules if not rule.family],
        sorted(engine.severities.items()),
        engine.overrides,
        engine.heeds_ignores,
        engine.embedded,
        sorted(engine.variables.items()),
    )


def identity(engine: Engine) -> bytes:
    """Return a number for everything that an engine's results depend on in addition to the files."""
    import tzdata  # type: ignore[import-untyped]  # it has no types, only data

    from joblint import __version__
    from joblint.base.compiled import version_of_sources
    from joblint.base.today import today

    parts = (__version__, version_of_sources(), tzdata.__version__, today(), *settings_of(engine), engine.admission, engine.least)
    return digest(repr(parts).encode("utf-8", "surrogatepass"))
