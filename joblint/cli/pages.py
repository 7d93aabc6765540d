"""The help pages that are asked for most, as click writes them for each width of a terminal, and the version.

click takes longer to import than a whole check may take. So what it writes is kept next to the compiled rules; who asks for
anything else gets it from click itself.
"""

from __future__ import annotations

import os
import sys

from joblint.base import compiled
from joblint.cli.output import write

NARROWEST, WIDEST = 50, 108
"""The widths of text that click goes to: that of the terminal, less two, within these."""

PAGES = ((), ("check",))
"""The commands whose help is kept; the first is that of joblint itself."""

_HELP = ("--help", "-h")
_SOURCES = ("joblint/cli/commands.py", "joblint/cli/options.py")


def told(arguments: list[str]) -> bool:
    """Whether the arguments ask for no more than the version or a page that is kept; then it is written."""
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
    """The help of a command for each width from NARROWEST to WIDEST."""

    def build() -> tuple[str, ...]:
        from joblint.cli.commands import help_of

        return tuple([help_of(command, width) for width in range(NARROWEST, WIDEST + 1)])

    found: tuple[str, ...] = compiled.load("-".join(["help", *command]), _SOURCES, build)
    return found


def _columns() -> int:
    """The width of the terminal as shutil has it, which takes long to import."""
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
