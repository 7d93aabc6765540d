"""Patterns of .gitignore with classes, question marks or many stars, as git matches them: byte by byte, in time proportional to
the length of the path; knows patterns, not files.

The library's regular expressions can take days for a path that somebody has chosen to make them slow, match characters instead of
bytes, and do not know classes such as `[[:alpha:]]`.

Source: git 2.51, wildmatch.c and dir.c.
"""

from __future__ import annotations

STARS = 2
"""The most stars, in a path of names and in one name, that a regular expression handles quickly enough."""

_ANY = frozenset([chr(n) for n in range(256)])  # `string` is not used: it imports `re`
_NEVER: frozenset[str] = frozenset()
_STAR, _DEEP = "*", "**"  # any text within a name, any number of names; other parts are the characters that they match
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_UPPER = _LOWER.upper()
_DIGITS = "0123456789"
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_CLASSES = {
    "alnum": frozenset(_LOWER + _UPPER + _DIGITS),
    "alpha": frozenset(_LOWER + _UPPER),
    "blank": frozenset(" \t"),
    "cntrl": frozenset([chr(n) for n in (*range(32), 127)]),
    "digit": frozenset(_DIGITS),
    "graph": frozenset(_LOWER + _UPPER + _DIGITS + _PUNCTUATION),
    "lower": frozenset(_LOWER),
    "print": frozenset(_LOWER + _UPPER + _DIGITS + _PUNCTUATION + " "),
    "punct": frozenset(_PUNCTUATION),
    "space": frozenset(" \t\n\r"),  # to git, \v and \f are not
    "upper": frozenset(_UPPER),
    "xdigit": frozenset(_DIGITS + "abcdefABCDEF"),
}

TYPE_CHECKING = False
if TYPE_CHECKING:
    Part = str | frozenset[str]


def is_wild(line: str) -> bool:
    """Whether a line contains a pattern that is to be matched here."""
    bare = line.rstrip(" ")
    names = bare.rstrip("/").split("/")
    many = names.count("**") > STARS or any(name != "**" and name.count("*") > STARS for name in names)
    return many or any(mark in line for mark in "[?\\") or bare.endswith("**/") or bare[-1:].isspace()


class Wild:
    """One pattern, with the library's interface: `include` is whether it ignores paths (True) or includes them again
    (False)."""

    __slots__ = ("_folders", "_names", "include")

    def __init__(self, line: str) -> None:
        line = _trimmed(line)
        self.include = not line.startswith("!")
        line = line if self.include else line[1:]
        self._folders = line.endswith("/")
        line = line.removesuffix("/")
        self._names = _names(_bytes(line.removeprefix("/")))
        if "/" not in line:
            self._names.insert(0, [_DEEP])

    def covers(self, path: str) -> bool:
        """Whether the pattern matches a path (relative to the pattern's own directory; a directory's path ends in a slash)."""
        if self._folders and not path.endswith("/"):
            return False
        names, last = self._names, len(self._names)
        here = {0}
        parts = _bytes(path.rstrip("/")).split("/")
        for n, part in enumerate(parts):
            here = _past_stars(here, names)
            there = set()
            for at in here:
                if at == last:
                    continue
                if names[at] == [_DEEP]:
                    there.add(at)
                    if at == last - 1 and n == len(parts) - 1:
                        return True  # at the end it matches at least one name
                elif _fits(names[at], part):
                    there.add(at + 1)
            here = there
        return last in here


def _trimmed(line: str) -> str:
    """A line without the spaces at its end, unless a backslash keeps them."""
    bare = line.rstrip(" ")
    marks = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if marks % 2 and bare != line else bare


def _bytes(text: str) -> str:
    """A text with one character for each byte of the name in a file system."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")
    except UnicodeEncodeError:
        return text  # half a character: only Windows has such names


def _past_stars(here: set[int], names: list[list[Part]]) -> set[int]:
    """The positions, plus those after a `**`: it may match no name at all, unless it is the last part."""
    found = set(here)
    for at in here:
        while at < len(names) - 1 and names[at] == [_DEEP]:
            at += 1
            found.add(at)
    return found


def _names(text: str) -> list[list[Part]]:
    """The names of a pattern, each as its parts. A slash in a class separates no names."""
    names: list[list[Part]] = [[]]
    at = 0
    while at < len(text):
        char, part = text[at], None
        at += 1
        if char == "\\":
            char = text[at : at + 1]
            part = char if char else _NEVER
            at += 1
        elif char == "?":
            part = _ANY
        elif char == "[":
            part, at = _class(text, at)
        if char == "/":
            names.append([])
        else:
            names[-1].append(char if part is None else frozenset([part]) if part == _STAR else part)
    return [_shortened(name) for name in names]


def _shortened(name: list[Part]) -> list[Part]:
    """A name without consecutive stars: several of them mean the same as one, or as `**` if nothing else is there."""
    if len(name) > 1 and all(part == _STAR for part in name):
        return [_DEEP]
    return [part for n, part in enumerate(name) if part != _STAR or not n or name[n - 1] != _STAR]


def _class(text: str, at: int) -> tuple[frozenset[str], int]:
    """The characters of a class whose bracket is before a position, and the position after it. One that is never closed, or
    names an unknown class, matches nothing, nor does what follows."""
    negated = text[at : at + 1] in ("!", "^") and at < len(text)
    at = begin = at + negated
    found: set[str] = set()
    before = ""  # what a range would begin with
    while at < len(text) and (text[at] != "]" or at == begin):
        char, special = text[at], text[at + 1 : at + 2]
        if char == "\\":
            found.add(special)
            before, at = special, at + 2
        elif char == "-" and before and special not in ("", "]"):
            at += 1 + (special == "\\")
            found.update([chr(n) for n in range(ord(before), min(ord(text[at]), 255) + 1)] if at < len(text) else ())
            before, at = "", at + 1
        elif char == "[" and special == ":" and (end := text.find("]", at + 2)) != at + 2 and text[end - 1] == ":":
            named = _CLASSES.get(text[at + 2 : end - 1]) if end > 0 else None
            if named is None:
                return _NEVER, len(text)
            found |= named
            before, at = "", end + 1
        else:
            found.add(char)
            before, at = char, at + 1
    if at >= len(text):
        return _NEVER, len(text)
    return frozenset(_ANY - found if negated else found), at + 1


def _fits(parts: list[Part], name: str) -> bool:
    """Whether a name matches. The first possible position is the right one: it leaves the most text."""
    at, i, star, back = 0, 0, -1, 0
    while i < len(name):
        part = parts[at] if at < len(parts) else _NEVER
        if part == _STAR:
            star, back = at, i
            at += 1
        elif name[i] in part:
            at += 1
            i += 1
        elif star >= 0:
            back += 1
            at, i = star + 1, back
        else:
            return False
    return all(part == _STAR for part in parts[at:])
