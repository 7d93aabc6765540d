"""A progress line on a terminal's standard error while many files are checked; writes nothing else.

The system's timer calls it, so that neither a thread nor the checking loop is involved; forked processes have no timer.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class Progress:
    """`with Progress(files): …` reports a run after its first second, and removes the line at its end."""

    def __init__(self, files: int, quiet: bool = False) -> None:
        self._files = files
        self._seconds = 0
        self._on = not quiet and sys.stderr is not None and sys.stderr.isatty() and hasattr(os, "fork")

    def __enter__(self) -> Progress:
        if self._on:
            import signal

            signal.signal(signal.SIGALRM, self._tick)
            signal.setitimer(signal.ITIMER_REAL, 1, 1)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._on:
            import signal

            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            self.clear()

    def clear(self) -> None:
        """Remove the line until the next second, for other output on the terminal."""
        if self._seconds:
            _write("\r\x1b[K")

    def _tick(self, *_: object) -> None:
        self._seconds += 1
        _write(f"\r\x1b[Kjoblint: checking {self._files:,} files, {self._seconds}s")


def _write(text: str) -> None:
    try:
        os.write(2, text.encode())
    except OSError:
        return  # the terminal is gone
