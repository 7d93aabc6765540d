"""What a plain script is read as, by its own reader and by the others."""

from __future__ import annotations

from joblint.shell import grammar, reader
from joblint.shell.lexer import Found, Unsure


def same(text: str) -> None:
    """Fails unless a plain script is what the parser and the POSIX reader make of it."""
    if any(c in text for c in grammar._SPECIAL):
        assert grammar.parse(text) == grammar._Reader(text).read()
    slow = reader._Reader(text)
    fault, whole = None, False
    try:
        slow.program()
        whole = True
    except Found as found:
        fault = found.fault
    except Unsure:
        pass
    assert reader.read(text) == reader.Reading(tuple(slow.redirected), fault, slow.lost_here, whole)
