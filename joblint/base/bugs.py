"""An exception as text: its type, its message and where in joblint it was raised."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def told(error: BaseException) -> str:
    """Return `ValueError: no such key (engine.py:12)`: type, text and the place in the code where it was raised.

    If JOBLINT_TRACEBACK is set in the environment, the text is the whole traceback.
    """
    if os.environ.get("JOBLINT_TRACEBACK"):
        from traceback import format_exception

        return "".join(format_exception(error)).rstrip()
    place = ""
    trace = error.__traceback__
    while trace is not None:
        place = f" ({trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno})"
        trace = trace.tb_next
    return f"{type(error).__name__}: {error}{place}"


def unreachable(value: NoReturn) -> NoReturn:
    """Mark a case that cannot happen, so that mypy reports a new value that is not handled. Raises AssertionError."""
    raise AssertionError(value)
