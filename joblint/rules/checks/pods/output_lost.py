"""Output that a container writes and nothing copies: an emptyDir or the container's filesystem is deleted with the Pod."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.pods.commands import command_hit
from joblint.rules.checks.pods.writes import writes_of
from joblint.rules.workload.mounts import clean, mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.pods.writes import Write
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_DUMPS = names(
    "pg_dump pg_dumpall pg_basebackup mysqldump mariadb-dump mongodump mongoexport etcdctl redis-cli tar zip influxd influx "
    "cockroach consul vault elasticdump slapcat ldapsearch"
)
_FILTERS = names("gzip pigz bzip2 xz zstd openssl gpg tee")
# Programs after a dump that do not transfer it.
_STAYS = names(
    "echo printf date ls du df wc stat gzip bzip2 xz zstd chmod chown sync sleep true : exit set test [ rm find sha256sum md5sum "
    "mkdir touch"
)


def output_lost_with_pod(s: Subject) -> Iterator[Hit]:
    """A dump or an archive in an emptyDir that no other container mounts, or in no volume at all, and nothing reads it
    afterwards; one finding for each Job."""
    if len(s.mains) != 1 or any(c.role == "sidecar" for c in s.containers):
        return
    for i, container in enumerate(s.containers):
        if container.role != "main":
            continue
        found = mounts(s, container)
        for write in writes_of(s, container, i):
            mount = mount_of(found, clean(write.path))
            if mount is not None and mount.kind != "emptyDir" or not _is_dump(write, mount is None) or not _is_last(s, i, write):
                continue
            where = "the container's filesystem" if mount is None else f'the emptyDir "{mount.volume}"'
            yield command_hit(s, write.at, path=write.path, command=write.text, where=where)
            return


def _is_dump(write: Write, in_image: bool) -> bool:
    """A program that dumps or archives, or one that compresses its output."""
    if write.program in _DUMPS:
        return True
    script, command = write.at.script, write.at.command
    if "manage.py dumpdata" in write.text:
        return True
    if command is not None and write.redirect and write.program in ("kubectl", "oc") and "get" in command.words:
        return in_image and write.path.endswith((".yaml", ".yml", ".json")) and not write.path.startswith("/tmp/")
    if write.program not in _FILTERS or script is None or command is None:
        return False
    before = script.text[: command.start].rpartition("\n")[2]
    return any(word in _DUMPS for word in before.split())


def _is_last(s: Subject, index: int, write: Write) -> bool:
    """Whether everything that runs after a write leaves the file where it is."""
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    script, command = write.at.script, write.at.command
    if script is None or command is None:
        return True
    if len([x for x in s.scripts if x.index == index]) != 1:
        return False
    after = [c for c in commands(script.statements, functions=True) if c.start >= command.end]
    return all(program(c)[0] in _STAYS or not c.words for c in after) and "trap" not in script.text
