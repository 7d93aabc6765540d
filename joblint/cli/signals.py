"""What SIGTERM and Ctrl-C do to a command; knows no command."""

from __future__ import annotations

import os

from joblint.cli.output import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class Terminated(BaseException):
    """SIGTERM: unfinished work is cleaned up on the way out, as after Ctrl-C."""


def heed_termination() -> None:
    """From now on, SIGTERM raises Terminated in the main thread."""
    from _signal import SIGTERM, signal  # type: ignore[import-not-found]  # the module signal itself would import enum

    def stop(number: int, frame: object) -> NoReturn:
        signal(SIGTERM, lambda number, frame: None)  # only once: the cleanup is not to be interrupted
        raise Terminated

    try:
        signal(SIGTERM, stop)
    except ValueError:  # not the main thread: the embedding program has its own way to stop
        return


def stop_at_once() -> None:
    """From now on, SIGTERM and Ctrl-C end the process immediately: for servers, which write no files and whose threads wait for
    input that may never come."""
    from _signal import SIGINT, SIGTERM, set_wakeup_fd, signal
    from _thread import start_new_thread

    def stop(number: int, frame: object = None) -> NoReturn:
        terminated = number == SIGTERM
        say("joblint: terminated" if terminated else "joblint: stopped")
        os._exit(143 if terminated else 130)

    def watch(pipe: int) -> None:
        while (number := os.read(pipe, 1)[0]) not in (SIGINT, SIGTERM):
            pass
        stop(number)

    try:
        if os.name != "posix":
            for number in (SIGTERM, SIGINT):
                signal(number, stop)
            return
        # A signal that comes just before the main thread begins to wait is seen by Python only after it has waited, so another
        # thread is woken by it.
        for number in (SIGTERM, SIGINT):
            signal(number, lambda number, frame: None)
        readable, writable = os.pipe()
        os.set_blocking(writable, False)
        set_wakeup_fd(writable)
    except ValueError:  # not the main thread
        return
    start_new_thread(watch, (readable,))
