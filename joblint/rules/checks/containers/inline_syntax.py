"""Errors of syntax in Python and JavaScript that a container contains as text."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit
from joblint.rules.checks.containers.inline_code import Code, codes_of, parse
from joblint.rules.checks.containers.place import at_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def inline_code_unreadable(s: Subject) -> Iterator[Hit]:
    """A syntax error that any version of the language reports; one finding for each container."""
    for i, _ in enumerate(s.containers):
        for code in codes_of(s, i):
            found = _python_error(code) if code.language == "python" else None
            found = _node_error(code.text) if code.language == "node" else found
            if found:
                line, error, better = found
                hit = call_hit(s, code.called, program=code.called.name, line=line, error=error, better=better)
                yield at_word(s, hit, i, code.text) if code.called.script is None else hit
                break


_CERTAIN = (
    *("expected an indented block", "unexpected indent", "unindent does not match", "was never closed", "unmatched '"),
    *("unterminated string literal", "expected ':'", "does not match opening parenthesis"),
)
_COMPOUND = ("for", "while", "if", "with", "def", "class", "try")


def _python_error(code: Code) -> tuple[int, str, str] | None:
    """The line, Python's message, and what to write instead; None for what may be valid in another version."""
    text = code.text
    if code.called.name == "python2" or "f'" in text or 'f"' in text:
        return None
    try:
        parse(text)
    except SyntaxError as error:
        line, message = error.lineno or 1, error.msg.partition(" on line ")[0].partition(" after ")[0]
        kind = type(error).__name__
        if any(mark in error.msg for mark in _CERTAIN):
            return line, f"{kind}: {message}", "a literal block (|), in which each line keeps its indentation"
        row, at = (error.text or "").rstrip("\n"), (error.offset or 1) - 1
        if error.msg == "invalid syntax" and _begins_compound(row[at:]) and row[:at].rstrip().endswith(";"):
            return line, f"{kind}: invalid syntax", f"`{row[at:].split()[0]}` on a line of its own: it cannot follow a semicolon"
        if error.msg == "invalid syntax" and code.folded and "\n" not in text.strip():
            return line, f"{kind}: invalid syntax", "| instead of >, which joins the lines"
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _begins_compound(text: str) -> bool:
    end = next((n for n, sign in enumerate(text) if not (sign.isalnum() or sign == "_")), len(text))
    return text[:end] in _COMPOUND


_PAIRS = {")": "(", "]": "[", "}": "{"}


def _node_error(text: str) -> tuple[int, str, str] | None:
    """A bracket that is not closed, or closed twice; None where a regular expression or a template makes that uncertain."""
    opened: list[tuple[str, int]] = []
    quote, at = "", 0
    while at < len(text):
        char = text[at]
        if quote:
            if char == "\\":
                at += 1
            elif char == quote or char == "\n":
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in "`/":
            return None
        elif char in "([{":
            opened.append((char, text.count("\n", 0, at) + 1))
        elif char in _PAIRS:
            if not opened or opened.pop()[0] != _PAIRS[char]:
                return (
                    text.count("\n", 0, at) + 1,
                    f"SyntaxError: Unexpected token '{char}'",
                    f"the missing `{_PAIRS[char]}` before it",
                )
        at += 1
    if quote or not opened:
        return None
    closing = {v: k for k, v in _PAIRS.items()}[opened[-1][0]]
    return opened[-1][1], "SyntaxError: Unexpected end of input", f"the missing `{closing}`"
