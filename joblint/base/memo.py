"""Answers of pure functions kept for the questions that were asked last: files of one folder repeat each other's words.

Takes the standard library's cache from where functools itself has it: importing functools costs more than one file's check.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

    def memo(most: int) -> Callable[[T], T]: ...  # noqa: D103 - documented below

else:
    try:
        from _functools import _lru_cache_wrapper as _cache
    except ImportError:  # not in CPython
        from functools import lru_cache

        def _cache(function, most, typed, _):
            """The same by its public name."""
            return lru_cache(most, typed)(function)

    def memo(most):
        """A function of hashable values that keeps its answers to the last `most` different questions.

        Only for functions that give the same for the same, whoever asks; 1 and True are one question.
        """

        def remembering(function):
            made = _cache(function, most, False, None)
            for name in ("__module__", "__name__", "__qualname__", "__doc__"):
                setattr(made, name, getattr(function, name))
            made.__wrapped__ = function
            return made

        return remembering
