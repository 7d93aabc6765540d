"""The most frequently used help pages, as click writes them for each width of a terminal, and the version.

Importing click takes longer than a whole check may take. Its output is therefore kept next to the compiled rules; any other
help comes from click itself.
"""

from __future__ import annotations

import os
import sys

from joblint.base import compiled
from joblint.cli.output import write

NARROWEST, WIDEST = 50, 108
"""The text widths that click uses: that of the terminal, less two, within these limits."""

PAGES = ((), ("check",))
"""The commands whose help is kept; the first is joblint itself."""

_HELP = ("--help", "-h")
_SOURCES = ("joblint/cli/commands.py", "joblint/cli/options.py")


def told(arguments: list[str]) -> bool:
    """Return whether the arguments request only the version or a kept page; if so, it is written."""
    if arguments == ["--version"]:
        from joblint import __version__

        write([f"joblint {__version__}"])
        return True
    command = tuple(arguments[:-1])
    if arguments[-1:] and arguments[-1] in _HELP and command in PAGES:
        write([pages(command)[max(NARROWEST, min(WIDEST, _columns() - 2)) - NARROWEST]])
        return True
    return False


def pages(command: tuple[str, ...]) -> tuple[str, ...]:
    """Return the help of a command for each width from NARROWEST to WIDEST."""

    def build() -> tuple[str, ...]:
        from joblint.cli.commands import help_of

        return tuple([help_of(command, width) for width in range(NARROWEST, WIDEST + 1)])

    found: tuple[str, ...] = compiled.load("-".join(["help", *command]), _SOURCES, build)
    return found


def _columns() -> int:
    """The width of the terminal, as shutil computes it, which takes long to import."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):
            columns = 0
    return columns if columns > 0 else 80
