"""Work that Ctrl-C, SIGTERM and SIGHUP do not interrupt: the signals are delivered at its end; knows nothing about the work."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # the module signal itself would import enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Uninterrupted:
    """A context manager; does nothing where signals cannot be blocked (Windows)."""

    __slots__ = ("_before",)

    def __enter__(self) -> Uninterrupted:
        mask: Any = getattr(_signal, "pthread_sigmask", None)
        self._before = mask and mask(_signal.SIG_BLOCK, (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP))
        return self

    def let(self) -> None:
        """Deliver signals from now on: the first thing a forked process does."""
        if self._before is not None:
            _signal.pthread_sigmask(_signal.SIG_SETMASK, self._before)

    def __exit__(self, *_: object) -> None:
        self.let()
