"""Failures that the script itself turns into success: `|| true`, an `exit 0`, a last command, a process in the background."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import Command, commands
from joblint.shell.weight import LITTLE, WORK, is_notice, is_test, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.flow import Loss
    from joblint.shell.syntax import Node


_THROWN = ("or", "forced", "if", "trap")

_MEANT = ("continu", "ignor", "skip", "may not", "might not", "already", "not found", "optional", "non-fatal", "best effort")


def failure_hidden(s: Subject) -> Iterator[Hit]:
    """`|| true` and similar on the main work of the container; it does not matter for cleanup commands."""
    for script in s.scripts:
        flow = script.flow
        heaviest = max([x.weight for x in flow.losses], default=0)
        # Commands that only report the failure, inside the branch for it, are not remaining work.
        told = [x.fate.by for x in flow.losses if x.fate.reason in ("or", "if") and x.fate.by is not None]
        left = [c for c in flow.kept if not any(by.start <= c.start < by.end for by in told)]
        kept = [c for c in left if weight(c) == WORK]
        thrown = [x for x in flow.losses if x.fate.reason in _THROWN and x.weight == heaviest]
        if not thrown or heaviest < WORK and (left or len(thrown) < len(flow.losses)):
            continue
        lost = thrown[-1]
        by = lost.fate.by
        judged = _fails_later(script, lost.command.end)
        whole = not kept and not judged
        grave = whole or not is_notice(lost.command) and all(c.start < lost.command.start for c in kept)
        among_others = not whole or any(x.weight == WORK and x is not lost for x in flow.losses)
        if among_others and (judged or _on_purpose(script, lost)) or _is_explained(script, lost):
            grave = False
        if all(_is_tidying(x.command) for x in thrown) or _uninstalls(s):
            grave = False
        ends = "the Job is Complete"
        if script.container.role != "main":
            ends = "the main containers start"
        here = by if by is not None and lost.fate.reason in ("forced", "trap") else lost.command
        end = by.end if by is not None and lost.fate.reason == "or" else here.end
        if heaviest == LITTLE and not _is_whole_purpose(lost):
            grave = False
        yield script_hit(
            s,
            script,
            min(here.start, lost.command.start) if lost.fate.reason == "or" else here.start,
            end,
            severity="" if grave else "info",
            confidence="" if grave else "hint",
            command=short(lost.command.text),
            how=_how(script, lost),
            result=ends if whole else "the script continues as if nothing had failed",
            instead=_instead(lost),
        )


def _fails_later(script: Script, after: int) -> bool:
    """Whether the script itself decides later that it has failed: `[ -z "$ID" ] && exit 1`."""
    for command in commands(script.statements, functions=True):
        name, rest = program(command)
        if command.start > after and (name == "false" or name in ("exit", "return") and rest[:1] not in ((), ("0",))):
            return True
    return False


def _on_purpose(script: Script, loss: Loss) -> bool:
    """Whether the failure is ignored on purpose: a comment says so, or the command's output is discarded."""
    by = loss.fate.by
    said = script.text[by.start : by.end].lower() if by is not None and loss.fate.reason in ("or", "if") else ""
    silent = any(r.replace(" ", "") in ("2>/dev/null", "&>/dev/null", ">&/dev/null", "2>&1") for r in loss.command.redirects)
    silent = silent and "/dev/null" in "".join(loss.command.redirects)
    return silent or any(word in said for word in _MEANT)


def _is_explained(script: Script, loss: Loss) -> bool:
    """Whether the message for the failure says that it is harmless: `|| echo "may already exist"`, `|| echo "does not exist"`."""
    by = loss.fate.by
    said = script.text[by.start : by.end].lower() if by is not None and loss.fate.reason == "or" else ""
    return any(
        word in said
        for word in ("already exist", "may exist", "might exist", "not exist", "n't exist", "non-fatal", "not fatal", "harmless")
    )


def _uninstalls(s: Subject) -> bool:
    """Whether Helm runs the Job only when the release is deleted: a failure there would leave the release half deleted."""
    events = {e.strip() for e in str(s.annotations.get("helm.sh/hook") or "").split(",")}
    return events <= {"pre-delete", "post-delete"}


_TIDYING = names("get scale rollout patch cordon uncordon")


def _is_tidying(command: Command) -> bool:
    """Whether a command only looks at objects of the cluster, stops, restarts or changes what may not be there: kubectl scale."""
    name, rest = program(command)
    if name not in ("kubectl", "oc") or any(">" in r and "/dev/" not in r for r in command.redirects):
        return False
    return not _TIDYING.isdisjoint(rest[:4])


def _is_whole_purpose(loss: Loss) -> bool:
    return program(loss.command)[0] not in ("rm", "mkdir", "kill", "pkill", "killall", "rmdir")


