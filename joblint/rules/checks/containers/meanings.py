"""Options and formats that mean something else than the line intends: `wget -o`, `date +%Y-%M-%d`, jq without -r, `trap` before
exec."""

from __future__ import annotations

from joblint.rules.checks.containers.errexit import asked
from joblint.rules.checks.containers.place import command_hit, script_hit, short
from joblint.shell.syntax import Command, commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script

_PORTS = ("psql", "pg_dump", "pg_restore", "pg_isready", "redis-cli", "createdb")
_FILES = (".tgz", ".gz", ".zip", ".tar", ".sh", ".json", ".xz", ".bz2", ".deb", ".rpm", ".jar", ".csv", ".sql", ".bin", ".yaml")


def option_means_something_else(s: Subject) -> Iterator[Hit]:
    """An option with another meaning than in a similar program; one finding for each script."""
    for i, container in enumerate(s.containers):
        run = s.runs[i]
        if not run.shell and run.words and any("restic" in str(x) for x in (run.words[0], container.data.get("image"))):
            found = _unlock(run.words)
            if found is not None:
                by_hand = s.kind == "Job"  # such a Job is usually started when a lock is known to be stale
                yield s.hit(
                    run.fields[0],
                    command=short(" ".join(run.words)),
                    means=found[0],
                    better=found[1],
                    severity="info" if by_hand else "",
                    confidence="hint" if by_hand else "",
                )
    for script in s.scripts:
        for command in commands(script.statements, functions=True, inner=True):
            name, rest = program(command)
            found = (
                _option(script, command)
                or _mongo(name, _texts(command, rest))
                or _date(command)
                or (_unlock(rest) if name == "restic" else None)
            )
            if found is not None:
                means, better = found
                yield command_hit(s, script, command, means=means, better=better)
                break


_MONGO = ("mongodump", "mongorestore", "mongoexport", "mongoimport")


def _texts(command: Command, rest: tuple[str, ...]) -> tuple[str, ...]:
    return command.texts[len(command.texts) - len(rest) :] if rest else ()


def _mongo(name: str, texts: tuple[str, ...]) -> tuple[str, str] | None:
    """root or admin with --db: the tools look for the user in that database."""
    if name not in _MONGO or any("://" in t or t.startswith(("--authenticationDatabase", "--uri", "--config")) for t in texts):
        return None
    named = {}
    for text, value in zip(texts, (*texts[1:], ""), strict=True):
        option, sign, own = text.partition("=")
        named[option] = (own if sign else value).strip("\"'")
    user = named.get("--username") or named.get("-u") or ""
    database = named.get("--db") or named.get("-d") or ""
    if user not in ("root", "admin") or not database or database == "admin":
        return None
    return f"it looks for user {user} in the database {database}, not in admin", "--authenticationDatabase admin"


def _option(script: Script, command: Command) -> tuple[str, str] | None:
    name, rest = program(command)
    texts = command.texts[len(command.texts) - len(rest) :]
    pairs = list(zip(rest, texts[1:], strict=False))
    if name == "wget":
        for option, value in pairs:
            bare = value.strip("\"'")
            if option == "-o" and bare not in ("/dev/null", "-", "/dev/stdout", "/dev/stderr") and "log" not in bare:
                if bare.endswith(_FILES) or script.text.count(bare) > 1:
                    return f"-o writes wget's messages to {short(bare)}, not the download", f"wget -O {short(bare)} …"
    if name in _PORTS:
        for option, value in pairs:
            if option == "-p" and ("PASS" in value.upper() or "PWD" in value.upper()):
                return (
                    f"-p is the port, but it gets the password {short(value)}",
                    "Put the password into the variable PGPASSWORD." if name != "redis-cli" else f"redis-cli -a {short(value)}",
                )
    if name in ("scp", "sftp") and any(o == "-p" and v.isdigit() for o, v in pairs):
        return "-p keeps times and modes, the port is -P", f"{name} -P …"
    if name == "ssh" and any(o == "-P" and v.isdigit() for o, v in pairs):
        return "-P is not the port", "ssh -p …"
    if name in ("mysql", "mysqldump", "mariadb") and any(o == "-P" and "PASS" in v.upper() for o, v in pairs):
        return "-P is the port, but it gets the password", f'{name} -p"$PASSWORD"'
    return None


def _unlock(rest: tuple[str, ...]) -> tuple[str, str] | None:
    """`restic unlock --remove-all`, without a look whether the locks are in use."""
    if "unlock" in rest and "--remove-all" in rest:
        return "--remove-all also removes locks that a running backup uses", "restic unlock    removes only stale locks"
    return None


def _date(command: Command) -> tuple[str, str] | None:
    """`date +%Y-%M-%d`: %M is the minute."""
    if program(command)[0] != "date":
        return None
    form = next((t.strip("\"'") for t in command.texts[1:] if t.strip("\"'").startswith("+")), "")
    if "%Y" in form or "%y" in form:
        day = form.partition("%H")[0].partition("%T")[0]
        if "%M" in day and "%m" not in form and ("%d" in form or day.endswith("%M")):
            return "%M is the minute, the month is %m", f"date {form.replace('%M', '%m', 1)}"
        if "%D" in form and "%m" in form:
            return "%D is a whole date with slashes, the day is %d", f"date {form.replace('%D', '%d')}"
    if "%H" in form and "%m" in form.partition("%H")[2]:
        return (
            "%m is the month, the minute is %M",
            f"date {form.partition('%H')[0]}%H{form.partition('%H')[2].replace('%m', '%M', 1)}",
        )
    return None


