"""Annotations of GitHub Actions, with the rest as text past the ten of a kind that GitHub shows.

Source: GitHub, Workflow commands for GitHub Actions; actions/toolkit, packages/core/src/command.ts (what is escaped).
"""

from __future__ import annotations

from joblint.base.checkout import in_checkout
from joblint.report.check.shown import message
from joblint.report.check.summary import plural, summary
from joblint.report.remedy import as_typed
from joblint.report.safe import safe, safe_output
from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.result import Report

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
SHOWN = 10
"""How many annotations of a kind GitHub shows for one step; it drops the others silently."""


class Lines:
    """Annotations of findings as they come: the first ten of a kind; the others follow as text in a collapsed group."""

    def __init__(self, least: str, style: Style) -> None:
        self._least = least
        self._rest: list[Finding] = []
        self._count = dict.fromkeys(COMMANDS, 0)

    def of(self, finding: Finding, several: bool) -> Iterator[str]:
        """Return the annotation of a finding, nothing if it belongs in the group."""
        if not at_least(finding.severity, self._least):
            return
        self._count[finding.severity] += 1
        if self._count[finding.severity] <= SHOWN:
            yield annotation(finding, COMMANDS[finding.severity], in_checkout(finding.file))
        else:
            self._rest.append(finding)

    def last(self, report: Report) -> Iterator[str]:
        """Return the group, and the summary."""
        order = list(COMMANDS)
        rest = sorted(self._rest, key=lambda f: order.index(f.severity))
        if rest:
            yield f"::group::joblint: {plural(len(rest), 'more finding')} (GitHub annotates at most {SHOWN} of each severity)"
            for f in rest:
                place = f"{safe(in_checkout(f.file))}:{f.span.line}:{f.span.column}"
                text = safe(" ".join(message(f).split("\n")))
                yield safe_output(f"{place}: {f.severity}: {text} [{f.rule} {f.name}]")
            yield "::endgroup::"
        yield safe_output(summary(report, self._least))


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the lines of the report, the most severe findings first."""
    lines = Lines(least, style)
    for severity in COMMANDS:
        for finding in report.findings:
            if finding.severity == severity:
                yield from lines.of(finding, False)
    yield from lines.last(report)


def annotation(finding: Finding, command: str, file: str) -> str:
    """Return the workflow command of one finding."""
    span = finding.span
    values = {"file": file, "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:  # GitHub accepts columns only within one line
        values |= {"col": str(span.column), "endColumn": str(span.end_column)}
    values["title"] = f"{finding.rule} {finding.name}"
    text = message(finding)
    if finding.fix_text:
        text += "\n\n" + "\n".join(as_typed(finding.fix_text))
    properties = ",".join([f"{k}={_property(v)}" for k, v in values.items()])
    return f"::{command} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return "%0A".join([safe(line).replace("%", "%25") for line in text.split("\n")])


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
