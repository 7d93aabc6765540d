"""Text as XML 1.0 allows it; imports nothing else."""

from __future__ import annotations

from joblint.report.safe import safe

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def attributes(**values: object) -> str:
    """Return ` name="value"` for each value that is set; a trailing underscore of a name is dropped."""
    return "".join([f' {k.rstrip("_")}="{escaped(str(v), True)}"' for k, v in values.items() if v is not None])


def escaped(text: str, attribute: bool = False) -> str:
    """Return the text escaped; characters that XML does not allow, and those that a terminal might interpret, become `\\xNN` or
    `\\uNNNN`."""
    made = "".join([_character(ch, attribute) for ch in text])
    return made.replace("##", "#&#35;").replace("::", ":&#58;")  # which a log would interpret as a command


def _character(ch: str, attribute: bool) -> str:
    if ch in _ESCAPES:
        return _ESCAPES[ch]
    if ch in "\t\n\r":
        return f"&#{ord(ch)};" if attribute or ch == "\r" else ch
    return ch if ch.isprintable() else safe(ch)
