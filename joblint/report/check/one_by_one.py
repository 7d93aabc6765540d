"""Formats that can report a finding without knowing the others: their interface, and a report in such a format; knows no
format."""

from __future__ import annotations

from joblint.report.check.summary import of_several

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Protocol

    from joblint.rules.finding import Finding
    from joblint.run.result import Report

    class Lines(Protocol):
        """The interface of such a format."""

        def of(self, finding: Finding, several: bool) -> Iterator[str]:
            """Return the lines of a finding; `several`: its file contains several objects."""
            ...

        def last(self, report: Report) -> Iterator[str]:
            """Return what comes after the findings."""
            ...


def lines_of_findings(report: Report, findings: Iterable[Finding], lines: Lines, failed: list[Exception]) -> Iterator[str]:
    """Return the lines of some of a report's findings. Errors are added to `failed`."""
    several = of_several(report)
    for finding in findings:
        yield from lines_of(lines, finding, finding.file in several, failed)


def lines_of(lines: Lines, finding: Finding, several: bool, failed: list[Exception]) -> list[str]:
    """Return the lines of a finding, or one that names it if joblint fails to show it; the error is added to `failed`."""
    try:
        return list(lines.of(finding, several))
    except MemoryError:
        raise
    except Exception as error:
        from joblint.report.safe import safe

        failed.append(error)
        return [f"{safe(finding.file)}:{finding.span.line}: {finding.rule}: joblint cannot show this finding"]


def lines_of_report(report: Report, lines: Lines) -> Iterator[str]:
    """Return the lines of the findings, and what comes after them."""
    failed: list[Exception] = []
    yield from lines_of_findings(report, report.findings, lines, failed)
    yield from lines.last(report)
    if failed:
        raise failed[0]
