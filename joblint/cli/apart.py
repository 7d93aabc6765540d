"""A check that runs on more than one machine: a shard, shards that are merged, a Dask cluster; does not know any rules or
formats."""

from __future__ import annotations

import os

from joblint.base.record import replace
from joblint.cli.console import USAGE, usage
from joblint.cli.output import say
from joblint.run.shard import Merged, Outside, Recorder, Shard, ShardError, key_of, read_shard

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
    from joblint.run.render.charts import Chart
    from joblint.run.render.check import Rendering
    from joblint.run.result import Report as Result

    class Report(Protocol):
        """Checks and writes a report; see joblint.cli.check."""

        def __call__(
            self,
            call: Call,
            found: Found,
            projects: tuple[Project, ...],
            settings: Config,
            wanted: tuple[Output, ...],
            cache: Cache | None = None,
            rendered: tuple[Result, ...] = (),
            elsewhere: Elsewhere | None = None,
        ) -> int:
            """Return the exit code."""


def apart(call: Call, here: Projects, found: Found, wanted: tuple[Output, ...], merged: Merged | None, report: Report) -> int:
    """The exit code of a check whose files are worked over elsewhere, or of a part of one. Raises what `Projects` does."""

    def told(found: Found, rendered: tuple[Result, ...], elsewhere: Elsewhere) -> int:
        projects = here.shared_out(found.files)
        settings = projects[0].settings if len(projects) == 1 else here.settings()
        return report(call, found, projects, settings, wanted, rendered=rendered, elsewhere=elsewhere)

    if merged is not None:
        try:
            reports, said = merged.rendered(_asked(call), lambda path: _key(here, path))
            for line in said:
                say(line)
            return told(found, reports, merged)
        except ShardError as error:
            return usage(str(error))
    if call.dask:
        from joblint.cli.rendering import asks_for_rendering, rendered
        from joblint.run.dasked import DaskError, on_dask

        try:
            with on_dask(call.dask, call.jobs) as cluster:
                reports = ()
                if asks_for_rendering(found.files):
                    _tell_far_charts(found.files)
                    found, reports = rendered(call, here, found, cluster.renderings)
                return told(found, reports, cluster)
        except DaskError as error:
            return usage(str(error))
    shard = read_shard(call.shard) if call.shard else Shard(0, 1)
    recorder = Recorder(call.jobs)
    own, left, outside = _of_shard(call, here, found, shard)
    status = told(left, (*[c.report for c, _, _ in outside.charts if c.report is not None], *outside.overlays), recorder)
    if call.shard_file:
        from joblint.base.whole import write_whole
        from joblint.report.safe import safe

        try:
            places = {file: i for i, file in enumerate(found.files)}
            write_whole(call.shard_file, recorder.text(shard, found, own, places, outside))
        except OSError as error:
            say(f"joblint: {safe(call.shard_file)}: {error.strerror or error}")
            status = max(status, USAGE)
    return status


def _of_shard(call: Call, here: Projects, found: Found, shard: Shard) -> tuple[tuple[str, ...], Found, Outside]:
    """The files of a shard outside of charts, all that it reads, and what it renders: every n-th chart or chart around
    templates, and the first one the overlays, which all of them build, to know which files these contain."""
    from joblint.cli.rendering import asked_of, asks_for_rendering, built_overlays, outside_of, patch_reports

    if not asks_for_rendering(found.files):
        own = shard.of(found.files)
        return own, replace(found, files=own), Outside((), (), (), _asked(call))
    from joblint.run.render.charts import charts
    from joblint.run.render.check import read_instead, rendering, task_of, told
    from joblint.run.render.single import Around, charts_around, covered, template_rendering

    overlays = built_overlays(call, here)
    there, rest = charts(outside_of(overlays, found.files))
    around = charts_around(rest)
    inside = {file for one in around for file in one.files}
    rest = tuple([file for file in rest if file not in inside])
    renderings: list[Rendering] = []
    left: list[list[str]] = []
    both: list[Chart | Around] = [*there, *around]
    for one in both[shard.index :: shard.count]:
        if isinstance(one, Around):
            made = template_rendering(here, one, asked_of(call), call.each_values)
            done = covered((made.report,) if made.report is not None else ())
            left.append([file for file in one.files if file not in done])
        else:
            made = rendering(task_of(here, one, asked_of(call), call.each_values))
            left.append(read_instead(made))
        renderings.append(made)
    built = (*overlays.reports, *patch_reports(here, outside_of(overlays, found.files)))
    own = shard.of(rest)
    instead = [tuple(files) for files in left]
    is_first = shard.index == 0
    outside = Outside(
        tuple([(one, _key(here, one.chart.path), files) for one, files in zip(renderings, instead, strict=True)]),
        built if is_first else (),
        overlays.said if is_first else (),
        _asked(call),
    )
    for line in (*told(renderings).said, *outside.said):
        say(line)
    wanted = {*own, *[file for files in instead for file in files]}
    return own, replace(found, files=tuple([f for f in found.files if f in wanted])), outside


def _asked(call: Call) -> tuple[object, ...]:
    """The options that say how to render, as a shard's file contains them."""
    return (*[list(v) for v in (call.values, call.set)], call.release, call.each_values, call.no_render)


def _key(here: Projects, chart: str) -> str:
    """A name for the settings of a chart."""
    projects = here.shared_out(("-",), os.path.join(chart, "Chart.yaml"))
    return "".join([key_of(engine) for project in projects for engine in project.engines])


def _tell_far_charts(files: tuple[str, ...]) -> None:
    """Name charts behind URLs: helm needs their files on its machine."""
    from joblint.report.safe import safe
    from joblint.run.remote import is_url

    for file in files:
        folder, slash, name = file.partition("::")[0].rpartition("/")
        if name == "Chart.yaml" and is_url(file) and any(f.startswith(f"{folder}{slash}templates/") for f in files):
            say(f"joblint: {safe(file)}: charts behind a URL are not rendered; their templates are read without rendering")


def find_anywhere(here: Projects, paths: tuple[str, ...], force_exclude: bool) -> Found:
    """Return the files behind paths and URLs, in the order in which they were specified."""
    from joblint.base.files import Found
    from joblint.run.remote import find_url, is_url

    parts = [find_url(p) if is_url(p) else here.find((p,), force_exclude) for p in paths]
    files = {f: None for part in parts for f in part.files}
    return Found(tuple(files), tuple([m for p in parts for m in p.missing]), tuple([s for p in parts for s in p.passed]))
