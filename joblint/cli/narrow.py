"""What is removed from a check's report, or done instead of showing it: baselines, --since, ignores; no format."""

from __future__ import annotations

from joblint.cli.revision import RevisionError
from joblint.rules.finding import at_least
from joblint.run.baseline import NAME, BaselineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.base.files import Found
    from joblint.cli.check import Call
    from joblint.run.projects import Project
    from joblint.run.result import Report


class Wrong(Exception):
    """A baseline or a revision that is not available; the text is for a person."""


def narrowed(call: Call, report: Report, found: Found, projects: tuple[Project, ...], least: str, baseline: str) -> Report | int:
    """Return the report without what was not requested, or an exit code if it is used for something else. Raises Wrong."""
    try:
        if call.no_verdict:
            from joblint.run.result import without_verdict

            report = without_verdict(report)
        if call.since:
            from joblint.cli.since import since

            report = since(report, call.since, found.files)
        if call.write_baseline:
            from joblint.cli.baseline import write_baseline

            return write_baseline(report, baseline or NAME)
        if baseline:
            from joblint.cli.baseline import held_against, load

            paths = call.paths or (".",)
            setting = "" if call.baseline else next((p.settings.file for p in projects if p.settings.baseline), "")
            report = held_against(report, load(baseline, setting), baseline, projects, paths, call.update_baseline)
    except (RevisionError, BaselineError) as error:
        raise Wrong(str(error)) from None
    except OSError as error:
        raise Wrong(f"{baseline}: {error.strerror or error}") from None
    if call.add_ignores:
        from joblint.cli.ignore import add_ignores

        return add_ignores([f for f in report.findings if at_least(f.severity, least)], call.reason, call.until)
    return report
