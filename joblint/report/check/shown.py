"""What the formats for other programs share: the findings to show and their texts; knows nothing about formats."""

from __future__ import annotations

from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding
    from joblint.run.result import Report


def shown(report: Report, least: str) -> list[Finding]:
    """Return the findings at or above a severity."""
    return [f for f in report.findings if at_least(f.severity, least)]


def message(finding: Finding) -> str:
    """Return the finding's message with its object and the server's other errors, for formats without room for either."""
    title = finding.object.title
    text = " ".join(finding.message.split())
    return "\n".join([f"{title}: {text}" if title else text, *[f"also: {more}" for more in finding.also]])
