"""Finding the manifests behind the paths of a command line; knows the file system, reads no content but .gitignore files."""

from __future__ import annotations

import os

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.base.ignored import Patterns

SUFFIXES = (".yaml", ".yml", ".json")
CONFIGURATIONS = (".joblint.yaml", ".joblint.yml")
"""joblint's own file in a project, which is never a manifest."""

HIDDEN, GITIGNORED, EXCLUDED, PACKAGES = "hidden", "gitignored", "excluded", "installed packages"
LEAVES, FOLDER_LINK, NO_FILE = "a link out of the checked directory", "a link to a directory", "not a regular file"
NOWHERE = "a broken link"
BY_NAME = (LEAVES, FOLDER_LINK, NO_FILE, NOWHERE)
"""Why something in a folder is not walked, and what of that is told by name. docs/reliability.md has the policy."""

# What a checkout keeps of its own, and the hidden file that is joblint's: nobody looks for manifests there.
_NEVER = frozenset((".git", ".hg", ".svn", ".joblint-baseline.json", *CONFIGURATIONS))
_PACKAGES = frozenset(("node_modules", "__pycache__"))


@record
class Found:
    """The files to read in order (paths as the person wrote them), the paths that are not there or may not be read, and
    what of the folders was not walked (a folder stands for all that is in it), both with the reason."""

    files: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    passed: tuple[tuple[str, str], ...] = ()


def find(paths: tuple[str, ...], exclude: Patterns | None = None, force: bool = False) -> Found:
    """The files behind paths: a file is itself, a folder all its `*.yaml *.yml *.json` at any depth, `-` standard input.

    A file that is named twice is read once. Folders are walked in the order of names; of links, those to files within the
    folders that are named are followed, and only regular files are read. What is hidden, gitignored or matched by `exclude`
    is not walked. A path that is named itself is read whatever it is called and wherever it is, unless `force` holds
    `exclude` against it, too.
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
    return "no such file or directory"


def _dead_link(path: str) -> str:
    try:
        os.stat(path)
    except OSError as error:
        return NOWHERE if error.errno == 2 else f"a link that cannot be followed: {error.strerror}"
    return NO_FILE


class _Walk:
    """One walk: what it has found, and what is not to be walked."""

    def __init__(self, exclude: Patterns | None, named: tuple[str, ...]) -> None:
        self.files: dict[str, None] = {}
        self.missing: list[tuple[str, str]] = []
        self.passed: list[tuple[str, str]] = []
        self._exclude = exclude
        self._named = named
        self._roots: tuple[str, ...] | None = None

    def begin(self, folder: str) -> None:
        """Walks a folder that somebody named."""
        from joblint.base.ignored import gitignored

        path = os.path.abspath(folder)
        left = [iter(self._listed(folder, path, gitignored(path)))]
        while left:  # not by recursion: folders may be nested more deeply than Python's stack
            below = next(left[-1], None)
            if below is None:
                left.pop()
            else:
                left.append(iter(self._listed(*below)))

    def _listed(self, folder: str, path: str, ignored: Patterns) -> Iterator[tuple[str, str, Patterns]]:
        """Takes the files of a folder; gives the folders in it, each at its place in the order of names."""
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda e: e.name)
        except OSError as error:
            self.missing.append((folder, error.strerror or str(error)))
            return
        for entry in entries:
            if entry.name == ".git":
                from joblint.base.ignored import of_checkout

                ignored = of_checkout(path)  # what the checkout around this one ignores is no business of this one
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
        """A link is followed to a file that could be found without it, too, and no further: who can write to a checkout
        may not have joblint read, and print, what else is on the machine."""
        if os.path.isdir(path):
            self.passed.append((shown, FOLDER_LINK))
        elif not os.path.exists(path):
            reason = _dead_link(path)
            # A checkout may lack what its links lead to (a submodule, generated files): that is no fault of what is there.
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
    except OSError:  # links that lead to themselves, or to where we may not look
        return False


def _join(folder: str, name: str) -> str:
    # "." and a trailing slash would only lengthen what a person reads in every finding.
    return name if folder in (".", "./") else f"{folder.rstrip('/')}/{name}" if folder != "/" else f"/{name}"
