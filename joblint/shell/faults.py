"""Why a shell cannot read a script to its end; uses what the reader found, knows nothing of Kubernetes."""

from __future__ import annotations

from joblint.base.record import replace
from joblint.shell.lexer import Fault
from joblint.shell.reader import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.lexer import Plain

_LONGEST = 100_000  # characters
_UNSURE = ("{{", "{%", "alias ", "shopt ", "<%", "%>")  # placeholders of templates, and options that change the grammar


def fault(text: str) -> Fault | None:
    """Return the first fault of a script, None if there is none or if it is not certain."""
    if len(text) > _LONGEST or any(sign in text for sign in _UNSURE):
        return None
    reading = read(text)
    found, here = reading.fault, reading.here
    if not reading.whole and found is None or here is None:
        return found
    if found is None:
        return here if here.swallowed else None  # the last words of a script need no end
    # What is open at the end was closed in the lines that became part of the here-document.
    return replace(here, missing=found.missing) if found.what == "open" or found.start >= here.start else found


def redirected(text: str) -> tuple[Plain, ...]:
    """Return the simple commands of a script that have redirections, including those in substitutions; none if it cannot be
    read."""
    if len(text) > _LONGEST or ">" not in text and "<" not in text:
        return ()
    reading = read(text)
    return reading.redirected if reading.whole and reading.here is None else ()
