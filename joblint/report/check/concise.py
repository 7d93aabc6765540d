"""One line a finding, for editors and grep."""

from __future__ import annotations

from joblint.report.check.summary import of_several, summary
from joblint.report.safe import safe
from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.run.check import Report


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """The lines of the report: `file:line:column: severity: message [rule]`, then the summary."""
    several = of_several(report)
    for f in report.findings:
        if at_least(f.severity, least):
            message = safe(" ".join(f.message.split()))
            if f.file in several and f.object.title:
                message = f"{safe(f.object.title)}: {message}"
            yield f"{safe(f.file)}:{f.span.line}:{f.span.column}: {f.severity}: {message} [{f.rule} {f.name}]"
    yield summary(report, least)
