"""Reports on the files of several projects as one; knows reports, no rules and no format."""

from __future__ import annotations

from joblint.base.record import replace
from joblint.run.result import Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.finding import Finding
    from joblint.run.contents import Stdin
    from joblint.run.result import Checked


def together(reports: list[Report], files: tuple[str, ...], stdin: Stdin | None) -> Report:
    """Return one report, in the order of the files; the version is a range if the projects request several. What the first one
    has as well is not kept of the others: a chart may print files that are also checked on their own."""
    first, *others = reports
    printed = {r.file for other in others for r in other.documents} & {d.file for d in first.documents} if others else set()
    if printed:
        objects = {_object(d) for d in first.documents}
        findings = {_finding(f) for f in first.findings if f.file in printed}
        reports = [first]
        for other in others:
            documents = tuple([d for d in other.documents if d.file not in printed or _object(d) not in objects])
            left = tuple([f for f in other.findings if f.file not in printed or _finding(f) not in findings])
            reports.append(replace(other, documents=documents, findings=left))
    order = {stdin.name if file == "-" and stdin is not None else file: i for i, file in enumerate(files)}

    def place(item: Any) -> int:
        return order.get(item.file, 0)

    return Report(
        _versions([r.kubernetes for r in reports]),
        sum([r.files for r in reports]),
        tuple(sorted([d for r in reports for d in r.documents], key=place)),
        tuple(sorted([f for r in reports for f in r.findings], key=place)),
        tuple(sorted([s for r in reports for s in r.skipped], key=place)),
        tuple([c for r in reports for c in r.crashes]),
        tuple([m for r in reports for m in r.missing]),
        ignored=tuple([i for r in reports for i in r.ignored]),
        hidden=tuple([h for r in reports for h in r.hidden]),
        late=_late(reports),
    )


def _object(checked: Checked) -> tuple[str, str | None, str | None, str | None]:
    judged = checked.judged
    return checked.file, judged.kind, judged.namespace, judged.name


def _finding(finding: Finding) -> tuple[str, str, int, int]:
    return finding.file, finding.rule, finding.span.line, finding.span.column


def _late(reports: list[Report]) -> tuple[Finding, ...] | None:
    """What was not reported while the files were checked; of a report of which nothing was, all."""
    if all(r.late is None for r in reports):
        return None
    return tuple([f for r in reports for f in (r.findings if r.late is None else r.late)])


def _versions(ranges: list[str]) -> str:
    """The range that spans versions and ranges such as 1.31..1.33."""
    ends = sorted([end for r in ranges for end in r.split("..")], key=lambda v: int(v[2:]))
    return ends[0] if ends[0] == ends[-1] else f"{ends[0]}..{ends[-1]}"
