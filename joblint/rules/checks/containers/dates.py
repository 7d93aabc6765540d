"""A time that a script computes more than once, to name the same file: it may differ from one command to the next."""

from __future__ import annotations

from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_SECONDS = ("%S", "%s", "%T", "%N", "%X", "%c")


def date_computed_twice(s: Subject) -> Iterator[Hit]:
    """The same `$(date …)` with seconds in the paths of several commands; one finding for each script."""
    for script in s.scripts:
        seen: dict[str, str] = {}
        for command in commands(script.statements):
            if program(command)[0] in ("echo", "printf", "logger"):
                continue
            asked, path = _of(command.texts)
            whole = [p for _, p in map(_of, [(t,) for t in (*command.redirects, *command.assigns)])]
            again = next((k for k in (asked, path, *whole) if k and seen.get(k, command.text) != command.text), "")
            if again:
                date = asked or again[again.find("$(" if "$(" in again else "`") :]
                yield script_hit(s, script, command.start, command.end, date=date, command=short(command.text))
                break
            for key in (asked, path, *whole):
                if key:
                    seen[key] = command.text


def _of(texts: tuple[str, ...]) -> tuple[str, str]:
    """The substitution `$(date +…)` with seconds in a path of a command, and the path up to its end; "" for none."""
    for text in texts:
        for opening, closing in (("$(date", ")"), ("`date", "`")):
            at = text.find(opening)
            end = text.find(closing, at + 2) if at >= 0 else -1
            if "/" in text[:at] and any(sign in text[at:end] for sign in _SECONDS):
                return text[at : end + 1], text[text.find("/") : end + 1]
    return "", ""
