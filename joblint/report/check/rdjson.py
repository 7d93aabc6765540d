"""The report of `check` for reviewdog (`-f=rdjson`), with fixes as suggestions.

Source: reviewdog v0.21, proto/rdf/reviewdog.proto: columns count the bytes of UTF-8, from 1, and ends are exclusive.
"""

from __future__ import annotations

from joblint.base.content import small
from joblint.report.check.shown import message, shown
from joblint.report.safe import json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.result import Report

SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the report as one JSON text."""
    yield json_text(data(report, least))


def data(report: Report, least: str) -> dict[str, Any]:
    """Return the report as JSON data."""
    texts = _Texts()
    return {
        "source": {"name": "joblint", "url": "https://github.com/joblint/joblint"},
        "diagnostics": [_diagnostic(f, texts) for f in shown(report, least)],
    }


class _Texts:
    """The lines of the files with findings, read again if a line is needed that the finding does not contain."""

    def __init__(self) -> None:
        self._read: dict[str, list[str] | None] = {}

    def line(self, finding: Finding, number: int) -> str | None:
        """Return a line without its end, None if it is not available."""
        for n, text in finding.excerpt:
            if n == number:
                return text
        lines = self._lines(finding.file)
        if lines is None or not 1 <= number <= len(lines):
            return "" if lines is not None and number == len(lines) + 1 else None
        return lines[number - 1]

    def _lines(self, file: str) -> list[str] | None:
        if file not in self._read:
            try:
                self._read[file] = [line.rstrip("\r") for line in small(file).decode().split("\n")]
            except (OSError, ValueError):
                self._read[file] = None
        return self._read[file]


def _diagnostic(finding: Finding, texts: _Texts) -> dict[str, Any]:
    span = finding.span
    found: dict[str, Any] = {
        "message": message(finding),
        "location": {
            "path": finding.file,
            "range": _range(finding, texts, (span.line, span.column), (span.end_line, span.end_column)),
        },
        "severity": SEVERITIES[finding.severity],
        "code": {"value": finding.rule, **({"url": finding.url} if finding.url else {})},
    }
    suggestion = _suggestion(finding, texts)
    if suggestion is not None:
        found["suggestions"] = [suggestion]
    return found


def _range(finding: Finding, texts: _Texts, start: tuple[int, int], end: tuple[int, int]) -> dict[str, Any]:
    return {"start": _position(finding, texts, start), "end": _position(finding, texts, end)}


def _position(finding: Finding, texts: _Texts, place: tuple[int, int]) -> dict[str, int]:
    line, column = place
    text = texts.line(finding, line)
    if text is not None:
        column = len(text[: column - 1].encode("utf-8", "surrogateescape")) + 1
    return {"line": line, "column": column}


def _suggestion(finding: Finding, texts: _Texts) -> dict[str, Any] | None:
    """The fix as one stretch with its new text: reviewdog treats several suggestions as alternatives."""
    if finding.fix is None or not finding.fix.edits:
        return None
    edits = sorted(finding.fix.edits, key=lambda e: (e.line, e.column))
    place = (edits[0].line, edits[0].column)
    parts: list[str] = []
    for edit in edits:
        between = _between(finding, texts, place, (edit.line, edit.column))
        if between is None:
            return None
        parts += [between, edit.text]
        place = (edit.end_line, edit.end_column)
    return {"range": _range(finding, texts, (edits[0].line, edits[0].column), place), "text": "".join(parts)}


def _between(finding: Finding, texts: _Texts, start: tuple[int, int], end: tuple[int, int]) -> str | None:
    """The text between two positions; None if a line of it is not available, or if they overlap."""
    if start == end:
        return ""
    if start > end:
        return None
    lines = [texts.line(finding, n) for n in range(start[0], end[0] + 1)]
    if any(line is None for line in lines):
        return None
    found = [line or "" for line in lines]
    found[-1] = found[-1][: end[1] - 1]
    found[0] = found[0][start[1] - 1 :]
    return "\n".join(found)