_STRINGS = (
    "token",
    "name",
    "url",
    "uri",
    "host",
    "hostname",
    "email",
    "key",
    "password",
    "secret",
    "tag",
    "status",
    "state",
    "arn",
)


def quotes_from_jq(s: Subject) -> Iterator[Hit]:
    """`TOKEN=$(… | jq .token)`: without -r, the value has its quotes; one finding for each script."""
    for script in s.scripts:
        for command in commands(script.statements, functions=True):
            if command.words or not command.inner or not command.assigns:
                continue
            last = list(commands(command.inner[-1]))[-1:]
            if not last or program(last[0])[0] != "jq" or "tr -d" in command.text or "sed" in command.text:
                continue
            rest = program(last[0])[1]
            raw = any(w in ("--raw-output", "--join-output", "--raw-output0") for w in rest)
            raw = raw or any(w[:1] == "-" and w[:2] != "--" and ("r" in w or "j" in w) for w in rest)
            path = next((w for w in rest if w.startswith(".")), "")
            field = path.rpartition(".")[2].strip('"[]').lower()
            stringy = field.endswith(_STRINGS) and path.replace(".", "").replace("_", "").replace("[]", "").isalnum()
            name = command.assigns[-1].partition("=")[0]
            if raw or not stringy or not _sent(script, command, name):
                continue
            yield command_hit(s, script, command, name=name, path=path)
            break


def _sent(script: Script, after: Command, name: str) -> bool:
    """Whether a later command passes the variable to another program."""
    for command in commands(script.statements, functions=True, inner=True):
        if command.start <= after.start or f"${name}" not in command.text and f"${{{name}}}" not in command.text:
            continue
        if program(command)[0] in ("curl", "wget", "kubectl", "aws", "psql", "mysql", "docker", "gh", "git", "helm", "vault"):
            return True
    return False


def trap_lost_by_exec(s: Subject) -> Iterator[Hit]:
    """`trap … EXIT`, then `exec program`: the program replaces the shell, and the trap is lost."""
    for script in s.scripts:
        trap: Command | None = None
        for part in script.statements.parts:
            if not isinstance(part, Command):
                continue
            command, words = part, part.words
            if words[:1] == ("trap",) and len(words) > 2 and "EXIT" in words[2:] and words[1] not in ("-", ""):
                trap = command
            elif words[:1] == ("exec",) and len(words) > 1 and trap is not None and not words[1].startswith("-"):
                yield script_hit(
                    s,
                    script,
                    trap.start,
                    trap.end,
                    trap=short(trap.text),
                    command=short(command.text),
                    better=short(command.text[5:]),
                )
                break


_CREATES = {
    ("kubectl", "delete"): ("create",),
    ("oc", "delete"): ("create", "new-project", "new-app"),
    ("helm", "uninstall"): ("install", "upgrade"),
}


def deletion_fails_on_first_run(s: Subject) -> Iterator[Hit]:
    """`kubectl delete X` before `kubectl create X`, `dropdb` before `createdb`: on the first run there is nothing to delete; one
    finding for each script."""
    for script in s.scripts:
        kept = {c.start for c in script.flow.kept}
        losses = {x.command.start for x in script.flow.losses}
        whole = list(commands(script.statements))
        checked: set[int] | None = None
        for n, command in enumerate(whole):
            missing = _deletes(command)
            if not missing or command.start in losses or command.start not in kept:
                continue
            if not any(_creates(later, command) for later in whole[n + 1 :]) or any(_looks(c, command) for c in whole[:n]):
                continue
            if checked is None:
                checked = asked(script)
            if command.start not in checked:
                yield command_hit(s, script, command, better=missing)
                break


def _plain(command: Command) -> list[str]:
    rest = program(command)[1]
    takes = {i + 1 for i, w in enumerate(rest) if w in ("-n", "--namespace", "-h", "-U", "-p", "--timeout", "--context")}
    return [w for i, w in enumerate(rest) if i not in takes and not w.startswith("-")]


def _deletes(command: Command) -> str:
    name, rest = program(command)
    plain = _plain(command)
    if name in ("kubectl", "oc") and plain[:1] == ["delete"]:
        selects = any(w.startswith(("--ignore-not-found", "-l", "--selector", "--all", "-f", "--filename")) for w in rest)
        named = len(plain) == 3 and "" not in plain or len(plain) == 2 and "/" in plain[1]
        return "" if selects or not named else f"{short(command.text)} --ignore-not-found"
    if name == "helm" and plain[:1] in (["uninstall"], ["delete"]) and len(plain) == 2 and plain[1]:
        return "" if "--ignore-not-found" in rest else f"{short(command.text)} --ignore-not-found"
    if name == "dropdb":
        return "" if "--if-exists" in rest else "dropdb --if-exists …"
    return ""


def _creates(command: Command, deletion: Command) -> bool:
    name, _ = program(command)
    deleted, plain = _plain(deletion), _plain(command)
    if program(deletion)[0] == "dropdb":
        return name == "createdb" and plain[-1:] == deleted[-1:]
    if name != program(deletion)[0]:
        return False
    if name == "helm":
        return plain[:1] in (["install"], ["upgrade"]) and deleted[-1] in plain
    kind, target = (deleted[1], deleted[2]) if len(deleted) == 3 else tuple(deleted[1].split("/", 1))
    return plain[:2] == ["create", kind.removesuffix("s")] and target in plain


def _looks(command: Command, deletion: Command) -> bool:
    """Whether an earlier command checks if the object exists."""
    name, rest = program(command)
    return name == program(deletion)[0] and "get" in rest[:3] and _plain(deletion)[-1] in rest
