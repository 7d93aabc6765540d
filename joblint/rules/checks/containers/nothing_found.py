"""Commands that end with 1 because they find nothing, and why; knows nothing about set -e."""

from __future__ import annotations

from joblint.base.names import names
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.syntax import Command


_FINDS = names("grep egrep fgrep pgrep pidof which rg")
"""Programs that end with 1 if they find nothing."""
_SAYS = {
    "grep": "no line matches",
    "pgrep": "no process matches",
    "pidof": "no process matches",
    "which": "the program is not found",
    "kubectl": "the object does not exist",
    "getent": "there is no entry",
    "jq": "the value is null or false",
}


def finds_nothing(command: Command) -> str:
    """Return why a command ends with 1 where there is nothing; "" if it does not."""
    name, rest = program(command)
    if name in _FINDS and not is_quiet(rest):
        return _SAYS.get(name, _SAYS["grep"])
    if command.words[:2] in (("command", "-v"), ("command", "-V")):
        return _SAYS["which"]
    if name == "getent":
        return _SAYS[name]
    if name == "jq" and any(w == "--exit-status" or w[:1] == "-" and w[:2] != "--" and "e" in w for w in rest):
        return _SAYS[name]
    written = command.texts[len(command.texts) - len(rest) :]
    # A value that only the run knows as a whole still shows its format: `-o jsonpath="{.data.${key}}"`.
    shown = tuple([w or t.strip("\"'") for w, t in zip(rest, written, strict=False)])
    if name in ("kubectl", "oc") and rest[:1] == ("get",) and not _reads_field(shown):
        plain = [w for w in rest[1:] if not w.startswith("-")]
        options = names("-n --namespace -o --output -l --selector --field-selector --context")
        values = {i + 1 for i, w in enumerate(rest) if w in options}
        operands = [w for i, w in enumerate(rest) if i and i not in values and not w.startswith("-")]
        if plain and (len(operands) == 2 or len(operands) == 1 and "/" in operands[0]) and "," not in operands[0]:
            return _SAYS["kubectl"]
    return ""


def _reads_field(rest: tuple[str, ...]) -> bool:
    """Whether an empty result is possible although the object exists (a field that is not set), or although it does not; an
    empty word contains a variable: -o jsonpath="{.data.${key}}"."""
    formats = ("jsonpath", "go-template", "template", "custom-columns")
    after = [rest[i + 1] for i, w in enumerate(rest[:-1]) if w in ("-o", "--output")]
    if "" in after:
        return True
    after += [w.removeprefix("--output=").removeprefix("-o").removeprefix("=") for w in rest if w.startswith(("-o", "--output="))]
    return any(w.startswith(formats) for w in after) or any(w.startswith("--ignore-not-found") for w in rest)


def counts(command: Command) -> bool:
    """Return whether a command counts lines: grep -c prints 0 and ends with 1 if there are none."""
    name, rest = program(command)
    return name in ("grep", "egrep", "fgrep") and any(
        w == "--count" or w.startswith("-") and not w.startswith("--") and "c" in w for w in rest
    )


def is_quiet(rest: tuple[str, ...]) -> bool:
    """Return whether grep only sets its exit code."""
    return any(w in ("--quiet", "--silent") or w[:1] == "-" and w[:2] != "--" and "q" in w for w in rest)


def inverts(rest: tuple[str, ...]) -> bool:
    """Return whether grep passes on the lines that do not match."""
    return any(w == "--invert-match" or w[:1] == "-" and w[:2] != "--" and "v" in w for w in rest)
