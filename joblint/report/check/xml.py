"""Text as XML 1.0 may hold it; imports nothing else."""

from __future__ import annotations

from joblint.report.safe import safe

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def attributes(**values: object) -> str:
    """` name="value"` for each value that is there; a trailing underscore of a name is dropped."""
    return "".join([f' {k.rstrip("_")}="{escaped(str(v), True)}"' for k, v in values.items() if v is not None])


def escaped(text: str, attribute: bool = False) -> str:
    """The text escaped; characters that no XML may hold, and those that a terminal might obey, are shown as `\\xNN` or
    `\\uNNNN`."""
    made = "".join([_character(ch, attribute) for ch in text])
    return made.replace("##", "#&#35;").replace("::", ":&#58;")  # which a log would take for a command


def _character(ch: str, attribute: bool) -> str:
    if ch in _ESCAPES:
        return _ESCAPES[ch]
    if ch in "\t\n\r":
        return f"&#{ord(ch)};" if attribute or ch == "\r" else ch
    return ch if ch.isprintable() else safe(ch)
