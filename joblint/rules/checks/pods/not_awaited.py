"""Commands that only start something, and a later command of the script that needs the result.

Sources: redis.io BGSAVE, the references of the AWS CLI (rds and ec2 wait) and velero (backup create --wait), kubectl scale.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_COPIES = names("cp mv tar rsync gzip cat aws gsutil rclone mc scp restic s3cmd az gcloud")
_LOOPS = ("sleep", "while ", "until ")


class Started(Record):
    """A program, words of a call that starts something, one of which (lower case) must follow for each place, options with which
    it waits itself; the programs and a part of the text of what needs the result; what waits for it; what to type instead."""

    program: str
    words: tuple[tuple[str, ...], ...]
    waits_itself: tuple[str, ...]
    users: frozenset[str]
    uses: tuple[str, ...]
    awaits: tuple[str, ...]
    better: str


_STARTED = (
    Started("redis-cli", (("bgsave",),), (), _COPIES, (".rdb",), ("lastsave", "persistence", *_LOOPS), "redis-cli --rdb <file>"),
    Started(
        "aws",
        (("rds",), ("create-db-snapshot", "create-db-cluster-snapshot")),
        (),
        frozenset(("aws",)),
        ("rds copy-db", "rds restore-db", "rds delete-db-i", "rds delete-db-cluster ", "rds start-export-task"),
        ("rds wait", *_LOOPS),
        "aws rds wait db-snapshot-available",
    ),
    Started(
        "aws",
        (("ec2",), ("create-snapshot", "create-image")),
        (),
        frozenset(("aws",)),
        ("ec2 copy-snapshot", "ec2 copy-image", "ec2 delete-volume", "ec2 run-instances"),
        ("ec2 wait", *_LOOPS),
        "aws ec2 wait snapshot-completed",
    ),
    Started(
        "velero",
        (("backup",), ("create",)),
        ("--wait", "-w"),
        frozenset(("velero",)),
        ("backup logs", "backup describe", "backup download", "restore create"),
        _LOOPS,
        "velero backup create --wait",
    ),
    Started(
        "kubectl",
        (("scale",), ("--replicas=0",)),
        (),
        names("cp mv tar rsync restic rclone"),
        ("",),
        ("kubectl wait", "rollout status", "get po", *_LOOPS),
        "kubectl wait --for=delete pod -l <labels> --timeout=5m",
    ),
)


def result_not_awaited(s: Subject) -> Iterator[Hit]:
    """`redis-cli BGSAVE` and then a copy of dump.rdb: it is that of an earlier time; one finding for each script."""
    for script in s.scripts:
        every = list(commands(script.statements, functions=True))
        for i, command in enumerate(every):
            name, rest = program(command)
            started = next((x for x in _STARTED if x.program == name and _is(x, rest)), None)
            if started is None:
                continue
            user = next((c for c in every[i + 1 :] if c.start > command.end and _uses(started, *program(c), c.text)), None)
            if user is None or any(word in script.text[command.end : user.start].lower() for word in started.awaits):
                continue
            text, waits = short(command.text), started.better
            yield script_hit(s, script, command.start, command.end, command=text, user=program(user)[0], better=waits)
            break


def _is(started: Started, rest: tuple[str, ...]) -> bool:
    low = [w.lower() for w in rest]
    return all(any(w in low for w in one) for one in started.words) and not any(w in low for w in started.waits_itself)


def _uses(started: Started, name: str, rest: tuple[str, ...], text: str) -> bool:
    return name in started.users and any(part in text for part in started.uses)
