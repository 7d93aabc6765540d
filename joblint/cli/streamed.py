"""Findings on standard output as they come, in the formats that can do so; writes, and knows no checks."""

from __future__ import annotations

from joblint.cli.output import HUMAN, OutputError, say, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Protocol

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.check import Report

    class Lines(Protocol):
        """What the reporters `text`, `concise` and `github` have for it."""

        def of(self, finding: Finding, several: bool) -> Iterator[str]:
            """The lines of a finding; `several`: its file holds several objects."""
            ...

        def last(self, report: Report) -> Iterator[str]:
            """What comes after the findings."""
            ...


def lines_of(format: str, least: str, style: Style) -> Lines | None:
    """The reporter of a format that tells of a finding without knowing the others; None for other formats."""
    if format == "text":
        from joblint.report.check import text

        return text.Lines(least, style)
    if format == "concise":
        from joblint.report.check import concise

        return concise.Lines(least, style)
    if format == "github":
        from joblint.report.check import github

        return github.Lines(least, style)
    return None


class Streamed:
    """Writes findings as they come, and what is left in the end. `before` is called before each write."""

    def __init__(self, lines: Lines, format: str, quiet: bool, before: Callable[[], None]) -> None:
        self._lines = lines
        self._human = format in HUMAN
        self._quiet = quiet and self._human
        self._before = before
        self._shown: set[int] = set()
        self.well = True

    def watch(self, findings: list[Finding], several: bool) -> None:
        """Writes the findings of a file; see joblint.run.check.check_files."""
        self._shown.update(map(id, findings))
        self._write([line for f in findings for line in self._lines.of(f, several)])

    def end(self, report: Report) -> bool:
        """Writes what the report holds besides; whether all of it could be written."""
        from joblint.report.check.summary import of_several

        several = of_several(report)
        rest = [f for f in report.findings if id(f) not in self._shown]
        lines = [line for f in rest for line in self._lines.of(f, f.file in several)]
        self._write(lines if self._quiet else [*lines, *self._lines.last(report)])
        return self.well

    def _write(self, lines: list[str]) -> None:
        if not lines or not self.well:
            return
        self._before()
        try:
            write(lines, utf8=not self._human)
        except OutputError as error:
            say(f"joblint: {error}")
            self.well = False
