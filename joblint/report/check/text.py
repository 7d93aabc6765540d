"""Findings for a person: the lines of the manifest with the span underlined, what will happen, why, what to type."""

from __future__ import annotations

from joblint.report.check.one_by_one import lines_of_report
from joblint.report.check.summary import summary
from joblint.report.remedy import as_typed
from joblint.report.safe import safe, safe_line
from joblint.report.style import CONFIDENCE, SEVERITY
from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.result import Report


class Lines:
    """The lines of findings as they come. The reason of a rule is printed with its first finding only, the fix each time."""

    def __init__(self, least: str, style: Style) -> None:
        self._least = least
        self._style = style
        self._told: set[str] = set()

    def of(self, finding: Finding, several: bool) -> Iterator[str]:
        """Return the lines of a finding; `several`: its file contains several objects, so the object is included."""
        if at_least(finding.severity, self._least):
            yield from _finding(finding, self._style, finding.name not in self._told, several)
            self._told.add(finding.name)
            yield ""

    def last(self, report: Report) -> Iterator[str]:
        """Return what comes after the findings."""
        if report.files or report.findings or not report.missing:  # otherwise the errors about the paths say it all
            yield summary(report, self._least)


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the lines of the report."""
    return lines_of_report(report, Lines(least, style))


def _finding(finding: Finding, style: Style, first: bool, several: bool) -> Iterator[str]:
    colour = SEVERITY[finding.severity]
    place = f"{safe(finding.file)}:{finding.span.line}:{finding.span.column}"
    sure = f" ({CONFIDENCE[finding.confidence]})" if finding.confidence != "certain" else ""
    severity = style.paint(finding.severity, colour, "bold") + sure
    yield f"{style.paint(place, 'bold')}  {severity}  {finding.name}  {style.paint(finding.rule, 'dim')}"
    if several and finding.object.title:
        source = f" (from {finding.object.source})" if finding.object.source and finding.source is None else ""
        yield style.paint(f"  {safe(finding.object.title + source)}", "bold")
    yield from _wrapped(safe_text(finding.message), "  ", "  ", style)
    for more in finding.also:
        yield from _wrapped(f"also: {safe(more)}", "  ", "        ", style)
    yield ""
    yield from _excerpt(finding, style, colour)
    if first and finding.why:
        yield from _section("why", _reflowed(finding.why), style)
    if finding.fix_text:
        yield from _section("fix", "\n".join(as_typed(finding.fix_text, style.width - 8)), style)


def _excerpt(finding: Finding, style: Style, colour: str) -> Iterator[str]:
    if not finding.excerpt:
        return
    span = finding.span
    digits = max(3, len(str(finding.excerpt[-1][0])))
    bar, mark = ("│", "━") if style.boxes else ("", "^")
    most = style.width * 2
    # Of a line that is too long, the part around the span is shown; the lines around it begin at the same column.
    first = (
        0 if max(span.column, span.end_column if span.end_line == span.line else 0) <= most else span.column - style.width // 2
    )
    for number, text in finding.excerpt:
        if first >= len(text) and number != span.line:
            continue
        shown = safe_line(text[first : first + most])
        if len(shown) > most or len(text) > first + most:
            shown = shown[:most] + " …"
        lead = "… " if first else ""
        yield f" {style.paint(f'{number:>{digits}} {bar}', 'dim')} {lead}{shown}".rstrip()
        if number == span.line:
            end = min(span.end_column if span.end_line == span.line else len(text) + 1, span.column + style.width)
            # Positions count characters of the manifest; escapes before the span shift it to the right.
            start = len(lead) + len(safe_line(text[first : span.column - 1]))
            length = max(1, len(safe_line(text[span.column - 1 : end - 1])))
            under = mark * min(length, style.width)
            said = style.paint(f"{under} {safe(finding.label)}".rstrip(), colour)
            yield f" {style.paint(' ' * digits + ' ' + bar, 'dim')} {' ' * start}{said}"
    yield ""


def _section(title: str, text: str, style: Style) -> Iterator[str]:
    head = f"  {style.paint(f'{title:<4}', 'cyan')}  "
    for paragraph in text.split("\n"):
        lines = _wrapped(safe_text(paragraph), "", "", style, 8) if not paragraph.startswith(" ") else [safe(paragraph)]
        for line in lines:
            yield (head + line).rstrip()
            head = " " * 8


def _reflowed(text: str) -> str:
    """Prose without the line breaks of its file; blank lines and indented lines are kept."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and line and lines[-1] and not line.startswith(" "):
            lines[-1] += " " + line
        else:
            lines.append(line)
    return "\n".join(lines)


def safe_text(text: str) -> str:
    """Return joblint's own text, which may quote a manifest: line breaks are kept, other control characters are escaped."""
    return "\n".join([safe(line) for line in text.split("\n")])


def _wrapped(text: str, first: str, rest: str, style: Style, taken: int = 0) -> list[str]:
    if len(text) + len(first) + taken <= style.width:
        return [first + text]
    from joblint.base.wrapped import wrapped

    return wrapped(text, style.width - taken, first, rest) or [first]
