"""The files that the Python of `python -c` or the JavaScript of `node -e` writes, by their literal paths; imports no parser."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 20_000  # characters: a longer text is not a script on a command line
_PYTHON = (
    re.compile(r"""\bopen\(\s{0,9}["'](/[^"'{}]{1,200})["']\s{0,9},\s{0,9}(?:mode\s{0,3}=\s{0,3})?["'][wax]"""),
    re.compile(r"""\bPath\(\s{0,9}["'](/[^"'{}]{1,200})["']\s{0,9}\)\.(?:write_text|write_bytes|mkdir|touch)\("""),
    re.compile(r"""\bos\.(?:makedirs|mkdir)\(\s{0,9}["'](/[^"'{}]{1,200})["']"""),
)
_NODE = re.compile(
    r"""\b(?:writeFileSync|appendFileSync|writeFile|mkdirSync|createWriteStream)\(\s{0,9}["'](/[^"'{}]{1,200})["']"""
)


def files_of_python(text: str) -> Iterator[str]:
    """Yield the absolute paths that Python opens for writing or creates."""
    if len(text) <= _MOST:
        for pattern in _PYTHON:
            yield from pattern.findall(text)


def files_of_node(text: str) -> Iterator[str]:
    """Yield the absolute paths that JavaScript writes or creates."""
    if len(text) <= _MOST:
        yield from _NODE.findall(text)
