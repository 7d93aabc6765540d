"""Writing to the standard streams: in their encoding or in UTF-8, even if nobody reads them or they are closed or full.

What was found decides the exit status even when nobody reads it; what could not be written is reported, and is status 2.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

USAGE = 2
HUMAN = ("text", "concise")
"""Formats for a person, in the encoding of the terminal; all others are UTF-8 whatever the locale says."""


class OutputError(Exception):
    """Standard output cannot be written, for the reason that the text gives."""


def write(lines: Iterable[str], utf8: bool = False) -> None:
    """Writes lines to standard output: for a person, in its own encoding (what that lacks as an escape), or in UTF-8.

    A reader that has gone away is not an error. Raises OutputError where there is no standard output or it is full.
    """
    if not utf8:
        from joblint.report.safe import safe_output
        from joblint.report.style import CODES

        lines = [safe_output(part, CODES) for line in lines for part in line.split("\n")]
    write_bytes(_encoded("".join([line + "\n" for line in lines]), utf8))


def write_bytes(data: bytes) -> None:
    """Writes bytes to standard output; see `write`."""
    out = sys.stdout
    if out is None:
        raise OutputError("standard output is closed")
    try:
        buffer = getattr(out, "buffer", None)
        if buffer is None:  # a stream of text alone, as tests and notebooks have it
            out.write(data.decode("utf-8", "surrogateescape"))
        else:
            out.flush()
            buffer.write(data)
            buffer.flush()
    except BrokenPipeError:
        _forget()
    except (OSError, ValueError) as error:
        _forget()
        raise OutputError(f"standard output cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _encoded(text: str, utf8: bool) -> bytes:
    encoding = "utf-8" if utf8 or sys.stdout is None else sys.stdout.encoding or "utf-8"
    newline = "\r\n" if os.name == "nt" and not utf8 else "\n"
    return (text if newline == "\n" else text.replace("\n", newline)).encode(encoding, "backslashreplace")


def _forget() -> None:
    """From now on standard output goes nowhere, so that nothing that is left in a buffer is an error again."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open until the process ends
    except OSError:
        sys.stdout = None  # as Python has it where there is none


def say(text: str) -> None:
    """A message on standard error; dropped where standard error is not available."""
    err = sys.stderr
    if err is None:
        return
    from joblint.report.safe import safe_output

    text = "\n".join([safe_output(line) for line in text.split("\n")])
    try:
        err.write(text + "\n")
    except UnicodeEncodeError:
        encoding = err.encoding or "ascii"
        err.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    except (OSError, ValueError):
        pass


def finished(status: int) -> int:
    """Lets go of what is still in the buffers; the exit status, 2 at least where that cannot be written."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        pass
    except (OSError, ValueError) as error:
        say(f"joblint: standard output cannot be written: {getattr(error, 'strerror', None) or error}")
        status = max(status, USAGE)
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except (OSError, ValueError):
        pass
    return status
