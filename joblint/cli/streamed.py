"""Findings on standard output as they come, in the formats that support it; writes, and knows nothing about checks."""

from __future__ import annotations

from joblint.cli.output import HUMAN, OutputError, say, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.report.check.one_by_one import Lines
    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.result import Report


def lines_of(format: str, least: str, style: Style) -> Lines | None:
    """Return the reporter of a format that can report a finding without knowing the others; None for other formats."""
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
    """Writes findings as they come, and the rest at the end. `before` is called before each write."""

    def __init__(self, lines: Lines, format: str, quiet: bool, before: Callable[[], None]) -> None:
        self._lines = lines
        self._human = format in HUMAN
        self._quiet = quiet and self._human
        self._before = before
        self._failed: list[Exception] = []
        self.well = True

    def watch(self, findings: list[Finding], several: bool) -> None:
        """Write the findings of a file; see joblint.run.check.check_files."""
        from joblint.report.check.one_by_one import lines_of

        self._write([line for f in findings for line in lines_of(self._lines, f, several, self._failed)])

    def end(self, report: Report) -> bool:
        """Write what the report contains in addition; return whether everything was written. Raises what joblint raised while
        it showed a finding."""
        from joblint.report.check.one_by_one import lines_of_findings

        late = report.findings if report.late is None else report.late
        lines = list(lines_of_findings(report, late, self._lines, self._failed)) if late else []
        self._write(lines if self._quiet else [*lines, *self._lines.last(report)])
        if self._failed:
            raise self._failed[0]
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
