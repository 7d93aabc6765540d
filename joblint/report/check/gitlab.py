"""The report of `check` for GitLab's merge requests: a code quality report.

Source: GitLab documentation, Code Quality, "Code Quality report format".
"""

from __future__ import annotations

from joblint.base.checkout import in_checkout
from joblint.report.check.shown import message, shown
from joblint.report.safe import json_text
from joblint.rules.identity import fingerprint, numbered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.report.style import Style
    from joblint.run.result import Report

SEVERITIES = {"error": "critical", "warning": "major", "info": "info"}


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the report as one JSON text."""
    yield json_text(data(report, least))


def data(report: Report, least: str) -> list[dict[str, Any]]:
    """Return the report as JSON data: one entry for each finding."""
    found = []
    for finding, key, n in numbered(shown(report, least)):
        span = finding.span
        found.append(
            {
                "description": message(finding),
                "check_name": f"{finding.rule} {finding.name}",
                "fingerprint": fingerprint(key, n),
                "severity": SEVERITIES[finding.severity],
                "location": {"path": in_checkout(finding.file), "lines": {"begin": span.line, "end": span.end_line}},
            }
        )
    return found
