"""What a script undoes at its end, but not if its work fails: a lock file, a scaled-down Deployment, a maintenance mode."""

from __future__ import annotations

from itertools import islice

from joblint.base.names import names
from joblint.base.record import Record
from joblint.rules.checks.containers.errexit import errexit_at
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.rules.workload.script_values import script_values
from joblint.shell.syntax import AndOr, Command, If, commands, every, in_order
from joblint.shell.weight import WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Words

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.syntax import Sequence
    from joblint.shell.values import Values

_KEPT = ("persistentVolumeClaim", "hostPath", "nfs", "csi", "cephfs", "azureFile")
_COPIES = names(
    "pg_dump pg_dumpall mysqldump mariadb-dump mongodump tar rsync restic borg rclone cp gzip aws gsutil s3cmd mc kopia duplicity"
)

_MOST = 50
"""The most lock files, and states, of a script that are followed: each of them is looked for in all commands."""


def lock_file_left(s: Subject) -> Iterator[Hit]:
    """`[ -e LOCK ] && exit 0; touch LOCK; work; rm LOCK` on a volume that outlives the Pod; one finding for each script."""
    for script in s.scripts:
        if "trap " in script.text or "exit" not in script.text:
            continue
        held = mounts(s, script.container)
        known = script_values(script)
        parts = list(commands(script.statements))
        for path, code, test in islice(refusals(script.statements, known), _MOST):
            mount = mount_of(held, clean(path)) if path.startswith("/") else None
            made = next((c for c in parts if c.start > test.start and creates(c, path, known)), None)
            removed = next((c for c in parts if made is not None and c.start > made.start and _removes(c, path, known)), None)
            if mount is None or mount.kind not in _KEPT or made is None or removed is None:
                continue
            work = [c for c in parts if made.start < c.start < removed.start and weight(c) == WORK]
            if work and errexit_at(script, work[0].start):
                result = "ends with exit code 0 and does nothing" if code == "0" else "fails"
                text = short(work[0].text)
                yield script_hit(s, script, made.start, made.end, command=short(made.text), path=path, work=text, result=result)
                break


def refusals(statements: Sequence, known: Values) -> Iterator[tuple[str, str, Command]]:
    """Yield the paths whose existence ends the script: (path, exit code, test)."""
    for node in every(statements):
        if isinstance(node, AndOr) and node.operator == "&&" and isinstance(node.left, Command):
            test, body = node.left, node.right
        elif isinstance(node, If) and isinstance(node.clauses[0][0].parts[-1], Command):
            test, body = node.clauses[0][0].parts[-1], node.clauses[0][1]
        else:
            continue
        inside = test.text.strip("[] ").split()
        ends = [c for c in commands(body) if program(c)[0] == "exit"]
        if len(inside) == 2 and inside[0] in ("-e", "-f", "-d") and ends:
            yield _value(inside[1], known), (program(ends[-1])[1] or ("0",))[0], test


def _value(text: str, known: Values) -> str:
    plain = text.strip("\"'")
    return known.of(plain) if "$" in plain else plain


def creates(command: Command, path: str, known: Values) -> bool:
    """Return whether a command creates a file or a directory at a path."""
    name, rest = program(command)
    targets = [r.lstrip("0123456789&>| ") for r in command.redirects if ">" in r and "&" not in r]
    words = command.texts[1:] if name in ("touch", "mkdir") and rest else ()
    return any(_value(t, known) == path for t in (*targets, *words))


def _removes(command: Command, path: str, known: Values) -> bool:
    return program(command)[0] in ("rm", "rmdir") and any(_value(t, known) == path for t in command.texts[1:])


class Switch(Record):
    """A state that a command switches on or, if not `on`, off again."""

    what: str
    on: bool


def state_left_after_failure(s: Subject) -> Iterator[Hit]:
    """`kubectl scale --replicas=0; work; kubectl scale --replicas=3` under set -e without a trap; one finding for each script."""
    for script in s.scripts:
        if "trap " in script.text:
            continue
        steps = list(in_order(script.statements))
        switches = [(c, found) for c in steps if (found := _switch(*program(c))) is not None]
        for command, switch in switches[:_MOST]:
            again = next((c for c, f in switches if c.start > command.start and f.what == switch.what and not f.on), None)
            if not switch.on or again is None:
                continue
            work = [
                c for c in steps if command.start < c.start < again.start and weight(c) == WORK and _switch(*program(c)) is None
            ]
            work = [c for c in work if program(c)[0] not in ("kubectl", "oc") or program(c)[1][:1] in (("exec",), ("cp",))]
            if work and errexit_at(script, work[0].start):
                # After a failed migration, some want the application to stay down.
                copies = all(program(c)[0] in _COPIES for c in work)
                yield script_hit(
                    s,
                    script,
                    again.start,
                    again.end,
                    severity="" if copies else "info",
                    confidence="" if copies else "hint",
                    work=short(work[0].text),
                    again=short(again.text),
                    state=switch.what,
                )
                break


def _switch(name: str, rest: Words[str]) -> Switch | None:
    """What a command switches: a Deployment's replicas, a maintenance mode."""
    words = [w for w in rest if w]
    if name in ("kubectl", "oc") and "scale" in words[:4]:
        replicas = next((w.partition("=")[2] or w for w in words if w.startswith("--replicas=")), "")
        plain = [w for w in words[words.index("scale") + 1 :] if not w.startswith("-")]
        target = "/".join(plain[:2]) if plain and "/" not in plain[0] else plain[0] if plain else ""
        return Switch(f"{target} has 0 replicas", replicas == "0") if target and replicas.isdecimal() else None
    if "maintenance:mode" in words:
        return Switch("maintenance mode is on", "--on" in words)
    if words[:2] in (["artisan", "down"], ["artisan", "up"]) and name == "php":
        return Switch("the application is down", words[1] == "down")
    return None