def _how(script: Script, loss: Loss) -> str:
    by = loss.fate.by
    text = short(script.text[by.start : by.end]) if by is not None else ""
    reason = loss.fate.reason
    if reason == "or":
        return f"`|| {text}` turns its failure into success"
    if reason == "forced":
        return f"`{text}` at the end makes the script succeed in any case"
    if reason == "trap":
        return f"`{text}` ends the script with 0"
    return f"the branch for a failure only runs `{text}`, and the `if` then ends with 0"


def _instead(loss: Loss) -> str:
    command = short(loss.command.text)
    reason = loss.fate.reason
    if "…" in command and reason == "or":
        return "Remove the `||` and what follows it; to print a message first, write instead: || { echo failed; exit 1; }"
    if "…" in command:
        command = ""  # a shortened command cannot be typed
    if reason == "or":
        return f"{command}        without the `||`; to print a message first: {command} || {{ echo failed; exit 1; }}"
    if reason == "forced":
        return "Remove the last command, or start the script with: set -e (and then remove exit 0)"
    if reason == "trap":
        action = loss.fate.by.words[1] if isinstance(loss.fate.by, Command) else ""
        where = f"the function {action}" if action.isidentifier() else "the trap"
        return f"Remove `exit` from {where}: the script then ends with its own exit code."
    return f"{command} || {{ echo failed; exit 1; }}" if command else "Write after the command: || { echo failed; exit 1; }"


def background_work_killed(s: Subject) -> Iterator[Hit]:
    """`command &` without wait: the container ends with its first process. With a plain wait, only the status is lost."""
    for script in s.scripts:
        losses = [x for x in script.flow.losses if x.fate.reason in ("background", "wait") and x.weight == WORK]
        if not losses or any(e.script is script for e in s.endings):
            continue
        from joblint.shell.endless import program as runs_on

        losses = [x for x in losses if runs_on(*program(x.command)) is None]
        others = [c for c in script.flow.kept if weight(c) == WORK]
        if not losses or any(program(c)[0] in ("kill", "pkill", "killall") for c in commands(script.statements)):
            continue  # the script itself ends its helper
        first = losses[0]
        node = first.fate.by or first.command
        foreground = [x for x in script.flow.losses if x.weight == WORK and x.fate.reason not in ("background", "wait")]
        if first.fate.reason == "background":
            grave = not others and not foreground
            label = "killed when the script ends"
            effect = (
                "the script and the container end immediately, and the work is killed"
                if grave
                else "it is killed when the script ends, and its failure is lost"
            )
        else:
            grave = not others and not is_notice(first.command)
            effect, label = "`wait` without a process ID returns 0 in any case", "its failure is lost"
        yield script_hit(
            s,
            script,
            node.start,
            node.end,
            severity="" if grave else "info",
            confidence="" if grave else "hint",
            command=short(first.command.text),
            effect=effect,
            label=label,
        )


def last_command_hides_failure(s: Subject) -> Iterator[Hit]:
    """Only messages after the work: they set the script's status. A warning if no other work can fail the container."""
    for script in s.scripts:
        lost = [x for x in script.flow.losses if x.fate.reason == "tail" and x.weight == WORK]
        if lost and lost[-1].fate.by is not None:
            by = lost[-1].fate.by
            if _never_ends(by) or _shows_result(by, lost[-1].command):
                continue
            # A command that only reports the end, such as curl to /quitquitquit, is not work whose failure would show.
            alone = not any(weight(c) == WORK and not is_notice(c) for c in script.flow.kept) and not is_notice(lost[-1].command)
            command, last = short(lost[-1].command.text), short(script.text[by.start : by.end])
            next_to_it = not script.text[lost[-1].command.end : by.start].strip(" \t\n;")  # not in a loop that ends before
            yield script_hit(
                s,
                script,
                by.start,
                by.end,
                severity="warning" if alone and not is_test(lost[-1].command) else "",
                command=command,
                last=last,
                joined="" if "…" in command + last or not next_to_it else f": {command} && {last}",
            )


def _never_ends(node: Node) -> bool:
    """Whether the last command never ends by itself: `sleep infinity` has no exit code."""
    from joblint.shell.endless import program as runs_on

    return isinstance(node, Command) and runs_on(*program(node)) is not None


def _shows_result(node: Node, work: Command) -> bool:
    """Whether the last command reads a file that the work itself is to write, and so fails without it: `cat stats.json`."""
    if not isinstance(node, Command) or program(node)[0] not in ("cat", "jq", "head", "tail"):
        return False
    files = [w for w in program(node)[1] if "/" in w and not w.startswith("-")]
    return any(file in word for file in files for word in program(work)[1])
