"""Patterns as git has them in .gitignore, and which paths they leave out; knows paths and .gitignore files, no manifest.

The library that reads patterns is imported only where there is a pattern.
Source: git 2.51, gitignore(5); nothing of a user's own settings (core.excludesFile) is taken, so that all get one answer.
"""

from __future__ import annotations

import os

from joblint.base.content import small
from joblint.base.many_stars import ManyStars, has_many
from joblint.base.plain_patterns import PlainPattern, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec.pattern import RegexPattern as Pattern

GITIGNORE = ".gitignore"
_ALL = "."  # how the library writes the pattern `*`


class Patterns:
    """Lists of patterns, each of them for what is below its folder; of two that match, the list added later counts."""

    __slots__ = ("_lists",)

    def __init__(self, lists: tuple[tuple[str, list[Pattern | PlainPattern | ManyStars]], ...] = ()) -> None:
        self._lists = lists

    def with_lines(self, folder: str, lines: Iterable[str]) -> Patterns:
        """These patterns and those of some lines, which are meant from the folder (an absolute path) on."""
        lines = [_in_words_of_both(line) for line in lines if line.strip() and not line.startswith("#")]
        if not lines:
            return self
        found = [pattern for line in lines if (pattern := plain(line) or _read(line)) is not None]
        return Patterns((*self._lists, (folder.rstrip(os.sep) + os.sep, found)))

    def match(self, path: str, is_folder: bool) -> bool:
        """Whether a pattern leaves out just this absolute path; what stands in a folder that is left out matches none."""
        for folder, patterns in reversed(self._lists):
            if path.startswith(folder):
                below = path[len(folder) :].replace(os.sep, "/") + ("/" if is_folder else "")
                for pattern in reversed(patterns):
                    if isinstance(pattern, PlainPattern | ManyStars):
                        if pattern.covers(below):
                            return pattern.include
                        continue
                    regex = pattern.regex  # None for what is no pattern at all
                    found = regex.match(below) if regex is not None else None
                    if regex is not None and found is not None and (found.end() == len(below) or regex.pattern == _ALL):
                        return pattern.include is True
        return False

    def cover(self, path: str, is_folder: bool) -> bool:
        """Whether an absolute path is left out, or a folder above it."""
        while not self.match(path, is_folder):
            path, below = os.path.dirname(path), path
            is_folder = True
            if path == below:
                return False
        return True


def gitignored(folder: str) -> Patterns:
    """The patterns that git holds against what is in a folder (an absolute path): those of the folders above it, up to the
    root of its checkout. Without a checkout there are none; the folder's own .gitignore is not among them."""
    way = [folder]
    while not os.path.lexists(os.path.join(way[-1], ".git")):
        above = os.path.dirname(way[-1])
        if above == way[-1]:
            return Patterns()
        way.append(above)
    patterns = of_checkout(way[-1])
    for each in reversed(way):
        if patterns.match(each, True):  # git never looks into it, so whoever names what is in it wants just that
            return Patterns()
        if each != folder:
            patterns = patterns.with_lines(each, lines_of(os.path.join(each, GITIGNORE)))
    return patterns


def of_checkout(root: str) -> Patterns:
    """The patterns that a checkout keeps for itself alone."""
    return Patterns().with_lines(root, lines_of(os.path.join(root, ".git", "info", "exclude")))


def lines_of(path: str) -> list[str]:
    """The lines of a file of patterns; none where it cannot be read."""
    try:
        return [line.removesuffix("\r") for line in small(path).decode("utf-8", "replace").split("\n")]
    except OSError:
        return []


def _in_words_of_both(line: str) -> str:
    """The line as it means the same to git and to the library, which takes `a/**` for the folder `a`, too."""
    bare = line.rstrip(" ")
    return bare + "/*" if bare.endswith("/**") else line


def _read(line: str) -> Pattern | ManyStars | None:
    """The pattern of a line that is none of the plain ones; None for what is no pattern: git itself passes over it."""
    if has_many(line):
        return ManyStars(line)
    from pathspec import GitIgnoreSpec

    try:
        return [*GitIgnoreSpec.from_lines([line]).patterns][0]
    except ValueError:
        return None
