"""Pipes without pipefail: the exit code of every command but the last one is lost."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import AndOr, Command, children
from joblint.shell.weight import WORK, is_notice, is_test, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


def pipe_hides_failure(s: Subject) -> Iterator[Hit]:
    """A pipe's status is that of its last command unless pipefail is set."""
    for script in s.scripts:
        told: set[int] = set()
        given_up: set[int] | None = None
        for loss in script.flow.losses:
            pipe = loss.fate.by
            if loss.fate.reason != "pipe" or loss.weight != WORK or pipe is None or id(pipe) in told:
                continue
            told.add(id(pipe))
            if given_up is None:
                given_up = _given_up(script)
            if pipe.start in given_up:
                continue  # with pipefail, `|| true` would hide the failure as well
            nothing = _fails_on_nothing(pipe)
            if nothing and _is_printed_at_once(loss.command):
                continue
            # If the failures of the other commands are lost as well, the pipe is the smaller problem.
            asks = is_test(loss.command) and not is_notice(loss.command) and not _is_all(script, pipe)
            hint = asks or loss.fate.beyond in ("next", "loop") or nothing
            start = loss.command.start if script.text[pipe.start] in "({" else pipe.start
            yield script_hit(
                s,
                script,
                start,
                pipe.end,
                severity="info" if hint else "",
                confidence="hint" if hint else "",
                left=short(loss.command.text),
                right=short(script.text[_last_start(pipe) : pipe.end]),
                advice=_pipefail(script.shell),
            )


def _given_up(script: Script) -> set[int]:
    """The positions of what is followed by `|| true` or `|| echo …`."""
    found: set[int] = set()
    left: list[Node] = [script.statements]
    while left:
        each = left.pop()
        if isinstance(each, AndOr) and each.operator == "||" and isinstance(each.right, Command):
            if program(each.right)[0] in ("true", ":", "echo", "printf"):
                found.add(each.left.start)
        if not isinstance(each, Command):
            left.extend(children(each))
    return found


# Readers that fail if they get no input, so that the failure shows unless half of it was written.
_NEED_INPUT = names("pg_restore tar gunzip zcat unzip cfssljson openssl")


def _fails_on_nothing(pipe: object) -> bool:
    """Whether the last command of a pipe fails on empty input: `kubectl create --dry-run=client -o yaml | kubectl apply -f -`."""
    last = getattr(pipe, "parts", (None,))[-1]
    if not isinstance(last, Command):
        return False
    name, rest = program(last)
    if name in ("kubectl", "oc"):
        return not {"apply", "create", "replace"}.isdisjoint(rest[:4]) and not {"-", "-f-", "-f=-", "--filename=-"}.isdisjoint(
            rest
        )
    if name == "jq":  # with -e it ends with 4 if there was no input
        return any(w == "--exit-status" or w[:1] == "-" and w[:2] != "--" and "e" in w for w in rest)
    return name in _NEED_INPUT or name.startswith("python") and "json.load(sys.stdin)" in last.text


def _is_printed_at_once(command: Command) -> bool:
    """Whether a command prints everything or, if it fails, nothing: `kubectl create … --dry-run=client`."""
    name, rest = program(command)
    return name in ("kubectl", "oc") and any(word.startswith("--dry-run") for word in rest)


def _is_all(script: Script, pipe: object) -> bool:
    """Whether a pipe is all that a script does."""
    return len(script.statements.parts) == 1 and script.statements.parts[0] is pipe


def _last_start(pipe: object) -> int:
    parts = getattr(pipe, "parts", ())
    return int(parts[-1].start) if parts else 0


def _pipefail(shell: str) -> str:
    if shell in ("bash", "zsh", "ksh", "mksh"):
        return "Start the script with: set -euo pipefail"
    return """Use bash if the image has it: [bash, -euo, pipefail, -c, …]
sh in Alpine also supports `set -o pipefail`; sh in Debian and Ubuntu (dash) does not:
write to a file first, and read it in a second command after &&."""
