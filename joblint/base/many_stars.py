"""Patterns of .gitignore with many stars, matched in time proportional to the length of the path; knows patterns, not files.

The library's regular expressions can take days for a path that somebody has chosen to make them slow.

Source: git 2.51, wildmatch.c and dir.c.
"""

from __future__ import annotations

STARS = 2
"""The most stars, in a path of names and in one name, that a regular expression handles quickly enough."""


def has_many(line: str) -> bool:
    """Whether a line contains a pattern that is to be matched here."""
    names = line.rstrip(" /").split("/")
    return names.count("**") > STARS or any(name != "**" and name.count("*") > STARS for name in names)


class ManyStars:
    """One pattern, with the library's interface: `include` is whether it ignores paths (True) or includes them again
    (False)."""

    __slots__ = ("_folders", "_names", "include")

    def __init__(self, line: str) -> None:
        line = line.rstrip(" ")
        self.include = not line.startswith("!")
        line = line if self.include else line[1:]
        self._folders = line.endswith("/")
        names = line.rstrip("/").split("/")
        if len(names) == 1:
            names = ["**", *names]
        elif names[0] == "":
            names = names[1:]
        self._names = [_shortened(name) for name in names]

    def covers(self, path: str) -> bool:
        """Whether the pattern matches a path (relative to the pattern's own directory; a directory's path ends in a slash)."""
        if self._folders and not path.endswith("/"):
            return False
        names, last = self._names, len(self._names)
        here = {0}
        parts = path.rstrip("/").split("/")
        for n, part in enumerate(parts):
            here = _past_stars(here, names)
            there = set()
            for at in here:
                if at == last:
                    continue
                if names[at] == "**":
                    there.add(at)
                    if at == last - 1 and n == len(parts) - 1:
                        return True  # at the end it matches at least one name
                elif _fits(names[at], part):
                    there.add(at + 1)
            here = there
        return last in here


def _past_stars(here: set[int], names: list[str]) -> set[int]:
    """The positions, plus those after a `**`: it may match no name at all, unless it is the last part."""
    found = set(here)
    for at in here:
        while at < len(names) - 1 and names[at] == "**":
            at += 1
            found.add(at)
    return found


def _shortened(name: str) -> str:
    """A name without consecutive stars: several of them mean the same as one."""
    if name == "**":
        return name
    while "**" in name:
        name = name.replace("**", "*")
    return name


def _fits(pattern: str, name: str) -> bool:
    """Whether a name matches a pattern without slashes. The first possible position is the right one: it leaves the most
    text."""
    at, i, star, back = 0, 0, -1, 0
    while i < len(name):
        if pattern[at : at + 1] == "*":
            star, back = at, i
            at += 1
            continue
        width, fits = _one(pattern, at, name[i])
        if fits:
            at += width
            i += 1
        elif star >= 0:
            back += 1
            at, i = star + 1, back
        else:
            return False
    return not pattern[at:].strip("*")


def _one(pattern: str, at: int, char: str) -> tuple[int, bool]:
    """The length of the part of a pattern at a position, and whether that part matches a character."""
    what = pattern[at : at + 1]
    if what == "":
        return 0, False
    if what == "?":
        return 1, True
    if what == "\\":
        return 2, pattern[at + 1 : at + 2] == char
    if what != "[":
        return 1, what == char
    end = at + 1
    negated = pattern[end : end + 1] in ("!", "^") and end < len(pattern)
    begin = end = end + negated
    fits = False
    while end < len(pattern) and (pattern[end] != "]" or end == begin):
        low = pattern[end + 1 : end + 2] if pattern[end] == "\\" else pattern[end]
        end += 2 if pattern[end] == "\\" else 1
        if pattern[end : end + 1] == "-" and pattern[end + 1 : end + 2] not in ("", "]"):
            fits = fits or low <= char <= pattern[end + 1]
            end += 2
        else:
            fits = fits or low == char
    if end >= len(pattern):
        return 1, char == "["  # the bracket is never closed
    return end + 1 - at, fits != negated
