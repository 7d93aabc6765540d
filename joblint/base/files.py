"""Finding the manifests behind the paths of a command line; knows the file system, reads no content but standard input."""

from __future__ import annotations

import os

from joblint.base.record import record

SUFFIXES = (".yaml", ".yml", ".json")
# Folders of other programs, in which no manifest of the project can be.
_NOT_MANIFESTS = frozenset((".git", ".hg", ".svn", ".venv", ".tox", ".nox", "node_modules", "__pycache__"))


@record
class Found:
    """The files to read in order (paths as the person wrote them), and the paths that are not there or may not be read."""

    files: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]


def find(paths: tuple[str, ...]) -> Found:
    """The files behind paths: a file is itself, a folder all its `*.yaml *.yml *.json` at any depth, `-` standard input.

    A file that is named twice is read once. Folders are walked in the order of names; links to folders are not followed.
    """
    files: dict[str, None] = {}
    missing: list[tuple[str, str]] = []
    for path in paths:
        if path == "-":
            files[path] = None
        elif os.path.isdir(path):
            _walk(path, files, missing)
        elif os.path.exists(path):
            files[path] = None
        else:
            missing.append((path, "no such file or folder"))
    return Found(tuple(files), tuple(missing))


def _walk(folder: str, files: dict[str, None], missing: list[tuple[str, str]]) -> None:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda e: e.name)
    except OSError as error:
        missing.append((folder, error.strerror or str(error)))
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _NOT_MANIFESTS:
                _walk(_join(folder, entry.name), files, missing)
        elif entry.name.lower().endswith(SUFFIXES):
            if entry.is_file():
                files[_join(folder, entry.name)] = None
            elif entry.is_symlink():
                missing.append((_join(folder, entry.name), "a link that leads nowhere"))


def _join(folder: str, name: str) -> str:
    # "." and a trailing slash would only lengthen what a person reads in every finding.
    return name if folder in (".", "./") else f"{folder.rstrip('/')}/{name}" if folder != "/" else f"/{name}"
