"""Making foreign text safe to print: manifests may hold escape codes and control characters; imports nothing."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def safe(text: str) -> str:
    """The text with every character that a terminal might obey shown as its escape; line breaks included."""
    if text.isprintable():
        return text
    return "".join([ch if ch.isprintable() else _shown(ch) for ch in text])


def safe_line(text: str) -> str:
    """Like `safe`, for a line of a manifest: a tab stays one column wide and is shown as an arrow."""
    return safe(text.replace("\t", "→").rstrip("\r\n"))


def json_text(data: Any, indent: int | None = 1) -> str:
    """Data as JSON: UTF-8 in any locale, and every character that a terminal might obey as an escape of JSON's.

    What is no text (half a surrogate pair, a byte of a file's name that is no UTF-8) stands as `safe` shows it.
    """
    from json import dumps

    separators = (",", ":") if indent is None else None
    text = dumps(data, ensure_ascii=False, indent=indent, separators=separators, default=str)
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    return "".join([ch if ch == "\n" or ch.isprintable() else _in_json(ch) for ch in text])


def _in_json(ch: str) -> str:
    code = ord(ch)
    if 0xDC80 <= code < 0xDD00:
        return f"\\\\x{code - 0xDC00:02x}"
    if 0xD800 <= code < 0xE000:
        return f"\\\\u{code:04x}"
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD800 + (code - 0x10000 >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def _shown(ch: str) -> str:
    code = ord(ch)
    if ch == "\n":
        return "\\n"
    if 0xDC80 <= code < 0xDD00:  # a byte of a file's name that is no UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
