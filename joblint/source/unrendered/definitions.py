"""What the definitions of a chart's helpers print, as far as it can be seen in their text: the keys of a mapping.

Looks at the files of a chart, each state of them once.
"""

from __future__ import annotations

import os
from functools import lru_cache

from joblint.base.above import is_planted
from joblint.base.content import small
from joblint.source.unrendered.actions import Action, Choice, Unbalanced, tree
from joblint.source.unrendered.chart import outermost
from joblint.source.unrendered.layout import ENTRIES, ITEMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST = 1 << 18
_FILES = 400
_DEEPEST = 6


def keys_of(action: str, chart: str) -> frozenset[str] | None:
    """Return the keys that an action can print, `include "name" …` of a helper; None if it may be anything."""
    name = _included(action.strip("{}- \t"))
    if not name or not chart:
        return None
    chart = outermost(chart)
    return _keys(name, _definitions(chart, _state(chart)), 0)


def begins(action: str, chart: str) -> str:
    """Return what an `include "name" …` prints, by the first line of the helper that prints: ITEMS, ENTRIES, "" if it is neither
    for certain."""
    import re

    name = _included(action.strip("{}- \t"))
    if not name or not chart:
        return ""
    chart = outermost(chart)
    body = _definitions(chart, _state(chart)).get(name, "")
    for line, actions in _lines(body):
        if actions:
            return ""
        if line.strip() and not line.lstrip().startswith("#"):
            if line.lstrip().startswith("- "):
                return ITEMS
            return ENTRIES if re.match(r"\s*[\w./\"'-]+:(?:\s|$)", line) else ""
    return ""


def _included(body: str) -> str:
    import re

    found = re.match(r'(?:include|template)\s+"([^"]+)"', body)
    return found[1] if found is not None and re.search(r"\b(?:fromYaml|tpl|b64enc|replace|regex\w+)\b", body) is None else ""


def _keys(name: str, definitions: Mapping[str, str], depth: int) -> frozenset[str] | None:
    """The keys at the first level of what a definition prints: its lines that are least indented."""
    import re

    body = definitions.get(name)
    if body is None or depth > _DEEPEST:
        return None
    key = re.compile(r"([ \t]*)[\"']?([A-Za-z_][\w./-]*)[\"']?:(?:[ \t].*)?")
    lines: list[tuple[int, str]] = []  # the indentation of each line that prints, and its key ("": none)
    found: set[str] = set()
    for line, actions in _lines(body):
        if not line.strip() or line.lstrip().startswith("#"):
            for action in actions:
                more = _keys(_included(action), definitions, depth + 1) if _included(action) else None
                if more is None and (depth_of := re.search(r"\|\s*n?indent\s+(\d+)\s*$", action)) is not None:
                    lines.append((int(depth_of[1]), ""))
                elif more is None:
                    return None
                else:
                    found |= more
            continue
        if line.lstrip().startswith("- ") and any(name for _, name in lines):
            continue  # an item of the key above
        match = key.fullmatch(line)
        lines.append((len(line) - len(line.lstrip()), match[2] if match is not None else ""))
    least = min([column for column, name in lines if name], default=0)
    if any(column <= least and not name for column, name in lines):
        return None
    return frozenset(found | {name for column, name in lines if column == least and name})


def _lines(body: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lines of a text with a word instead of each action inside of one; what those print that are alone in a line."""
    try:
        actions = tree(body)
    except (Unbalanced, RecursionError):
        yield "?", ()
        return
    pieces: list[tuple[int, int, str]] = []
    left: list[Action | Choice] = list(actions)
    while left:
        item = left.pop()
        if isinstance(item, Action):
            pieces.append((item.start, item.end, item.body if item.prints else ""))
            continue
        at = item.start
        for branch in item.branches:
            pieces.append((at, branch.start, ""))
            left += branch.inside
            at = branch.end
        pieces.append((at, item.end, ""))
    text, at = "", 0
    bodies: dict[int, list[str]] = {}
    for start, end, printed in sorted(pieces):
        text += body[at:start]
        row = text.count("\n")
        if printed:
            bodies.setdefault(row, []).append(printed)
            text += "\x00"
        text += "\n" * body.count("\n", start, end)
        at = end
    for row, line in enumerate((text + body[at:]).split("\n")):
        alone = not line.replace("\x00", "").strip()
        yield ("" if alone else line.replace("\x00", "x").rstrip()), tuple(bodies.get(row, ())) if alone else ()


def _files(chart: str) -> Iterator[str]:
    """The templates of a chart and of those within it."""
    count = 0
    for folder, folders, names in os.walk(chart):
        folders[:] = sorted(
            [f for f in folders if f in ("templates", "charts") or f"{os.sep}templates" in folder or _is_charts(folder)]
        )
        for name in sorted(names):
            if name.endswith((".tpl", ".yaml", ".yml")) and f"{os.sep}templates" in folder and count < _FILES:
                count += 1
                yield os.path.join(folder, name)


def _is_charts(folder: str) -> bool:
    return os.path.basename(folder) == "charts"


def _state(chart: str) -> tuple[tuple[str, int], ...]:
    """Which state of a chart's helpers it is: their files with the times of their last change."""
    found = []
    for path in _files(chart):
        try:
            found.append((path, os.stat(path).st_mtime_ns))
        except OSError:
            continue
    return tuple(found)


@lru_cache(maxsize=4)
def _definitions(chart: str, state: tuple[tuple[str, int], ...]) -> Mapping[str, str]:
    """The text of each definition in a chart, by its name."""
    found: dict[str, str] = {}
    for path, _ in state:
        try:
            data = b"" if is_planted(path) else small(path)
        except OSError:
            continue
        if b"define" not in data or len(data) > _MOST:
            continue
        text = data.decode("utf-8", "replace")
        try:
            actions = tree(text)
        except (Unbalanced, RecursionError):
            continue
        for item in actions:
            if isinstance(item, Choice) and item.word == "define":
                branch = item.branches[0]
                found.setdefault(branch.action.body.partition(" ")[2].strip().strip('"`'), text[branch.start : branch.end])
    return found
