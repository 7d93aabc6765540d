"""One line for each finding, for editors and grep."""

from __future__ import annotations

from joblint.report.check.one_by_one import lines_of_report
from joblint.report.check.summary import summary
from joblint.report.safe import safe
from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.result import Report


class Lines:
    """The lines of findings as they come: `file:line:column: severity: message [rule]`."""

    def __init__(self, least: str, style: Style) -> None:
        self._least = least

    def of(self, finding: Finding, several: bool) -> Iterator[str]:
        """Return the line of a finding; `several`: its file contains several objects, so the object is included."""
        f = finding
        if at_least(f.severity, self._least):
            message = safe(" ".join(f.message.split()))
            if several and f.object.title:
                message = f"{safe(f.object.title)}: {message}"
            yield f"{safe(f.file)}:{f.span.line}:{f.span.column}: {f.severity}: {message} [{f.rule} {f.name}]"

    def last(self, report: Report) -> Iterator[str]:
        """Return what comes after the findings."""
        yield summary(report, self._least)


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the lines of the report, then the summary."""
    return lines_of_report(report, Lines(least, style))
