"""Commands whose failure does not stop the script: without `set -e`, and where a condition switches it off."""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.words import count
from joblint.rules.checks.containers.errexit import polls
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import AndOr, Command, commands, loops
from joblint.shell.weight import LITTLE, WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.flow import Loss


# Setup commands that later work depends on.
_NEEDED = names("cd pushd cp mv pip pip3 apt apt-get apk yum dnf microdnf source . tar unzip git install envsubst gem")

# What a loop repeats until the result is there.
_QUESTIONS = names("curl wget kubectl oc nc ncat psql mysql mysqladmin redis-cli mongosh getent nslookup dig")

# Programs that no file of functions defines.
_PROGRAMS = names(
    "aws az bash bundle cargo composer createdb curl docker dotnet dropdb duplicity gcloud git go gradle gsutil helm java jq make"
    " kafkacat kubectl mariadb mc mongodump mongoexport mongoimport mongorestore mongosh mvn mysql mysqladmin mysqldump node npm"
    " npx oc perl php podman psql python python3 rails rake rclone restic rsync ruby s3cmd scp sh skopeo sqlite3 ssh terraform"
    " velero wget yarn"
)

_SIGNS_IN = names("login alias auth configure")


def commands_without_set_e(s: Subject) -> Iterator[Hit]:
    """One finding for each script: the commands whose failure does not stop the following ones."""
    for script in s.scripts:
        losses = [x for x in script.flow.losses if x.fate.reason in ("next", "loop")]
        known = _unless_sourced(script)
        work = [x for x in losses if x.weight == WORK and known(x) and not _fails_with(x, script.flow.kept)]
        needed = [x for x in losses if x.weight == LITTLE and program(x.command)[0] in _NEEDED]
        followed = any(weight(c) == WORK for c in script.flow.kept) or any(
            x.weight == WORK and x.fate.reason != "next" for x in script.flow.losses
        )
        told = work or (needed if followed else [])
        if not told or _always_fails(script):
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


def _always_fails(script: Script) -> bool:
    """Whether the last statement of a script is `exit 1`: what fails before it cannot make the Job look successful."""
    last = script.statements.parts[-1] if script.statements.parts else None
    if not isinstance(last, Command):
        return False
    name, rest = program(last)
    return name == "false" or name == "exit" and rest[:1] not in ((), ("0",)) and "$" not in "".join(last.texts)


def _unless_sourced(script: Script) -> Callable[[Loss], bool]:
    """Which commands count, for a script: not those that look like functions if another file is sourced (they may end the
    script themselves), nor checks in a loop that waits for the result."""
    sourced = any(c.words[:1] in ((".",), ("source",)) and len(c.words) > 1 for c in commands(script.statements))
    waits = [(n.start, n.end) for n in loops(script.statements) if polls(n)]

    def known(loss: Loss) -> bool:
        name = program(loss.command)[0]
        if sourced and _like_function(name) and not any(word.endswith(f"/{name}") for word in loss.command.words):
            return False
        return name not in _QUESTIONS or not any(start <= loss.command.start < end for start, end in waits)

    return known


def _like_function(name: str) -> bool:
    """Whether a command's name may be that of a function of another file: vaultFunc, loginfo; not pg_dump, nor a path."""
    return name.isidentifier() and not name.startswith(("pg_", "mysql_")) and name not in _PROGRAMS


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
    if not named:  # curl -O URL and wget URL write a file with the last part of the URL
        urls = [t.strip("\"'") for t in loss.command.texts if "://" in t]
        written = {url.rpartition("/")[2] for url in urls if name == "wget" or any(w[:1] == "-" and "O" in w for w in rest)}
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
                call = text if group else text.split(";", 1)[0]
                call = short(text.split("\n", 1)[0] + " …" if group and "\n" in text else call)
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
    return "Start the script with: set -eu; or join the commands with &&"
