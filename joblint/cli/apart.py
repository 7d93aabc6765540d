"""A check that is not made by one machine alone: a shard, shards that are merged, a Dask cluster; does not know any rules or
formats."""

from __future__ import annotations

from joblint.cli.console import USAGE, usage
from joblint.cli.output import say
from joblint.run.shard import Merged, Recorder, Shard, ShardError, read_shard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from joblint.base.files import Found
    from joblint.cli.check import Call
    from joblint.cli.outputs import Output
    from joblint.configuration.settings import Config
    from joblint.run.cache import Cache
    from joblint.run.elsewhere import Elsewhere
    from joblint.run.projects import Project, Projects

    class Report(Protocol):
        """Checks and writes; see joblint.cli.check."""

        def __call__(
            self,
            call: Call,
            found: Found,
            projects: tuple[Project, ...],
            settings: Config,
            wanted: tuple[Output, ...],
            cache: Cache | None = None,
            *,
            elsewhere: Elsewhere | None = None,
        ) -> int:
            """The exit status."""


def apart(
    call: Call,
    found: Found,
    projects: tuple[Project, ...],
    settings: Config,
    wanted: tuple[Output, ...],
    merged: Merged | None,
    report: Report,
) -> int:
    """The exit status of a check whose files are worked over elsewhere, or of a part of one."""
    if merged is not None:
        try:
            return report(call, found, projects, settings, wanted, elsewhere=merged)
        except ShardError as error:
            return usage(str(error))
    if call.dask:
        from joblint.run.dasked import DaskError, on_dask

        try:
            with on_dask(call.dask, call.jobs) as cluster:
                return report(call, found, projects, settings, wanted, elsewhere=cluster)
        except DaskError as error:
            return usage(str(error))
    shard = read_shard(call.shard) if call.shard else Shard(0, 1)
    recorder = Recorder(call.jobs)
    status = report(call, found, projects, settings, wanted, elsewhere=recorder)
    if call.shard_file:
        from joblint.base.whole import write_whole
        from joblint.report.safe import safe

        try:
            write_whole(call.shard_file, recorder.text(shard, found, found.files))
        except OSError as error:
            say(f"joblint: {safe(call.shard_file)}: {error.strerror or error}")
            status = max(status, USAGE)
    return status


def find_anywhere(here: Projects, paths: tuple[str, ...], force_exclude: bool) -> Found:
    """The files behind paths and URLs, in the order in which they are named."""
    from joblint.base.files import Found
    from joblint.run.remote import find_url, is_url

    parts = [find_url(p) if is_url(p) else here.find((p,), force_exclude) for p in paths]
    files = {f: None for part in parts for f in part.files}
    return Found(tuple(files), tuple([m for p in parts for m in p.missing]), tuple([s for p in parts for s in p.passed]))
