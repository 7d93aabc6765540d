"""joblint: will the API server take this Job, and what will it then do?

For programs that build Jobs in Python, `joblint.check` gives what `joblint check --format json` prints, as typed objects.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.run.api import check

__all__ = ["__version__", "check"]


def __getattr__(name: str) -> object:
    # The command line imports this package on its way and needs none of the Python API.
    if name == "check":
        from joblint.run.api import check

        return check
    raise AttributeError(f"module 'joblint' has no attribute {name!r}")
