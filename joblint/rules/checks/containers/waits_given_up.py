"""Waits with a limited number of attempts that end without an error after the last one: the script continues, or succeeds."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.functions import inlined
from joblint.shell.services import only_asks, service_of
from joblint.shell.syntax import AndOr, Command, If, Loop, commands
from joblint.shell.weight import NOTHING, WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_COUNTS = ("-lt", "-le", "-gt", "-ge", "<", ">")
_WHY = "A loop with a limited number of attempts returns the exit code of its last command, such as sleep"
_LEAVES = ("break", "exit", "return")


class GivenUp(Record):
    """A loop that waits, the command that it repeats, and the first command of work after it (None: there is none)."""

    loop: Loop
    check: Command
    work: Command | None


def wait_ends_without_error(s: Subject) -> Iterator[Hit]:
    """`for i in $(seq 30); do nc -z db 5432 && break; sleep 2; done`, and nothing after it checks the result; one
    finding for each script. wait-for-it.sh without --strict is the same."""
    from joblint.rules.checks.containers.clients import call_hit
    from joblint.rules.checks.containers.wait_for_it import runs_anyway

    for i, _ in enumerate(s.containers):
        runs = runs_anyway(s, i)
        if runs is not None:
            effect = f"{runs.program} starts after {runs.time} anyway"
            severity = "info" if runs.given else ""
            why = "Without --strict, wait-for-it.sh runs its command after the timeout as well"
            yield call_hit(
                s, runs.called, check=runs.wait, effect=effect, severity=severity, why=why, better="--strict    before --"
            )
    for script in s.scripts:
        found = _given_up(script)
        if found is None:
            continue
        init = script.container.role == "init"
        if found.work is not None:
            effect = f"the script continues with `{short(found.work.text)}`"
        else:
            effect = "the init container succeeds, and the next one starts" if init else "the container succeeds"
        check = short(found.check.text)
        hint = found.work is not None
        yield script_hit(
            s,
            script,
            found.loop.start,
            found.loop.end,
            check=check,
            effect=effect,
            why=_WHY,
            better=f"{check} || exit 1    after done",
            severity="info" if hint else "",
            confidence="hint" if hint else "",
        )


def _given_up(script: Script) -> GivenUp | None:
    parts = inlined(script.statements)
    every: list[Command] = []
    ends: list[int] = []
    for i, part in enumerate(parts):
        if not isinstance(part, Loop) or not _is_limited(part):
            continue
        check = _check(part)
        if check is None:
            continue
        if not ends:
            for each in parts:
                every.extend(commands(each))
                ends.append(len(every))
        later = _After(every, ends[i])
        if _is_checked(part, check, later):
            continue
        work = next((c for c in later if weight(c) == WORK), None)
        if work is None and (any(weight(c) != NOTHING for c in later) or not _ends_well(part)):
            continue
        return GivenUp(part, check, work)
    return None


class _After:
    """The commands from a number on, in order, without a copy for each of many loops."""

    def __init__(self, every: list[Command], first: int) -> None:
        self._every = every
        self._first = first

    def __iter__(self) -> Iterator[Command]:
        return (self._every[n] for n in range(self._first, len(self._every)))


def _is_limited(loop: Loop) -> bool:
    """Whether a loop has a number of attempts: a list of numbers, or a counter in the condition."""
    if loop.kind == "for":
        words = loop.head.partition(" in ")[2].rstrip("; \n")
        numbers = words.split()
        listed = len(numbers) > 1 and all(w.isdecimal() for w in numbers)
        return listed or "seq " in words or words.startswith("{1..") or "((" in loop.head
    if loop.condition is None:
        return False
    tests = [c for c in commands(loop.condition) if c.words[:1] in (("[",), ("test",))]
    return any(sign in c.text for c in tests for sign in _COUNTS)


def _check(loop: Loop) -> Command | None:
    """The command that checks whether a service is there, if its success is what leaves the loop; else None."""
    inside = list(commands(loop.body))
    if not any(program(c)[0] == "sleep" for c in inside):
        return None
    leaving = [c for c in inside if c.words[:1] and c.words[0] in _LEAVES]
    if loop.kind != "for" and not leaving and loop.condition is not None:
        return next((c for c in commands(loop.condition) if _asks(c)), None)
    if len(leaving) != 1 or leaving[0].words not in (("break",), ("exit", "0"), ("return",), ("return", "0")):
        return None
    for part in loop.body.parts:
        condition: Node | None = None
        if isinstance(part, AndOr) and part.operator == "&&":
            condition = part.left
        elif isinstance(part, If) and len(part.clauses) == 1:
            condition = part.clauses[0][0]
            if not any(c is leaving[0] for c in commands(part.clauses[0][1])):
                continue
        if condition is not None and any(c is leaving[0] for c in commands(part)):
            return next((c for c in commands(condition) if _asks(c)), None)
    return None


def _asks(command: Command) -> bool:
    call = program(command)
    return only_asks(call) or call[0] in ("curl", "wget", "psql", "mysql", "redis-cli", "mongosh") and bool(service_of(call))


def _is_checked(loop: Loop, check: Command, later: _After) -> bool:
    """Whether something after the loop depends on how it ended, or may fail because of it on purpose."""
    names = {a.partition("=")[0].rstrip("+") for c in commands(loop.body) for a in c.assigns if not c.words}
    if loop.kind == "for":
        names.add(loop.head.partition(" in ")[0].removeprefix("for").strip())
    elif loop.condition is not None:
        names.update(
            w for c in commands(loop.condition) for t in c.texts for w in [t.strip('"${}')] if t.strip('"').startswith("$")
        )
    asked = program(check)[0]
    for command in later:
        if command.words[:1] in (("exit",), ("return",), ("false",)) and command.words[1:2] != ("0",):
            return True
        if program(command)[0] == asked or any(f"${n}" in command.text or f"${{{n}" in command.text for n in names if n):
            return True
        if command.words[:1] in (("[",), ("test",)):
            return True
    return False


def _ends_well(loop: Loop) -> bool:
    """Whether the last command of an iteration succeeds, so that the loop does."""
    last = loop.body.parts[-1] if loop.body.parts else None
    return isinstance(last, Command) and program(last)[0] in ("sleep", "echo", "printf", "date", "true")
