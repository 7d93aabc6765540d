"""The report of `check` as JUnit XML: a suite for each file, a case for each object.

Source: the attributes and elements in the testmoapp/junitxml description; the cases are like those of kubeconform.
"""

from __future__ import annotations

from joblint.report.check.shown import message, shown
from joblint.report.check.xml import attributes, escaped
from joblint.report.remedy import as_typed
from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.result import Report

    Key = tuple[int, str | None, str | None, str | None]


class _Case:
    """One object of a file, with its findings, or why it was not checked."""

    def __init__(self, name: str, kind: str, line: int | None) -> None:
        self.name = name
        self.kind = kind
        self.line = line
        self.findings: list[Finding] = []
        self.skipped = ""


def render(report: Report, least: str, style: Style, fail_on: str = "error") -> Iterator[str]:
    """Return the lines of the document. Findings at or above `fail_on` fail their case, the others are in its output."""
    files = _cases(report, least)
    everything = [case for cases in files.values() for case in cases]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<testsuites{attributes(name='joblint', **_counts(everything, fail_on, len(report.missing)))}>"
    for file, cases in files.items():
        yield f" <testsuite{attributes(name=file, **_counts(cases, fail_on, 0))}>"
        for case in cases:
            yield from _case(case, file, fail_on)
        yield " </testsuite>"
    for file, reason in report.missing:
        yield f" <testsuite{attributes(name=file, tests=1, failures=0, errors=1, skipped=0)}>"
        yield f"  <testcase{attributes(name=file, classname='file', file=file)}>"
        yield f"   <error{attributes(message=reason, type='unreadable')}/>"
        yield "  </testcase>"
        yield " </testsuite>"
    yield "</testsuites>"


def _cases(report: Report, least: str) -> dict[str, list[_Case]]:
    files: dict[str, list[_Case]] = {}
    known: dict[tuple[str, Key], _Case] = {}
    for checked in report.documents:
        j = checked.judged
        name = "/".join([part for part in (j.namespace, j.name) if part]) or f"document {j.document}"
        case = _Case(name, j.kind or "unreadable", j.line)
        known.setdefault((checked.file, (j.document, j.kind, j.namespace, j.name)), case)
        files.setdefault(checked.file, []).append(case)
    for skipped in report.skipped:
        case = _Case(f"document {skipped.document}", "skipped", None)
        case.skipped = skipped.reason
        files.setdefault(skipped.file, []).append(case)
    for finding in shown(report, least):
        o = finding.object
        found = known.get((finding.file, (finding.document, o.kind, o.namespace, o.name)))
        if found is None:  # about the document as a whole
            found = next((c for (f, key), c in known.items() if f == finding.file and key[0] == finding.document), None)
        if found is None:
            found = _Case(f"document {finding.document}", "file", finding.span.line)
            known[(finding.file, (finding.document, None, None, None))] = found
            files.setdefault(finding.file, []).append(found)
        found.findings.append(finding)
    return files


def _counts(cases: list[_Case], fail_on: str, unreadable: int) -> dict[str, int]:
    return {
        "tests": len(cases) + unreadable,
        "failures": sum([any(at_least(f.severity, fail_on) for f in case.findings) for case in cases]),
        "errors": unreadable,
        "skipped": sum([bool(case.skipped) for case in cases]),
    }


def _case(case: _Case, file: str, fail_on: str) -> Iterator[str]:
    yield f"  <testcase{attributes(name=case.name, classname=case.kind, file=file, line=case.line)}>"
    if case.skipped:
        yield f"   <skipped{attributes(message=case.skipped)}/>"
    failing = [f for f in case.findings if at_least(f.severity, fail_on)]
    others = [f for f in case.findings if not at_least(f.severity, fail_on)]
    if failing:
        first = failing[0]
        head = attributes(message=f"{first.rule} {first.name}: {' '.join(first.message.split())}", type=first.severity)
        yield f"   <failure{head}>{escaped(_text(failing))}</failure>"
    if others:
        yield f"   <system-out>{escaped(_text(others))}</system-out>"
    yield "  </testcase>"


def _text(findings: list[Finding]) -> str:
    lines = []
    for f in findings:
        lines.append(f"{f.file}:{f.span.line}:{f.span.column}: {f.severity}: {message(f)} [{f.rule} {f.name}]")
        if f.fix_text:
            lines += [f"  {line}" for line in as_typed(f.fix_text)]
    return "\n".join(lines)
