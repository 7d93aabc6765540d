"""How every command reports usage errors and bugs, and the exit codes for them."""

from __future__ import annotations

import sys

from joblint.cli.output import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.report.style import Style
    from joblint.rules.finding import RuleCrash

USAGE = 2
"""The exit code for a mistake in the call or the configuration, or a path that cannot be read."""

BUG = 3
"""The exit code for an error in joblint itself."""


def usage(message: str) -> int:
    """Report errors in the call or the configuration, one on each line of the message, except lines that are indented, which
    belong to the line above; return the exit code for them."""
    from joblint.report.safe import safe

    say("\n".join([("" if line.startswith("  ") else "joblint: ") + safe(line) for line in message.split("\n")]))
    return USAGE


def complain(missing: tuple[tuple[str, str], ...]) -> bool:
    """Report paths that cannot be read; return whether there are any."""
    from joblint.report.safe import safe

    for path, reason in missing:
        say(f"joblint: {safe(path)}: {reason}")
    return bool(missing)


def tell_crashes(crashes: tuple[RuleCrash, ...]) -> bool:
    """Report bugs in joblint; return whether there are any."""
    from joblint.report.safe import safe

    for crash in crashes:
        place = f"{safe(crash.file)}, document {crash.document}" if crash.file else "all files"
        error = "\n".join([safe(line) for line in crash.error.split("\n")])
        say(f"joblint: {crash.where} at {place}: {error}")
    if not all(crash.own for crash in crashes):
        say("Please report it with the manifest; JOBLINT_TRACEBACK=1 shows the traceback.")
    return bool(crashes)


def style(color: str = "auto") -> Style:
    """Return the style of standard output."""
    from joblint.report.style import style_for

    if sys.stdout is None:
        from joblint.report.style import Style

        return Style(False, False, 120)
    return style_for(sys.stdout, color)
