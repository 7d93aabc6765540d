"""The report of `check` as Checkstyle's XML, which many CI systems read."""

from __future__ import annotations

from joblint.base.checkout import in_checkout
from joblint.report.check.shown import message, shown
from joblint.report.check.xml import attributes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.result import Report


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the lines of the document: one `file` for each file that has findings."""
    files: dict[str, list[Finding]] = {}
    for finding in shown(report, least):
        files.setdefault(finding.file, []).append(finding)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<checkstyle version="4.3">'
    for file, findings in files.items():
        yield f" <file{attributes(name=in_checkout(file))}>"
        for f in findings:
            values = attributes(
                line=f.span.line,
                column=f.span.column,
                severity=f.severity,
                message=message(f),
                source=f"joblint.{f.rule}.{f.name}",
            )
            yield f"  <error{values}/>"
        yield " </file>"
    yield "</checkstyle>"
