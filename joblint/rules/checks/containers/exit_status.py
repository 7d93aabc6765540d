"""Exit codes that a script hides: what fails unnoticed, and what never runs."""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.words import count
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import AndOr, Command, Loop, children, commands
from joblint.shell.weight import LITTLE, WORK, is_notice, is_test, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.flow import Loss
    from joblint.shell.syntax import Node

_THROWN = ("or", "forced", "if", "trap")
# Setup commands that later work depends on.
_NEEDED = names("cd pushd cp mv pip pip3 apt apt-get apk yum dnf microdnf source . tar unzip git install envsubst gem")
# What a loop asks until the answer is there.
_QUESTIONS = names("curl wget kubectl oc nc ncat psql mysql mysqladmin redis-cli mongosh getent nslookup dig")


def failure_hidden(s: Subject) -> Iterator[Hit]:
    """`|| true` and similar on the main work of the container; it does not matter for cleanup commands."""
    for script in s.scripts:
        flow = script.flow
        heaviest = max([x.weight for x in flow.losses], default=0)
        # Commands that only report the failure, inside the branch for it, are not remaining work.
        told = [x.fate.by for x in flow.losses if x.fate.reason in ("or", "if") and x.fate.by is not None]
        left = [c for c in flow.kept if not any(by.start <= c.start < by.end for by in told)]
        kept = [c for c in left if _weight(c) == WORK]
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


_SIGNS_IN = names("login alias auth configure")
_MEANT = ("continu", "ignor", "skip", "may not", "might not", "already", "not found", "optional", "non-fatal", "best effort")


def _on_purpose(script: Script, loss: Loss) -> bool:
    """Whether the failure is ignored on purpose: a comment says so, or the command's output is discarded."""
    by = loss.fate.by
    said = script.text[by.start : by.end].lower() if by is not None and loss.fate.reason in ("or", "if") else ""
    silent = any(r.replace(" ", "") in ("2>/dev/null", "&>/dev/null", ">&/dev/null", "2>&1") for r in loss.command.redirects)
    silent = silent and "/dev/null" in "".join(loss.command.redirects)
    return silent or any(word in said for word in _MEANT)


def _is_explained(script: Script, loss: Loss) -> bool:
    """Whether the message for the failure says that it is harmless: `|| echo "may already exist"`."""
    by = loss.fate.by
    said = script.text[by.start : by.end].lower() if by is not None and loss.fate.reason == "or" else ""
    return any(word in said for word in ("already exist", "may exist", "might exist", "non-fatal", "not fatal", "harmless"))


def _is_whole_purpose(loss: Loss) -> bool:
    return program(loss.command)[0] not in ("rm", "mkdir", "kill", "pkill", "killall", "rmdir")


def _weight(command: object) -> int:
    return weight(command) if isinstance(command, Command) else 0


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
        return "Remove `exit` from the trap: the script then ends with its own exit code."
    return f"{command} || {{ echo failed; exit 1; }}" if command else "Write after the command: || { echo failed; exit 1; }"


def background_work_killed(s: Subject) -> Iterator[Hit]:
    """`command &` without wait: the container ends with its first process. With a plain wait, only the status is lost."""
    for script in s.scripts:
        losses = [x for x in script.flow.losses if x.fate.reason in ("background", "wait") and x.weight == WORK]
        if not losses or any(e.script is script for e in s.endings):
            continue
        from joblint.shell.endless import program as runs_on

        losses = [x for x in losses if runs_on(*program(x.command)) is None]
        others = [c for c in script.flow.kept if _weight(c) == WORK]
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
            # What only tells of the end, such as curl to /quitquitquit, is no work whose failure would show.
            alone = not any(_weight(c) == WORK and not is_notice(c) for c in script.flow.kept) and not is_notice(lost[-1].command)
            command, last = short(lost[-1].command.text), short(script.text[by.start : by.end])
            yield script_hit(
                s,
                script,
                by.start,
                by.end,
                severity="warning" if alone and not is_test(lost[-1].command) else "",
                command=command,
                last=last,
                joined="" if "…" in command + last else f": {command} && {last}",
            )


