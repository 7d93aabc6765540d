"""How often each rule found something."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.run.result import Report


def counts(report: Report) -> list[tuple[str, str, str, int]]:
    """Return rule, name, severity and number of findings, most frequent first."""
    counted: dict[tuple[str, str, str], int] = {}
    for f in report.findings:
        key: tuple[str, str, str] = (f.rule, f.name, f.severity)
        counted[key] = counted.get(key, 0) + 1
    for key, n in report.hidden:
        counted[key] = counted.get(key, 0) + n
    return [(*key, n) for key, n in sorted(counted.items(), key=lambda i: (-i[1], i[0]))]


def lines(report: Report) -> Iterator[str]:
    """Return one line for each rule, most frequent first."""
    yield ""
    for rule, name, severity, n in counts(report):
        yield f"{n:>6}  {rule}  {name}  {severity}"


def json_with_counts(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the report as JSON, with `statistics`."""
    from joblint.report.check.json import data
    from joblint.report.safe import json_text

    rows = [{"rule": rule, "name": name, "severity": severity, "count": n} for rule, name, severity, n in counts(report)]
    yield json_text(data(report, least) | {"statistics": rows})
