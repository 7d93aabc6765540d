"""Patterns as git uses them in .gitignore, and which paths they ignore; knows paths and .gitignore files, not manifests.

The library that reads patterns is imported only if there is a pattern for it. A user's own settings (core.excludesFile) do not
count, so that everybody gets the same result.

Source: git 2.51, gitignore(5).
"""

from __future__ import annotations

import os

from joblint.base.content import small
from joblint.base.plain_patterns import PlainPattern, plain
from joblint.base.wildmatch import Wild, is_wild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec.pattern import RegexPattern as Pattern

GITIGNORE = ".gitignore"
_ALL = "."  # how the library writes the pattern `*`


class Patterns:
    """Lists of patterns, each for the paths below its directory; if two match, the list added later decides."""

    __slots__ = ("_lists",)

    def __init__(self, lists: tuple[tuple[str, list[Pattern | PlainPattern | Wild]], ...] = ()) -> None:
        self._lists = lists

    def with_lines(self, folder: str, lines: Iterable[str]) -> Patterns:
        """Return these patterns and those of some lines, which are relative to the directory (an absolute path)."""
        lines = [_in_words_of_both(line) for line in lines if line.strip() and not line.startswith("#")]
        if not lines:
            return self
        found = [pattern for line in lines if (pattern := plain(line) or _read(line)) is not None]
        return Patterns((*self._lists, (folder.rstrip(os.sep) + os.sep, found)))

    def match(self, path: str, is_folder: bool) -> bool:
        """Whether a pattern ignores exactly this absolute path; paths inside of an ignored directory do not match."""
        for folder, patterns in reversed(self._lists):
            if path.startswith(folder):
                below = path[len(folder) :].replace(os.sep, "/") + ("/" if is_folder else "")
                for pattern in reversed(patterns):
                    if isinstance(pattern, PlainPattern | Wild):
                        if pattern.covers(below):
                            return pattern.include
                        continue
                    regex = pattern.regex  # None for a line that is not a pattern
                    found = regex.match(below) if regex is not None else None
                    if regex is not None and found is not None and (found.end() == len(below) or regex.pattern == _ALL):
                        return pattern.include is True
        return False

    def cover(self, path: str, is_folder: bool) -> bool:
        """Whether an absolute path, or a directory above it, is ignored."""
        while not self.match(path, is_folder):
            path, below = os.path.dirname(path), path
            is_folder = True
            if path == below:
                return False
        return True


def gitignored(folder: str) -> Patterns:
    """Return the patterns that git applies to the content of a directory (an absolute path): those of its parent directories up
    to the root of its checkout. Without a checkout there are none; the directory's own .gitignore is not included."""
    way = [folder]
    while not os.path.lexists(os.path.join(way[-1], ".git")):
        above = os.path.dirname(way[-1])
        if above == way[-1]:
            return Patterns()
        way.append(above)
    patterns = of_checkout(way[-1])
    for each in reversed(way):
        if patterns.match(each, True):  # git never looks into it, so a path inside of it was specified on purpose
            return Patterns()
        if each != folder:
            patterns = patterns.with_lines(each, lines_of(os.path.join(each, GITIGNORE)))
    return patterns


def of_checkout(root: str) -> Patterns:
    """Return the patterns of the checkout itself (.git/info/exclude)."""
    return Patterns().with_lines(root, lines_of(os.path.join(root, ".git", "info", "exclude")))


def lines_of(path: str) -> list[str]:
    """Return the lines of a file of patterns; none if it cannot be read."""
    try:
        text = small(path).decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    except OSError:
        return []
    return [line.removesuffix("\r") for line in text.split("\n")]


def _in_words_of_both(line: str) -> str:
    """The line in a form that means the same to git and to the library, for which `a/**` also matches the directory `a`."""
    bare = line.rstrip(" ")
    return bare + "/*" if bare.endswith("/**") else line


def _read(line: str) -> Pattern | Wild | None:
    """The pattern of a line that is not one of the plain ones; None for a line that is not a pattern and that git ignores
    too."""
    if is_wild(line):
        return Wild(line)
    import re
    import warnings

    from pathspec import GitIgnoreSpec

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of re, on `[[`: git accepts it as well
            return [*GitIgnoreSpec.from_lines([line]).patterns][0]
    except (ValueError, re.error):  # re.error: a range such as `[z-a]`, which matches nothing in git either
        return None
