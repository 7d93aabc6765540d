"""What the formats for other programs share: the findings to show, their places in the repository; knows no format."""

from __future__ import annotations

import os

from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.rules.finding import Finding
    from joblint.run.check import Report


def shown(report: Report, least: str) -> list[Finding]:
    """The findings at or above a severity."""
    return [f for f in report.findings if at_least(f.severity, least)]


def message(finding: Finding) -> str:
    """The finding's message with whose it is and what else the server says, for formats without room for either."""
    title = finding.object.title
    text = " ".join(finding.message.split())
    return "\n".join([f"{title}: {text}" if title else text, *[f"also: {more}" for more in finding.also]])


def in_repository() -> Callable[[str], str]:
    """A function from a file as it was named to its path from the root of the checkout, with `/`.

    CI systems count from there, wherever joblint runs. What is outside, and standard input, stays as it is.
    """
    here = os.getcwd()
    root = here
    while not os.path.lexists(os.path.join(root, ".git")):
        above = os.path.dirname(root)
        if above == root:
            root = here
            break
        root = above
    known: dict[str, str] = {}

    def path(file: str) -> str:
        found = known.get(file)
        if found is None:
            found = file
            if not file.startswith("<"):
                full = os.path.normpath(os.path.join(here, file))
                if full.startswith(root + os.sep):
                    found = full[len(root) + 1 :]
            found = known[file] = found.replace(os.sep, "/")
        return found

    return path
