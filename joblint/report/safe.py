"""Making foreign text safe to print: manifests may hold escape codes and control characters; imports nothing."""

from __future__ import annotations


def safe(text: str) -> str:
    """The text with every character that a terminal might obey shown as its escape; line breaks included."""
    if text.isprintable():
        return text
    return "".join([ch if ch.isprintable() else _shown(ch) for ch in text])


def safe_line(text: str) -> str:
    """Like `safe`, for a line of a manifest: a tab stays one column wide and is shown as an arrow."""
    return safe(text.replace("\t", "→").rstrip("\r\n"))


def _shown(ch: str) -> str:
    code = ord(ch)
    if ch == "\n":
        return "\\n"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