def fails_either_way(s: Subject) -> Iterator[Hit]:
    """`work || echo no && exit 1`: both operators have the same precedence, so exit also runs after success."""
    for script in s.scripts:
        for node in script.flow.doomed:
            left, right = node.left, node.right
            if not isinstance(left, AndOr):
                continue
            parts = [short(script.text[n.start : n.end]) for n in (left.left, left.right, right)]
            instead = f"{parts[0]} || {{ {parts[1]}; {parts[2]}; }}"
            if "…" in instead:
                instead = f"Group what follows ||, as in: COMMAND || {{ echo failed; {parts[2]}; }}"
            yield script_hit(s, script, node.start, node.end, command=parts[0], exit=parts[2], instead=instead)


def commands_without_set_e(s: Subject) -> Iterator[Hit]:
    """One finding for each script: the commands whose failure does not stop the following ones."""
    for script in s.scripts:
        losses = [x for x in script.flow.losses if x.fate.reason in ("next", "loop")]
        known = _unless_sourced(script)
        work = [x for x in losses if x.weight == WORK and known(x) and not _fails_with(x, script.flow.kept)]
        needed = [x for x in losses if x.weight == LITTLE and program(x.command)[0] in _NEEDED]
        followed = any(_weight(c) == WORK for c in script.flow.kept) or any(
            x.weight == WORK and x.fate.reason != "next" for x in script.flow.losses
        )
        told = work or (needed if followed else [])
        if not told:
            continue
        first = told[0]
        grave = any(x.fate.reason == "next" for x in work) and not _decides_itself(script)
        names = [f"`{short(_whole_pipe(script, x))}`" for x in told[:2]]
        if len(told) > 2:
            names.append(count(len(told) - 2, "other"))
        off = script.flow.errexit_off
        loop = first.fate.reason == "loop"
        yield script_hit(
            s,
            script,
            first.command.start,
            first.command.end,
            severity="" if grave else "info",
            confidence="" if grave else "hint",
            failing=" or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0],
            effect="the loop continues, and only its last iteration sets the exit code"
            if loop
            else "the script continues, and only its last command sets the exit code",
            switched=" (because of `set +e`)" if off is not None else "",
            instead=_set_e(script),
        )


def _unless_sourced(script: Script) -> Callable[[Loss], bool]:
    """Which commands count, for a script: not those that look like functions if another file is sourced (they may end the
    script themselves), nor checks in a loop that waits for the result."""
    sourced = any(c.words[:1] in ((".",), ("source",)) and len(c.words) > 1 for c in commands(script.statements))
    waits = [(n.start, n.end) for n in _loops(script.statements) if _polls(n)]

    def known(loss: Loss) -> bool:
        name = program(loss.command)[0]
        if sourced and _like_function(name):
            return False
        return name not in _QUESTIONS or not any(start <= loss.command.start < end for start, end in waits)

    return known


def _like_function(name: str) -> bool:
    """Whether a command's name is that of a function rather than of a program: vaultFunc, gen3_setup; not pg_dump."""
    return name.isidentifier() and not name.startswith(("pg_", "mysql_")) and ("_" in name or not name.islower())


def _loops(node: Node) -> Iterator[Loop]:
    left = [node]
    while left:
        each = left.pop()
        if isinstance(each, Loop):
            yield each
        left.extend(children(each))


def _polls(loop: Loop) -> bool:
    """Whether a loop asks again until something is there: it sleeps and may be left."""
    names = {program(c)[0] for c in commands(loop.body)}
    return "sleep" in names and not names.isdisjoint(("break", "exit", "return"))


def _decides_itself(script: Script) -> bool:
    """Whether a script ends with `[ -f /success ] && exit 0 || exit 1`: it looks at a result instead of the statuses."""
    last = script.statements.parts[-1] if script.statements.parts else None
    if not isinstance(last, AndOr) or last.operator != "||" or not isinstance(last.left, AndOr):
        return False
    ends = [c.words[:1] for c in commands(last) if c.words[:1] in (("exit",), ("return",))]
    asks = next(iter(commands(last)), None)
    return len(ends) == 2 and asks is not None and program(asks)[0] in ("[", "test")


