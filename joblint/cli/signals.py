"""What SIGTERM and Ctrl-C do to a command; knows nothing about commands."""

from __future__ import annotations

import os

from joblint.cli.output import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class Terminated(BaseException):
    """SIGTERM, or SIGHUP (the terminal was closed): unfinished work is cleaned up on the way out, as after Ctrl-C. `status` is
    the exit code."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


def heed_termination() -> None:
    """From now on, SIGTERM raises Terminated in the main thread, and SIGHUP does so unless it is ignored (`nohup`)."""
    import _signal  # type: ignore[import-not-found]  # the module signal itself would import enum

    numbers = [_signal.SIGTERM]
    hangup = getattr(_signal, "SIGHUP", None)  # not on Windows
    if hangup is not None and _signal.getsignal(hangup) == _signal.SIG_DFL:
        numbers.append(hangup)

    def stop(number: int, frame: object) -> NoReturn:
        for one in numbers:
            _signal.signal(one, lambda number, frame: None)  # only once: the cleanup is not to be interrupted
        raise Terminated(number)

    try:
        for number in numbers:
            _signal.signal(number, stop)
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
