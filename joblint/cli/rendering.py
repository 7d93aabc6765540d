"""Charts among the paths of a check: rendered where the program is there, read as they are where it is not."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.base.files import Found
    from joblint.cli.check import Call
    from joblint.run.check import Report
    from joblint.run.projects import Projects

SIGNS = ("Chart.yaml", ".tgz", ".tar.gz")
"""How the names of files end that ask for rendering."""


def rendered(call: Call, here: Projects, found: Found) -> tuple[Found, tuple[Report, ...]]:
    """What is left of the files, and a report for each chart."""
    from joblint.base.record import replace
    from joblint.cli.output import say
    from joblint.run.render.charts import charts
    from joblint.run.render.check import check_charts
    from joblint.run.render.helm import Asked

    there, rest = charts(found.files)
    if not there:
        return found, ()
    asked = Asked(tuple(call.values), tuple(call.set), call.release)
    told = check_charts(here, there, asked, call.each_values, "info")
    for line in told.said:
        say(line)
    wanted = {*rest, *told.unrendered}
    return replace(found, files=tuple([f for f in found.files if f in wanted])), told.reports
