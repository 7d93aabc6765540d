"""How often each rule found something."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.run.check import Report


def lines(report: Report) -> Iterator[str]:
    """One line a rule, most frequent first."""
    counted: dict[tuple[str, str, str], int] = {}
    for f in report.findings:
        key = (f.rule, f.name, f.severity)
        counted[key] = counted.get(key, 0) + 1
    yield ""
    for (rule, name, severity), n in sorted(counted.items(), key=lambda i: (-i[1], i[0])):
        yield f"{n:>6}  {rule}  {name}  {severity}"
