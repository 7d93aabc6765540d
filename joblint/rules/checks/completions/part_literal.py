"""A number of a part that is a constant, so that all Pods do the same part; knows subjects."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import short
from joblint.rules.workload.indexes import INDEX_MARKS, PARTS, indexes
from joblint.rules.workload.options import INDEX_NAMES, counted, numbered, options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.options import Option, Options

_NUMBERS = names("shard shardid shardindex shardidx shardnumber shardno partindex partid chunkindex chunkid sliceindex sliceid")

_NUMBERED = PARTS | names("rank worker node task")
# Programs that read no variable of Kubernetes; any other program may read the index by itself.
_KNOWN = names(
    "pg_dump pg_dumpall pg_restore psql mysqldump mysql mariadb mariadb-dump mongodump mongorestore redis-cli aws gsutil gcloud "
    "az kubectl oc restic rclone rsync tar wget curl scp ssh mc s3cmd etcdctl"
)


def shard_number_literal(s: Subject) -> Iterator[Hit]:
    """The number of a part is a constant, so that every Pod of the Job does the same part."""
    pods = max(indexes(s), s.spec.get("completions") or 0, s.prediction.at_once)
    for i, container in enumerate(s.containers):
        if pods < 2 or container.role != "main":
            continue
        found = options_of(s, container, i)
        by_index = {numbered(o.name) for o in found.options if found.holds_index(o.value)}
        totals = {counted(o.name) for o in found.options if o.value.isdecimal()}
        for option in found.options:
            part = numbered(option.name)
            if not option.value.isdecimal() or len(option.value) > 6 or part in by_index or counted(option.name) in by_index:
                continue
            plain = option.name == part and part not in ("shard", "rank", "partition")
            if option.name in _NUMBERS or part in totals and part in _NUMBERED and not plain:
                yield s.hit(option.field, told=option.told, pods=pods, number=option.value, variable=_variable(option, found))
                return
        if indexes(s) and not any(mark in str(s.pod) for mark in INDEX_MARKS):
            for word, field in _words(s, i):
                number = _part_in_path(word)
                if number:
                    folder, slash, name = word.rpartition("/")
                    better = folder + slash + name.replace(number, f"$({INDEX_NAMES[0]})", 1)
                    yield s.hit(field, told=short(word), pods=pods, number=number, variable=better)
                    return


def _words(s: Subject, index: int) -> Iterator[tuple[str, str]]:
    """The words of a container's command and of its scripts, with their fields."""
    from joblint.shell.syntax import commands

    run = s.runs[index]
    if run.script < 0:
        yield from zip(run.words, run.fields, strict=False)
    for script in s.scripts:
        if script.index == index:
            for command in commands(script.statements, functions=True):
                for text in command.texts:
                    yield text.strip("\"'"), script.field


def _part_in_path(word: str) -> str:
    """The number in the name of an input such as /data/part-0.csv, shard_00.json; "" if it has none."""
    name = word.rpartition("/")[2].partition(".")[0].lower()
    stem = name.rstrip("0123456789")
    number = name[len(stem) :]
    return number if number and len(number) < 6 and stem[-1:] in ("-", "_") and stem[:-1] in PARTS and "." in word else ""


def _variable(option: Option, found: Options) -> str:
    return option.told.replace(option.value, f"$({INDEX_NAMES[0]})") if option.told.count(option.value) == 1 else INDEX_NAMES[0]
