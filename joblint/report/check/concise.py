"""One line a finding, for editors and grep."""

from __future__ import annotations

from joblint.report.check.summary import of_several, summary
from joblint.report.safe import safe
from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.check import Report


class Lines:
    """The lines of findings as they come: `file:line:column: severity: message [rule]`."""

    def __init__(self, least: str, style: Style) -> None:
        self._least = least

    def of(self, finding: Finding, several: bool) -> Iterator[str]:
        """The line of a finding; `several`: its file holds several objects, so it is told whose it is."""
        f = finding
        if at_least(f.severity, self._least):
            message = safe(" ".join(f.message.split()))
            if several and f.object.title:
                message = f"{safe(f.object.title)}: {message}"
            yield f"{safe(f.file)}:{f.span.line}:{f.span.column}: {f.severity}: {message} [{f.rule} {f.name}]"

    def last(self, report: Report) -> Iterator[str]:
        """What comes after the findings."""
        yield summary(report, self._least)


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """The lines of the report, then the summary."""
    lines = Lines(least, style)
    several = of_several(report)
    for finding in report.findings:
        yield from lines.of(finding, finding.file in several)
    yield from lines.last(report)
