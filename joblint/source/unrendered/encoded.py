"""Actions written so that YAML reads them as plain text: each character by one of Unicode's private ones; does not know any YAML.

A text keeps its length, so that every place in it is that of the template. What is shown to people is decoded again.
"""

from __future__ import annotations

_BASE = 0xE000
_OPEN, _CLOSE = "\ue07b\ue07b", "\ue07d\ue07d"
BLOCK = "\ue0ff"
"""Marks an action that may print several lines: entries, items, or nothing."""

PATTERN = _OPEN + r"(?:[^\ue07b\ue07d\n]|\ue07b(?!\ue07b)|\ue07d(?!\ue07d))*" + _CLOSE
"""What an encoded action looks like, as a regular expression. None begins within another, so that no text is searched twice."""

_INNER_OPEN, _INNER = "\ue0fb", "\ue0fd"  # braces within
_ENCODE = {n: _BASE + n for n in range(1, 128)}
_DECODE = {_BASE + n: n for n in range(1, 128)} | {ord(BLOCK): None, ord(_INNER): ord("}"), ord(_INNER_OPEN): ord("{")}


def encode(action: str) -> str:
    """Return the action in private characters, in one line, with the same length."""
    inside = action[2:-2].replace("\n", " ").replace("}}", _INNER * 2).replace("{{", _INNER_OPEN * 2)
    return _OPEN + inside.translate(_ENCODE) + _CLOSE


def decode(text: str) -> str:
    """The text as it was."""
    return text.translate(_DECODE) if holds(text) else text


def holds(text: str) -> bool:
    """Return whether a text contains an encoded action."""
    return _OPEN in text or BLOCK in text
