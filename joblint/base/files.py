"""Finding the manifests that the paths of a command line mean; knows the filesystem, reads only the content of .gitignore
files."""

from __future__ import annotations

import os

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.base.ignored import Patterns

_MANIFESTS, _JINJA = (".yaml", ".yml", ".json"), (".j2", ".jinja2", ".jinja")
SUFFIXES = (*_MANIFESTS, *[suffix + template for suffix in _MANIFESTS for template in _JINJA])
"""The endings of the files that are read in a directory: manifests, and Jinja templates of manifests."""
CONFIGURATIONS = (".joblint.yaml", ".joblint.yml")
"""joblint's own configuration in a project, which is never a manifest."""

HIDDEN, GITIGNORED, EXCLUDED, PACKAGES = "hidden", "gitignored", "excluded", "installed packages"
LEAVES, FOLDER_LINK, NO_FILE = "a link out of the checked directory", "a link to a directory", "not a regular file"
NOWHERE = "a broken link"
BY_NAME = (LEAVES, FOLDER_LINK, NO_FILE, NOWHERE)
"""The reasons why something in a directory is not read, and those that are listed by path. docs/reliability.md has the
policy."""

# Version control data, installed packages and joblint's own files: never searched for manifests.
_NEVER = frozenset((".git", ".hg", ".svn", ".joblint-baseline.json", *CONFIGURATIONS))
_PACKAGES = frozenset(("node_modules", "__pycache__"))


class Found(Record):
    """The files to read in order (paths as the user wrote them), the paths that do not exist or cannot be read, and what was
    skipped in directories (a directory represents everything in it); the last two with the reason."""

    files: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    passed: tuple[tuple[str, str], ...] = ()


def find(paths: tuple[str, ...], exclude: Patterns | None = None, force: bool = False) -> Found:
    """Find the files behind paths: a file itself, all `*.yaml *.yml *.json` in a directory at any depth (also as Jinja
    templates: `*.yaml.j2`), `-` for standard input.

    A file that is listed twice is read once. Directories are walked in alphabetical order. Links to files within the specified
    directories are followed, and only regular files are read. Hidden and gitignored files, and those that `exclude` matches,
    are skipped. A path that is specified itself is always read, unless `force` applies `exclude` to it as well.
    """
    walk = _Walk(exclude, paths)
    for path in paths:
        if path == "-":
            walk.files[path] = None
            continue
        is_folder = os.path.isdir(path)
        if force and exclude is not None and exclude.cover(os.path.abspath(path), is_folder):
            walk.passed.append((path, EXCLUDED))
        elif is_folder:
            walk.begin(path)
        elif os.path.exists(path):
            walk.files[path] = None
        else:
            walk.missing.append((path, _why_missing(path)))
    return Found(tuple(walk.files), tuple(walk.missing), tuple(walk.passed))


def _why_missing(path: str) -> str:
    if os.path.islink(path):
        return _dead_link(path)
    try:
        os.stat(path)
    except (OSError, ValueError) as error:
        if not isinstance(error, OSError) or error.errno not in (2, 20):
            return getattr(error, "strerror", None) or str(error)
    return "No such file or directory"


def _dead_link(path: str) -> str:
    try:
        os.stat(path)
    except OSError as error:
        return NOWHERE if error.errno == 2 else f"a link that cannot be followed: {error.strerror}"
    return NO_FILE


class _Walk:
    """One walk: what it has found, and what it skips."""

    def __init__(self, exclude: Patterns | None, named: tuple[str, ...]) -> None:
        self.files: dict[str, None] = {}
        self.missing: list[tuple[str, str]] = []
        self.passed: list[tuple[str, str]] = []
        self._exclude = exclude
        self._named = named
        self._roots: tuple[str, ...] | None = None

    def begin(self, folder: str) -> None:
        """Walk a directory that was specified."""
        from joblint.base.ignored import gitignored

        path = os.path.abspath(folder)
        left = [iter(self._listed(folder, path, gitignored(path)))]
        while left:  # not recursive: directories may be nested more deeply than Python's stack
            below = next(left[-1], None)
            if below is None:
                left.pop()
            else:
                left.append(iter(self._listed(*below)))

    def _listed(self, folder: str, path: str, ignored: Patterns) -> Iterator[tuple[str, str, Patterns]]:
        """Add the files of a directory; return its subdirectories, each with its position in the order of names."""
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda e: e.name)
        except OSError as error:
            self.missing.append((folder, error.strerror or str(error)))
            return
        for entry in entries:
            if entry.name == ".git":
                from joblint.base.ignored import of_checkout

                ignored = of_checkout(path)  # the ignore patterns of the outer checkout do not apply here
            elif entry.name == ".gitignore":
                from joblint.base.ignored import lines_of

                ignored = ignored.with_lines(path, lines_of(entry.path))
        for entry in entries:
            name = entry.name
            if name in _NEVER:
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            is_link = not is_folder and entry.is_symlink()
            if not is_folder and not name.lower().endswith(SUFFIXES) and not (is_link and _is_folder(entry)):
                continue
            shown, real = _join(folder, name), os.path.join(path, name)
            reason = self._why_not(name, real, is_folder, ignored)
            if reason:
                self.passed.append((shown, reason))
            elif is_folder:
                yield shown, real, ignored
            elif is_link:
                self._link(shown, real)
            elif entry.is_file(follow_symlinks=False):
                self.files[shown] = None
            else:
                self.passed.append((shown, NO_FILE))

    def _link(self, shown: str, path: str) -> None:
        """Follow a link to a file that could also be found without it, and no further: somebody who can write to a checkout
        must not make joblint read, and print, other files of the machine."""
        if os.path.isdir(path):
            self.passed.append((shown, FOLDER_LINK))
        elif not os.path.exists(path):
            reason = _dead_link(path)
            # The targets of links may be missing from a checkout (a submodule, generated files): that is not an error in its
            # files.
            (self.passed if reason == NOWHERE else self.missing).append((shown, reason))
        elif not self._is_inside(os.path.realpath(path)):
            self.passed.append((shown, LEAVES))
        elif not os.path.isfile(path):
            self.passed.append((shown, NO_FILE))
        else:
            self.files[shown] = None

    def _is_inside(self, path: str) -> bool:
        if self._roots is None:
            folders = [os.path.realpath(p) for p in self._named if p != "-" and os.path.isdir(p)]
            self._roots = tuple([f.rstrip(os.sep) + os.sep for f in folders])
        return path.startswith(self._roots)

    def _why_not(self, name: str, path: str, is_folder: bool, ignored: Patterns) -> str:
        if name.startswith("."):
            return HIDDEN
        if is_folder and name in _PACKAGES:
            return PACKAGES
        if self._exclude is not None and self._exclude.match(path, is_folder):
            return EXCLUDED
        return GITIGNORED if ignored.match(path, is_folder) else ""


def _is_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:  # links that lead to themselves, or to places we may not read
        return False


def _join(folder: str, name: str) -> str:
    # "." and a trailing slash would only make the path in every finding longer.
    return name if folder in (".", "./") else f"{folder.rstrip('/')}/{name}" if folder != "/" else f"/{name}"
