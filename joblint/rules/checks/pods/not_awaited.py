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
    from joblint.shell.syntax import Command

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
    Started(
        "redis-cli", (("bgsave",),), (), _COPIES, (".rdb",), ("lastsave", "persistence", *_LOOPS), "redis-cli … --rdb <file>"
    ),
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
        "velero backup create … --wait",
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
        open_ones: dict[str, tuple[Started, Command]] = {}  # what was started last, by what waits for it
        for command in commands(script.statements, functions=True):
            name, rest = program(command)
            late = [(x, c) for x, c in open_ones.values() if c.end < command.start and _uses(x, name, rest, command.text)]
            for started, begun in late:
                # Whatever waits for the last one waits for those before it, too.
                del open_ones[started.better]
                between = script.text[begun.end : command.start].lower()
                if not any(word in between for word in started.awaits):
                    text = short(begun.text)
                    yield script_hit(s, script, begun.start, begun.end, command=text, user=name, better=started.better)
                    break
            else:
                open_ones.update({x.better: (x, command) for x in _STARTED if x.program == name and _is(x, rest)})
                continue
            break


def _is(started: Started, rest: tuple[str, ...]) -> bool:
    low = [w.lower() for w in rest]
    return all(any(w in low for w in one) for one in started.words) and not any(w in low for w in started.waits_itself)


def _uses(started: Started, name: str, rest: tuple[str, ...], text: str) -> bool:
    return name in started.users and any(part in text for part in started.uses)
