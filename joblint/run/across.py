"""Checking against a range of Kubernetes versions: where it breaks; knows reports, no rules and no format."""

from __future__ import annotations

from joblint.base.record import replace
from joblint.rules.finding import noted
from joblint.rules.ignores.settle import UNUSED
from joblint.run.check import check_files
from joblint.run.contents import read_pipes
from joblint.run.result import Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.run.cache import Cache
    from joblint.run.contents import Stdin
    from joblint.run.elsewhere import Elsewhere


def across(
    engines: tuple[Engine, ...],
    files: tuple[str, ...],
    jobs: int,
    stdin: Stdin | None,
    cache: Cache | None = None,
    elsewhere: Elsewhere | None = None,
) -> Report:
    """Return one report for several versions: the newest one's documents, the findings of all.

    A finding that not every version has lists those that have it.
    """
    pipes = read_pipes(files) if elsewhere is None else {}
    reports = [check_files(e, files, jobs, stdin, "info", cache, pipes, elsewhere=elsewhere) for e in engines]
    versions = [e.version for e in engines]
    seen: dict[tuple[object, ...], tuple[Finding, list[int]]] = {}
    for n, report in enumerate(reports):
        for f in report.findings:
            key = (f.file, f.document, f.rule, f.field, f.message)
            if key not in seen:
                seen[key] = (f, [])
            if n not in seen[key][1]:
                seen[key][1].append(n)
    findings = []
    for finding, found in seen.values():
        if len(found) < len(reports):
            if finding.name == UNUSED:  # it has its effect in another version
                continue
            where = _named(found, versions)
            finding = replace(finding, message=noted(finding.message, f"applies to Kubernetes {where}"))
        findings.append(finding)
    order = {file: i for i, file in enumerate(files)}
    findings.sort(key=lambda f: (order.get(f.file, 0), f.span.line, f.span.column, f.rule))
    newest = reports[-1]
    return replace(
        newest,
        kubernetes=f"{versions[0]}..{versions[-1]}",
        findings=tuple(findings),
        crashes=tuple([c for r in reports for c in r.crashes]),
    )


def _named(found: list[int], versions: list[str]) -> str:
    """The versions at these positions, neighbors as `1.31 to 1.33`."""
    runs: list[list[int]] = []
    for n in found:
        if runs and runs[-1][-1] == n - 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join([versions[r[0]] if len(r) == 1 else f"{versions[r[0]]} to {versions[r[-1]]}" for r in runs])
