"""The position of a command, in a script or in the container's own words, and its hit; helps the checks of the family."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command


class At(Record):
    """A command: its field and, if that is a script, the script and its command."""

    field: str
    script: Script | None = None
    command: Command | None = None


def command_hit(s: Subject, at: At, **values: Any) -> Hit:
    """Return a hit at a command, with the values that the rule's texts contain."""
    if at.script is None or at.command is None:
        return s.hit(at.field, **values)
    from joblint.rules.checks.containers.place import script_hit

    return script_hit(s, at.script, at.command.start, at.command.end, **values)
