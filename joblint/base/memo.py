"""Caches the results of pure functions for the latest arguments: the files of a directory often contain the same texts.

The cache comes from where functools itself gets it: importing functools costs more than checking one file.
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
        """Return a function of hashable values that keeps its results for the last `most` different arguments.

        Only for functions whose result depends on the arguments alone; 1 and True count as the same argument.
        """

        def remembering(function):
            made = _cache(function, most, False, None)
            for name in ("__module__", "__name__", "__qualname__", "__doc__"):
                setattr(made, name, getattr(function, name))
            made.__wrapped__ = function
            return made

        return remembering
