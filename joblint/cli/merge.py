"""`joblint merge`: the files of shards in, one check of all their files out."""

from __future__ import annotations

from joblint.cli.check import Call, check
from joblint.cli.console import usage
from joblint.run.contents import read_file
from joblint.run.shard import Merged, ShardError


def merge(call: Call) -> int:
    """Combine shards: the report, and the exit code, of one check of all their files."""
    contents: dict[str, bytes] = {}
    for path in call.paths:
        try:
            contents[path] = read_file(path)
        except OSError as error:
            return usage(f"{path}: {error.strerror or error}")
    try:
        merged = Merged(contents)
    except ShardError as error:
        return usage(str(error))
    return check(call, merged)
