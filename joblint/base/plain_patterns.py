"""Patterns of a .gitignore that need no library: a name, a path, `*.suffix`; knows paths as texts, no files.

Why: to import the library takes as long as to check a file, and most lines of most files are of this kind. A test holds it
together with the library. Source: git 2.51, gitignore(5).
"""

from __future__ import annotations

_SPECIAL = frozenset("*?[]\\!#")


class PlainPattern:
    """One such pattern. `include` is False where it takes back what an earlier one leaves out."""

    __slots__ = ("_anchored", "_folders", "_suffix", "_text", "include")

    def __init__(self, text: str, anchored: bool, folders: bool, suffix: bool, include: bool) -> None:
        self._text = text
        self._anchored = anchored
        self._folders = folders
        self._suffix = suffix
        self.include = include

    def covers(self, below: str) -> bool:
        """Whether it is meant for just this path below its folder; a folder's path ends in a slash."""
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
    """The pattern of a line; None where it takes the library to read it."""
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
