"""Text as XML 1.0 may hold it; imports nothing."""

from __future__ import annotations

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def attributes(**values: object) -> str:
    """` name="value"` for each value that is there; a trailing underscore of a name is dropped."""
    return "".join([f' {k.rstrip("_")}="{escaped(str(v), True)}"' for k, v in values.items() if v is not None])


def escaped(text: str, attribute: bool = False) -> str:
    """The text escaped; characters that no XML may hold are shown as `\\xNN` or `\\uNNNN`."""
    return "".join([_character(ch, attribute) for ch in text])


def _character(ch: str, attribute: bool) -> str:
    if ch in _ESCAPES:
        return _ESCAPES[ch]
    if ch in "\t\n\r":
        return f"&#{ord(ch)};" if attribute or ch == "\r" else ch
    code = ord(ch)
    if code < 0x20 or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return ch