def _whole_pipe(script: Script, loss: Loss) -> str:
    """The command, or the pipe that it ends: in `pg_dump db | gzip`, gzip is the less important part."""
    for other in script.flow.losses:
        pipe = other.fate.by
        if other.fate.reason == "pipe" and pipe is not None and pipe.start <= loss.command.start < pipe.end:
            return script.text[pipe.start : pipe.end]
    return loss.command.text


def _fails_with(loss: Loss, kept: tuple[Command, ...]) -> bool:
    """Whether the failure of a command shows in a later one whose status counts: a program is downloaded and run, or the script
    signs in first (`mc alias set store …; mc rm store/old`)."""
    name, rest = program(loss.command)
    if not _SIGNS_IN.isdisjoint(rest[:2]) and any(program(c)[0] == name for c in kept):
        return True
    return _is_run_later(loss, kept)


def _is_run_later(loss: Loss, kept: tuple[Command, ...]) -> bool:
    """Whether a download is a program that the script runs later: without it, that command fails.

    Example: `curl -o check.sh https://…; chmod +x check.sh; ./check.sh`
    """
    name, rest = program(loss.command)
    if name not in ("curl", "wget"):
        return False
    named = [rest[i + 1] for i, word in enumerate(rest[:-1]) if word in ("-o", "-O", "--output", "--output-document")]
    written = {w.rpartition("/")[2] for w in named if w and "://" not in w}
    for command in kept:
        ran, words = program(command)
        if ran in ("sh", "bash", "python", "python3", "perl", "node", "source", "."):
            ran = words[0].rpartition("/")[2] if words else ""
        if ran in written:
            return True
    return False


def set_e_off_in_condition(s: Subject) -> Iterator[Hit]:
    """A condition calls a function under set -e: its commands continue after a failure; one finding for each script."""
    for script in s.scripts:
        for loss in script.flow.losses:
            by = loss.fate.by
            matters = loss.weight == WORK or program(loss.command)[0] in _NEEDED
            if loss.fate.reason == "asked" and matters and by is not None:
                group = by.start <= loss.command.start < by.end
                text = script.text[by.start : by.end]
                call = short(text.split("\n", 1)[0] + " …" if group and "\n" in text else text.split(";", 1)[0])
                yield script_hit(
                    s,
                    script,
                    loss.command.start,
                    loss.command.end,
                    failing=short(loss.command.text),
                    call=call,
                    where="this group, because a condition or || uses its exit code"
                    if group
                    else "the function, because it is called in a condition",
                )
                break


def _set_e(script: Script) -> str:
    if script.shell in ("bash", "zsh", "ksh", "mksh"):
        return "Start the script with: set -euo pipefail"
    return "Start the script with: set -eu        or join the commands with &&"


def commands_after_exec(s: Subject) -> Iterator[Hit]:
    """`exec program` replaces the shell."""
    for script in s.scripts:
        for command, following in script.flow.unreached[:1]:
            yield script_hit(
                s,
                script,
                following.start,
                following.end,
                command=short(command.text),
                following=short(script.text[following.start : following.end]),
            )


def exit_code_out_of_range(s: Subject) -> Iterator[Hit]:
    """Exit codes are 0 to 255; other numbers are reduced modulo 256, so that 256 is success."""
    for script in s.scripts:
        for command in commands(script.statements, functions=True):
            if command.words[:1] not in (("exit",), ("return",)) or len(command.words) < 2:
                continue
            text = command.words[1]
            if not text.lstrip("-").isdecimal() or len(text) > 12 or text.count("-") > 1:
                continue
            code = int(text)
            if 0 <= code <= 255:
                continue
            becomes = code % 256
            meaning = f"{becomes}, which is success" if becomes == 0 else str(becomes)
            if code < 0:
                meaning = f"{becomes} in bash, and an error (2) in the sh of Debian and Ubuntu"
            yield script_hit(
                s,
                script,
                command.start,
                command.end,
                severity="" if becomes == 0 else "info",
                code=code,
                meaning=meaning,
                word=command.words[0],
            )
