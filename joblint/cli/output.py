"""Writing to the standard streams: in their encoding or in UTF-8, even if nobody reads them or they are closed or full.

The findings decide the exit code even if nobody reads them; output that cannot be written is reported, and gives code 2.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

USAGE = 2
HUMAN = ("text", "concise")
"""Formats for people, in the encoding of the terminal; all others are UTF-8, whatever the locale."""

_AT_ONCE = 10_000
"""The number of lines for a person that are written at a time: the output of a million findings is not kept in memory."""


class OutputError(Exception):
    """Standard output cannot be written; the text is the reason."""


def write(lines: Iterable[str], utf8: bool = False) -> None:
    """Write lines to standard output: for a person in its own encoding (with escapes if necessary), or in UTF-8.

    A closed pipe is not an error. Raises OutputError if there is no standard output or it is full, and what the lines raise; for
    a person, the lines before that are written.
    """
    if utf8:
        write_bytes(_encoded("".join([line + "\n" for line in lines]), utf8))
        return
    from joblint.report.safe import safe_output
    from joblint.report.style import CODES

    found: list[str] = []
    try:
        for line in lines:
            found += [safe_output(part, CODES) + "\n" for part in line.split("\n")]
            if len(found) >= _AT_ONCE:
                ready, found = found, []
                write_bytes(_encoded("".join(ready), utf8))
    except MemoryError:
        found = []
        raise
    finally:
        if found:
            write_bytes(_encoded("".join(found), utf8))


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output; see `write`."""
    out = sys.stdout
    if out is None:
        raise OutputError("standard output is closed")
    try:
        buffer = getattr(out, "buffer", None)
        if buffer is None:  # a text-only stream, as tests and notebooks have it
            out.write(data.decode("utf-8", "surrogateescape"))
        else:
            out.flush()
            _write_all(buffer, data)
    except BrokenPipeError:
        _forget()
    except (OSError, ValueError) as error:
        _forget()
        raise OutputError(f"standard output cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _write_all(buffer: BinaryIO, data: bytes) -> None:
    """Write all of it: with PYTHONUNBUFFERED the stream may write only a part, as on a disk that becomes full; and another
    program may have set the pipe to non-blocking. Raises OSError."""
    view = memoryview(data)
    while view:
        try:
            written = buffer.write(view)
        except BlockingIOError as error:
            written = error.characters_written
        if not written:
            _wait(buffer)
        view = view[written or 0 :]
    while True:
        try:
            buffer.flush()
        except BlockingIOError:
            _wait(buffer)
        else:
            return


def _wait(buffer: BinaryIO) -> None:
    """Wait until the reader has taken something."""
    from select import select

    select((), (buffer,), ())


def _encoded(text: str, utf8: bool) -> bytes:
    encoding = "utf-8" if utf8 or sys.stdout is None else sys.stdout.encoding or "utf-8"
    newline = "\r\n" if os.name == "nt" and not utf8 else "\n"
    return (text if newline == "\n" else text.replace("\n", newline)).encode(encoding, "backslashreplace")


def _forget() -> None:
    """Discard all further output, so that what remains in a buffer is not an error again."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open until the process ends
    except OSError:
        sys.stdout = None  # as Python has it where there is none


def say(text: str) -> None:
    """Print a message on standard error; dropped if standard error is not available."""
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
    """Flush the buffers; return the exit code, at least 2 if that fails."""
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
