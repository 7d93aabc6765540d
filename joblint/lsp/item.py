"""The item of a long List at a line, as a text of its own with the same lines and columns; knows text alone, by its indentation.

It serves requests about a place while the whole List is not checked yet: kubectl, jq and people write each item of a List at the
same indentation.
"""

from __future__ import annotations

import re

_ITEMS = re.compile(r'(?:items:|(?P<space> *)"items": ?\[)[ \t\r]*(?:#.*)?')


def item_at(lines: list[str], line: int) -> tuple[int, str] | None:
    """Return the first line (from 1) of the item that contains a line, and a text: empty lines up to it, and the item as the
    only document. None if the line is in no item, or the List is not written item by item."""
    head = next((n for n, text in enumerate(lines) if text[:1] != "#" and _ITEMS.fullmatch(text)), None)
    if head is None or head + 1 >= min(line, len(lines)):
        return None
    is_json = "[" in lines[head]
    first = lines[head + 1]
    indent = first[: len(first) - len(first.lstrip(" "))]
    begins, ends = (indent + "{", indent + "}") if is_json else (indent + "- ", "")
    start = next((n for n in range(min(line, len(lines)) - 1, head, -1) if lines[n].startswith(begins)), None)
    if start is None:
        return None
    if is_json:
        stop = next((n + 1 for n in range(start, len(lines)) if lines[n].startswith(ends)), None)
    else:
        stop = next((n for n in range(start + 1, len(lines)) if _is_over(lines[n], indent)), len(lines))
    if stop is None or stop < line:
        return None
    item = lines[start:stop]
    if is_json:
        item[-1] = indent + "}"
    else:
        item[0] = indent + "  " + item[0][len(indent) + 2 :]
    return start + 1, "\n" * start + "\n".join(item) + "\n"


def _is_over(text: str, indent: str) -> bool:
    """Whether an item whose dash is at an indentation has ended before this line."""
    return bool(text.strip()) and not text.startswith(indent + " ") and not text.lstrip(" ").startswith("#")
