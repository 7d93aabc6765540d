"""Arguments of the shell's own commands that mean something else than intended: option names of set without -o, exit codes that
are no numbers."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import command_hit
from joblint.shell.syntax import commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

# Source: the options of `set -o` of bash 5.2.
_NAMES = names("pipefail errexit nounset xtrace errtrace allexport noglob noclobber monitor posix verbose functrace")


def option_name_without_o(s: Subject) -> Iterator[Hit]:
    """`set -e pipefail`: without -o, the name becomes the first argument of the script; one finding for each script."""
    for script in s.scripts:
        for command in commands(script.statements, functions=True):
            at = _misplaced(command.words)
            if at:
                before, after = " ".join(command.words[:at]), " ".join(command.words[at:])
                yield command_hit(s, script, command, name=command.words[at], better=f"{before} -o {after}")
                break


def _misplaced(words: tuple[str, ...]) -> int:
    """The index of an option's name that is an argument of set; 0 if there is none."""
    if words[:1] != ("set",):
        return 0
    takes_name = False
    for n, word in enumerate(words[1:], 1):
        if takes_name:
            takes_name = False
        elif word in ("--", "-", ""):
            return 0
        elif word[0] in "-+":
            takes_name = word.endswith("o")
        else:
            return n if word in _NAMES and all(not w.startswith(("-", "+")) or w.endswith("o") for w in words[n + 1 :]) else 0
    return 0


def exit_code_not_a_number(s: Subject) -> Iterator[Hit]:
    """`exit failed`: all shells then end with 2, after a success as well; one finding for each script."""
    for script in s.scripts:
        for command in commands(script.statements, functions=True):
            if command.words[:1] not in (("exit",), ("return",)) or len(command.words) < 2 or not command.words[1]:
                continue
            word, code = command.words[0], command.words[1]
            if code.lstrip("+-").isdecimal():
                continue
            is_variable = any(c.assigns and any(a.startswith(f"{code}=") for a in c.assigns) for c in commands(script.statements))
            better = f"{word} ${code}" if is_variable else f"{word} 1"
            yield command_hit(s, script, command, word=word, code=code, better=better)
            break
