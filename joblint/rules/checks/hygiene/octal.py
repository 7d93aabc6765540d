"""Times with leading zeros in arithmetic: the shell reads 08 and 09 as octal numbers, which have no such digits.

Source: Bash Reference Manual, Shell Arithmetic; POSIX.1-2024, Shell Command Language, 2.6.4 (dash and BusyBox reject them, too).
"""

from __future__ import annotations

import re

from joblint.rules.checks.containers.place import command_hit
from joblint.shell.syntax import Command, commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.api.go.schedule import Schedule
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script

_WHEN = {
    "+%H": "from 08:00 to 09:59",
    "+%M": "in minutes 08 and 09",
    "+%d": "on the 8th and 9th of each month",
    "+%m": "in August and September",
    "+%j": "on days such as 008 and 019",
    "+%S": "in seconds 08 and 09",
}
_COMPARES = frozenset(("-lt", "-le", "-gt", "-ge", "-eq", "-ne"))
_DIRECT = re.compile(r"(?<!#)\$\(date (?:-u )?(\+%[HMdmjS])(?![%\w])")
_USE = re.compile(r"(?<![\w#])\$?\{?([A-Za-z_]\w{0,60})\b(?!#)")


def octal_time(s: Subject) -> Iterator[Hit]:
    """`HOUR=$(date +%H)`, then `$((HOUR + 1))`: one finding for each script; silent for a schedule that never starts then."""
    for script in s.scripts:
        whole = list(commands(script.statements, functions=True))
        times = dict(_times(script, whole))
        direct = next((c for c in whole if any(_DIRECT.search(inside) for inside in _arithmetic(c, script.shell))), None)
        if direct is not None:
            form = str(_DIRECT.findall(direct.text)[0])
            if not _never(s, form):
                yield _hit(s, script, direct, "the output of date", form, f"$(date +%-{form[2:]})    in the calculation")
                continue
        if not times or "#" in script.text and any(f"{name}#0" in script.text for name in times):
            continue
        for command in whole:
            name = next((n for inside in _arithmetic(command, script.shell) for n in _USE.findall(inside) if n in times), "")
            if not name or _never(s, times[name]):
                continue
            better = f"10#${name}    instead of {name} in the calculation"
            if script.shell != "bash":
                better = f"{name}=${{{name}#0}}    after date"
            yield _hit(s, script, command, name, times[name], better)
            break


def _hit(s: Subject, script: Script, command: Command, name: str, form: str, better: str) -> Hit:
    return command_hit(s, script, command, name=name, form=form.removeprefix("+"), when=_WHEN[form], better=better)


def _times(script: Script, whole: list[Command]) -> Iterator[tuple[str, str]]:
    """The variables that contain a part of the time with a leading zero, with its format."""
    for command in whole:
        if command.words[:1] not in ((), ("local",), ("export",), ("readonly",)) or len(command.inner) != 1:
            continue
        inner = command.inner[0]
        only = inner.parts[0] if len(inner.parts) == 1 else None
        if not isinstance(only, Command) or program(only)[0] != "date":
            continue
        form = next((w for w in program(only)[1] if w in _WHEN), "")
        for text in command.texts[1:] if command.words else command.assigns:
            name, _, value = text.partition("=")
            if form and value.strip('"') == script.text[inner.start : inner.end]:
                yield name, form


def _arithmetic(command: Command, shell: str) -> Iterator[str]:
    """The texts in a command that the shell calculates."""
    text = command.text
    at = text.find("((")
    while at >= 0:
        end = text.find("))", at)
        end = len(text) if end < 0 else end
        yield text[at + 2 : end]
        at = text.find("((", end)
    if command.words[:1] == ("let",):
        yield " ".join(command.texts[1:]).replace('"', "")
    if text.startswith("[[") and shell == "bash" and not _COMPARES.isdisjoint(text.split()):
        yield text.replace('"', "")


def _never(s: Subject, form: str) -> bool:
    """Whether the schedule shows that no run starts at such a time: at a fixed hour in UTC, on fixed days, in fixed minutes."""
    rhythm = s.rhythm
    if rhythm is None or rhythm.schedule.every is not None:
        return False
    if form == "+%H":
        return not rhythm.schedule.hour >> 8 & 3 if s.cron.get("timeZone") in ("Etc/UTC", "UTC") else not _free(rhythm.schedule)
    if form == "+%M":
        return not rhythm.schedule.minute >> 7 & 7
    return form == "+%d" and not rhythm.schedule.dom >> 8 & 3


def _free(schedule: Schedule) -> bool:
    """Whether the CronJob starts in every hour."""
    return schedule.hour & (1 << 24) - 1 == (1 << 24) - 1
