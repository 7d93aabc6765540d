"""What the words of a script are at run time: variables of the script and of the container's env, directories after `cd`."""

from __future__ import annotations

from joblint.rules.workload.env import known_env
from joblint.shell.values import UNKNOWN, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import ContainerRef
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command
    from joblint.shell.values import Values


def script_values(script: Script) -> Values:
    """Return what the variables of a script contain."""
    return values(script.statements, known_env(script.container))


def resolved(known: Values, command: Command) -> tuple[str, ...]:
    """Return the words of a command with the values of variables; parts that only the run knows are UNKNOWN."""
    return tuple([w or known.of(t) for w, t in zip(command.words, command.texts, strict=False)])


def whole(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words with "" for those that are not known as a whole."""
    return tuple(["" if UNKNOWN in word else word for word in words])


def working_folder(container: ContainerRef) -> str:
    """Return the directory that the manifest says a container starts in; "" if the image decides."""
    folder = container.data.get("workingDir")
    return folder.rstrip("/") if isinstance(folder, str) and folder.startswith("/") else ""
