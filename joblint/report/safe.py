"""Making text from elsewhere safe to print: manifests may contain escape codes and control characters; imports nothing."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def safe(text: str) -> str:
    """Return the text with every character that a terminal might interpret as its escape, including line breaks, and without
    anything that the log of a CI system interprets as a command."""
    if not text.isprintable():
        text = "".join([ch if ch.isprintable() else _shown(ch) for ch in text])
    return _no_command(text, "\\x23") if "##" in text else text


def safe_line(text: str) -> str:
    """Like `safe`, for a line of a manifest: a tab stays one column wide and is shown as an arrow."""
    return safe(text.replace("\t", "→").rstrip("\r\n"))


def safe_output(line: str, codes: tuple[str, ...] = ()) -> str:
    """Return a line for a person as it may be written: like `safe`, but with the escape codes of joblint's own colours.

    This is the last step for every line, whatever its parts have been through. The runner of GitHub interprets a line as a
    command if it begins with `::`, after white space (actions/runner, ActionCommand.cs).
    """
    if not line.isprintable():
        line = _keeping(line, codes)
    if "##" in line:
        line = _no_command(line, "\\x23")
    if "::" in line:
        begin = line
        for code in codes:
            begin = begin.replace(code, "")
        if begin.lstrip().startswith("::"):
            line = line.replace("::", "\\x3a:", 1)
    return line


def _keeping(line: str, codes: tuple[str, ...]) -> str:
    parts, at = [], 0
    while at < len(line):
        code = next((c for c in codes if line.startswith(c, at)), "") if line[at] == "\x1b" else ""
        parts.append(code or (line[at] if line[at].isprintable() else _shown(line[at])))
        at += len(code) or 1
    return "".join(parts)


_LOG_COMMANDS = ("[", "vso[", "teamcity[")
"""What follows `##` in the commands of GitHub's and Azure's logs and of TeamCity's, anywhere in a line."""


def _no_command(text: str, mark: str) -> str:
    """The text without such commands: the second `#` of one becomes `mark`."""
    parts, begin, at = [], 0, text.find("##")
    while at >= 0:
        if text[at + 2 : at + 12].lower().startswith(_LOG_COMMANDS):
            parts += [text[begin : at + 1], mark]
            begin = at + 2
        at = text.find("##", at + 1)
    return "".join([*parts, text[begin:]])


def json_text(data: Any, indent: int | None = 1) -> str:
    """Return data as JSON: UTF-8 in any locale, with JSON escapes for every character that a terminal might interpret.

    What is not text (half a surrogate pair, a byte of a file's name that is not UTF-8) is shown as `safe` does.
    """
    from json import dumps

    separators = (",", ":") if indent is None else None
    text = dumps(data, ensure_ascii=False, indent=indent, separators=separators, default=str)
    if not text.replace("\n", "").isprintable():
        text = "".join([ch if ch == "\n" or ch.isprintable() else _in_json(ch) for ch in text])
    return _no_command(text, "\\u0023") if "##" in text else text


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
    if 0xDC80 <= code < 0xDD00:  # a byte of a file's name that is not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
