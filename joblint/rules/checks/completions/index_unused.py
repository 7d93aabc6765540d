"""An Indexed Job in which nothing uses the completion index; knows subjects."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import short
from joblint.rules.workload.indexes import INDEX_MARKS, indexes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

# Programs that read no variable of Kubernetes; any other program may read the index by itself.
_KNOWN = names(
    "pg_dump pg_dumpall pg_restore psql mysqldump mysql mariadb mariadb-dump mongodump mongorestore redis-cli aws gsutil gcloud "
    "az kubectl oc restic rclone rsync tar wget curl scp ssh mc s3cmd etcdctl"
)


def completion_index_unused(s: Subject) -> Iterator[Hit]:
    """An Indexed Job whose Pods all do the same: the template does not mention the index, and its programs do not read it."""
    total = indexes(s)
    if total < 2 or s.pod.get("subdomain") or s.spec.get("successPolicy"):
        return
    text = str(s.pod)
    if any(mark in text for mark in INDEX_MARKS):
        return
    first = ""
    for i, container in enumerate(s.containers):
        if container.role == "main":
            work = _all_known(s, i)
            if not work:
                return
            first = first or work
    if first:
        yield s.hit(s.spec_at + ".completionMode", total=total, work=first)


def _all_known(s: Subject, index: int) -> str:
    """The first command of a container that does work, in short, if all its programs are known; otherwise ""."""
    from joblint.shell.syntax import commands
    from joblint.shell.weight import WORK, program, weight

    run = s.runs[index]
    if run.words and not run.shell:
        return short(" ".join(run.words[run.program :])) if run.sure and run.name in _KNOWN else ""
    found = ""
    scripts = [x for x in s.scripts if x.index == index]
    for script in scripts:
        if script.limit:
            return ""
        for command in commands(script.statements, functions=True):
            name = program(command)[0]
            if name in _KNOWN:
                found = found or short(command.text)
            elif weight(command) == WORK or "$" in name or name in (".", "source", "eval"):
                return ""
    return found
