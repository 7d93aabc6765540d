"""joblint: will the API server accept this Job, and what will it do then?

For programs that create Jobs in Python, `joblint.check`, `explain`, `diff` and `fix` return what the commands print, as typed
objects.
"""

from __future__ import annotations

import sys

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.run.api import check, diff, explain, fix

__all__ = ["__version__", "check", "diff", "explain", "fix"]


_CALLS = ("check", "diff", "explain", "fix")


class _Package(type(sys)):  # type: ignore[misc]
    """The package with its calls, each imported when it is first used: the command line needs none of them.

    `explain` is the name of a call and of a package within: the call is the attribute, the package is imported from.
    """

    def __getattr__(self, name: str) -> object:
        if name in _CALLS:
            from joblint.run import api

            return getattr(api, name)
        raise AttributeError(f"module 'joblint' has no attribute {name!r}")

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _CALLS:
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
