"""The files of a chart that a `.helmignore` leaves out; reads that file, lists no directory.

Source: helm 3.22 pkg/ignore (rules.go), pkg/chart/loader (directory.go).
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

_FILE, _DEFAULT, _MOST = ".helmignore", "templates/.?*", 1 << 16


def ignored_in(folder: str) -> Callable[[str], bool]:
    """Return whether helm leaves out a file of the chart in a directory, by its path in it (with `/`); an unreadable
    `.helmignore` leaves out what is left out without one."""
    import re

    path = os.path.join(folder, _FILE)
    lines: list[str] = []
    if os.path.isfile(path) and not os.path.islink(path) and os.path.getsize(path) <= _MOST:
        try:
            with open(path, encoding="utf-8") as file:
                lines = file.read().split("\n")
        except (OSError, UnicodeDecodeError):
            lines = []
    rules = [rule for rule in map(_rule, [*lines, _DEFAULT]) if rule is not None]

    def one(path: str, is_folder: bool) -> bool:
        for negative, only_folders, whole, pattern in rules:
            matches = re.fullmatch(pattern, path if whole else path.rpartition("/")[2]) is not None
            if negative:
                if only_folders and not is_folder or not matches:
                    return True
            elif matches and (is_folder or not only_folders):
                return True
        return False

    def ignored(path: str) -> bool:
        parts = path.split("/")
        return any(one("/".join(parts[:n]), n < len(parts)) for n in range(1, len(parts) + 1))

    return ignored


def _rule(line: str) -> tuple[bool, bool, bool, str | re.Pattern[str]] | None:
    """Whether a rule is negative, is for directories only, and is compared with whole paths; its pattern."""
    import re

    rule = line.strip()
    if not rule or rule.startswith("#") or "**" in rule:
        return None
    negative, rule = rule.startswith("!"), rule.removeprefix("!")
    only_folders, rule = rule.endswith("/"), rule.removesuffix("/")
    whole = "/" in rule
    pattern = _pattern(rule.removeprefix("/"))
    try:
        return negative, only_folders, whole, re.compile(pattern)
    except re.error:
        return None


def _pattern(rule: str) -> str:
    """A pattern of Go's filepath.Match as a regular expression."""
    import re

    found, at = "", 0
    while at < len(rule):
        letter = rule[at]
        end = rule.find("]", at + 2) if letter == "[" else -1
        if letter == "*":
            found += "[^/]*"
        elif letter == "?":
            found += "[^/]"
        elif end > 0:
            found += "[" + rule[at + 1 : end].replace("\\", "") + "]"
            at = end
        elif letter == "\\" and at + 1 < len(rule):
            at += 1
            found += re.escape(rule[at])
        else:
            found += re.escape(letter)
        at += 1
    return found
