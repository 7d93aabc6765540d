"""Patterns of a .gitignore that need no library: a name, a path, `*.suffix`; knows paths as texts, not files.

Importing the library takes as long as checking a file, and most lines of most files are of this kind. A test compares the
results with those of the library. Source: git 2.51, gitignore(5).
"""

from __future__ import annotations

_SPECIAL = frozenset("*?[]\\!#")


class PlainPattern:
    """One such pattern. `include` is False if it includes again what an earlier pattern ignores."""

    __slots__ = ("_anchored", "_folders", "_suffix", "_text", "include")

    def __init__(self, text: str, anchored: bool, folders: bool, suffix: bool, include: bool) -> None:
        self._text = text
        self._anchored = anchored
        self._folders = folders
        self._suffix = suffix
        self.include = include

    def covers(self, below: str) -> bool:
        """Whether it matches exactly this path below its directory; a directory's path ends in a slash."""
        path = below
        if below.endswith("/"):
            path = below[:-1]
        elif self._folders:
            return False
        if self._anchored:
            return path == self._text
        name = path.rpartition("/")[2]
        return name.endswith(self._text) if self._suffix else name == self._text


def plain(line: str) -> PlainPattern | None:
    """Return the pattern of a line; None if the line needs the library."""
    include = not line.startswith("!")
    text = line if include else line[1:]
    folders = text.endswith("/")
    text = text.removesuffix("/")
    anchored = "/" in text
    text = text.removeprefix("/")
    suffix = text.startswith("*") and not anchored
    if suffix:
        text = text[1:]
    if not text or not text.isprintable() or " " in text or not _SPECIAL.isdisjoint(text):
        return None
    if not suffix and any(part in ("", ".", "..") for part in text.split("/")):
        return None
    return PlainPattern(text, anchored, folders, suffix, include)
