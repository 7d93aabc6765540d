"""The files of a chart that a `.helmignore` leaves out; reads that file, lists no directory.

Source: helm 3.22 pkg/ignore (rules.go), pkg/chart/loader (directory.go); Go 1.26 path/filepath (Match).
"""

from __future__ import annotations

import os

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_FILE, _DEFAULT, _MOST = ".helmignore", "templates/.?*", 1 << 16


class _Rule(Record):
    """A line: a pattern, compared with the whole path or with the name alone, for directories only or for all; a negative one
    leaves out what it does not match."""

    pattern: str
    whole: bool
    only_folders: bool
    negative: bool


def ignored_in(folder: str) -> Callable[[str], bool]:
    """Return whether helm leaves out a file of the chart in a directory, by its path in it (with `/`); an unreadable
    `.helmignore` leaves out what is left out without one."""
    path = os.path.join(folder, _FILE)
    lines: list[str] = []
    if os.path.isfile(path) and not os.path.islink(path) and os.path.getsize(path) <= _MOST:
        try:
            with open(path, encoding="utf-8") as file:
                lines = file.read().split("\n")
        except (OSError, UnicodeDecodeError):
            lines = []
    rules = [rule for rule in map(_rule, [*lines, _DEFAULT]) if rule is not None]

    def ignored(path: str) -> bool:
        parts = path.split("/")
        return any(_leaves_out(rules, "/".join(parts[:n]), n < len(parts)) for n in range(1, len(parts) + 1))

    return ignored


def _leaves_out(rules: list[_Rule], path: str, is_folder: bool) -> bool:
    for rule in rules:
        matches = _matches(rule.pattern, path if rule.whole else path.rpartition("/")[2])
        if rule.negative:
            if rule.only_folders and not is_folder or not matches:
                return True
        elif matches and (is_folder or not rule.only_folders):
            return True
    return False


def _rule(line: str) -> _Rule | None:
    rule = line.strip()
    if not rule or rule.startswith("#") or "**" in rule:
        return None
    negative, rule = rule.startswith("!"), rule.removeprefix("!")
    only_folders, rule = rule.endswith("/"), rule.removesuffix("/")
    return _Rule(rule.removeprefix("/"), "/" in rule, only_folders, negative)


def _matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches a text; in time that grows with the product of their lengths, whatever is in them."""
    at = n = 0
    star, back = -1, 0
    while n < len(text):
        width = _one(pattern, at, text[n]) if at < len(pattern) else 0
        if at < len(pattern) and pattern[at] == "*":
            star, back = at, n
            at += 1
        elif width:
            at += width
            n += 1
        elif star >= 0 and text[back] != "/":
            back += 1
            at, n = star + 1, back
        else:
            return False
    return not pattern[at:].strip("*")


def _one(pattern: str, at: int, letter: str) -> int:
    """How much of a pattern a letter takes, 0 if it does not match."""
    sign = pattern[at]
    if sign == "?":
        return int(letter != "/")
    if sign == "\\" and at + 1 < len(pattern):
        return 2 * int(pattern[at + 1] == letter)
    end = pattern.find("]", at + 2) if sign == "[" else -1
    if end < 0:
        return int(sign == letter)
    held = pattern[at + 1 : end]
    negative, held = held[0] == "^", held.removeprefix("^")
    found = any(
        held[n - 1] <= letter <= held[n + 1] if held[n] == "-" and 0 < n < len(held) - 1 else held[n] == letter
        for n in range(len(held))
    )
    return (end - at + 1) * int(found != negative and letter != "/")
