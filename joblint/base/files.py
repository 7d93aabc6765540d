"""Finding the manifests behind the paths of a command line; knows the file system, reads no content but .gitignore files."""

from __future__ import annotations

import os

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.base.ignored import Patterns

SUFFIXES = (".yaml", ".yml", ".json")
CONFIGURATIONS = (".joblint.yaml", ".joblint.yml")
"""joblint's own file in a project, which is never a manifest."""

HIDDEN, GITIGNORED, EXCLUDED, PACKAGES = "hidden", "gitignored", "excluded", "installed packages"
"""Why something in a folder is not walked."""

# What a checkout keeps of its own, and the hidden file that is joblint's: nobody looks for manifests there.
_NEVER = frozenset((".git", ".hg", ".svn", *CONFIGURATIONS))
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

    A file that is named twice is read once. Folders are walked in the order of names; links to folders are not followed,
    and what is hidden, gitignored or matched by `exclude` is not walked. A path that is named itself is read whatever it
    is called and wherever it is, unless `force` holds `exclude` against it, too.
    """
    walk = _Walk(exclude)
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
            walk.missing.append((path, "no such file or folder"))
    return Found(tuple(walk.files), tuple(walk.missing), tuple(walk.passed))


class _Walk:
    """One walk: what it has found, and what is not to be walked."""

    def __init__(self, exclude: Patterns | None) -> None:
        self.files: dict[str, None] = {}
        self.missing: list[tuple[str, str]] = []
        self.passed: list[tuple[str, str]] = []
        self._exclude = exclude

    def begin(self, folder: str) -> None:
        """Walks a folder that somebody named."""
        from joblint.base.ignored import gitignored

        path = os.path.abspath(folder)
        self._folder(folder, path, gitignored(path))

    def _folder(self, folder: str, path: str, ignored: Patterns) -> None:
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
            if not is_folder and not name.lower().endswith(SUFFIXES):
                continue
            shown, real = _join(folder, name), os.path.join(path, name)
            reason = self._why_not(name, real, is_folder, ignored)
            if reason:
                self.passed.append((shown, reason))
            elif is_folder:
                self._folder(shown, real, ignored)
            elif entry.is_file():
                self.files[shown] = None
            elif entry.is_symlink():
                self.missing.append((shown, "a link that leads nowhere"))

    def _why_not(self, name: str, path: str, is_folder: bool, ignored: Patterns) -> str:
        if name.startswith("."):
            return HIDDEN
        if is_folder and name in _PACKAGES:
            return PACKAGES
        if self._exclude is not None and self._exclude.match(path, is_folder):
            return EXCLUDED
        return GITIGNORED if ignored.match(path, is_folder) else ""


def _join(folder: str, name: str) -> str:
    # "." and a trailing slash would only lengthen what a person reads in every finding.
    return name if folder in (".", "./") else f"{folder.rstrip('/')}/{name}" if folder != "/" else f"/{name}"
