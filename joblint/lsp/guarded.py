"""A bug in a request handler is the answer to that request, as text; the server goes on with the next one."""

from __future__ import annotations

import logging
from asyncio import iscoroutinefunction
from functools import wraps

from pygls.exceptions import JsonRpcException, JsonRpcInternalError

from joblint.base.bugs import told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])

_LONGEST = 300  # characters of a log line: pygls adds the request, and with it perhaps the whole text of a file


def guarded(handler: F) -> F:
    """Return the handler, whose errors are reported as text."""
    if iscoroutinefunction(handler):

        @wraps(handler)
        async def later(*values: Any, **named: Any) -> Any:
            try:
                return await handler(*values, **named)
            except JsonRpcException:
                raise
            except Exception as error:
                raise _answer(error) from None

        return later  # type: ignore[return-value]

    @wraps(handler)
    def call(*values: Any, **named: Any) -> Any:
        try:
            return handler(*values, **named)
        except JsonRpcException:
            raise
        except Exception as error:
            raise _answer(error) from None

    return call  # type: ignore[return-value]


def _answer(error: Exception) -> JsonRpcInternalError:
    return JsonRpcInternalError(f"a bug in joblint: {told(error)}")


class _Brief(logging.Formatter):
    """Errors as one line; `told` decides whether there is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        text = record.getMessage().replace("\n", " ")
        return f"joblint: {text[:_LONGEST]}" + (f": {told(error)}" if error is not None else "")


def log_briefly() -> None:
    """Write what joblint, pygls and asyncio have to say to standard error, without tracebacks and without the text of files."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Brief())
    for name in ("joblint", "pygls", "asyncio"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.addHandler(handler)
        logger.propagate = False
