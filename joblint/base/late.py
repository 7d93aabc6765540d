"""Functions of modules that are imported when they are first called; knows nothing about modules of joblint by name.

A table of functions can list them all, in code that editors and type checkers follow, without importing any.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Late:
    """A function of a module that is imported at the first call; it is called like that function."""

    __slots__ = ("_found", "_module", "name")

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self.name = name
        self._found: Any = None

    @property
    def function(self) -> Any:
        """Return the function itself; imports its module. Raises AttributeError if the module has no function of that name."""
        if self._found is None:
            self._found = getattr(__import__(self._module, fromlist=["_"]), self.name)
        return self._found

    def __call__(self, *args: Any) -> Any:
        """Call the function."""
        return self.function(*args)


class LateModule:
    """Represents a module until one of its functions is called: each attribute is a Late."""

    __slots__ = ("_module",)

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Late:
        return Late(self._module, name)


def late(package: str, *names: str) -> tuple[LateModule, ...]:
    """Return placeholders for modules of a package, in the order of their names."""
    return tuple([LateModule(f"{package}.{name}") for name in names])
