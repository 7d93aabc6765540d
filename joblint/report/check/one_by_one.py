"""Formats that can report a finding without knowing the others: what they have for it, and a report told so; does not know any
format."""

from __future__ import annotations

from joblint.report.check.summary import of_several

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from typing import Protocol

    from joblint.rules.finding import Finding
    from joblint.run.result import Report

    class Lines(Protocol):
        """What such a format has."""

        def of(self, finding: Finding, several: bool) -> Iterator[str]:
            """The lines of a finding; `several`: its file holds several objects."""
            ...

        def last(self, report: Report) -> Iterator[str]:
            """What comes after the findings."""
            ...


def lines_of_findings(report: Report, lines: Lines, shown: AbstractSet[int] = frozenset()) -> Iterator[str]:
    """The lines of the findings; `shown` are those (by `id`) that were reported before."""
    several = of_several(report)
    for finding in report.findings:
        if id(finding) not in shown:
            yield from lines.of(finding, finding.file in several)


def lines_of_report(report: Report, lines: Lines) -> Iterator[str]:
    """The lines of the findings, and what comes after them."""
    yield from lines_of_findings(report, lines)
    yield from lines.last(report)
