"""The report of `check` as Markdown, for a pull request or the summary of a CI job."""

from __future__ import annotations

from joblint.base.checkout import in_checkout
from joblint.report.check.shown import shown
from joblint.report.check.summary import summary
from joblint.report.markdown import code, code_block, words
from joblint.report.remedy import as_typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.result import Report

_FIXES = 5
"""At most this many different fixes of one rule are shown."""

_MARKS = {"error": "❌ error", "warning": "⚠️ warning", "info": "ℹ️ info"}


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """Return the lines of the document: a table for each file, then why and what to type, once for each rule."""
    findings = shown(report, least)
    yield "## joblint"
    yield ""
    yield words(summary(report, least))
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.file, []).append(finding)
    for file, members in files.items():
        yield ""
        yield f"### {code(in_checkout(file))}"
        yield ""
        yield "| line | object | severity | finding |"
        yield "|---:|---|---|---|"
        for f in members:
            link = f"[{f.rule}]({f.url})" if f.url else f.rule
            also = "".join([f"<br>also: {words(more)}" for more in f.also])
            place, title = f"{f.span.line}:{f.span.column}", words(f.object.title)
            yield f"| {place} | {title} | {_MARKS[f.severity]} | {words(f.message)}{also} {link} |"
    told: dict[str, dict[str, Finding]] = {}
    for finding in findings:
        told.setdefault(finding.rule, {}).setdefault(finding.fix_text, finding)
    for fixes in told.values():
        f = next(iter(fixes.values()))
        yield ""
        yield "<details>"
        yield f"<summary>{f.rule} {words(f.name)}</summary>"
        yield ""
        yield from [words(line) for line in f.why.split("\n")]
        for other in list(fixes.values())[:_FIXES]:
            yield ""
            if len(fixes) > 1:
                yield from (f"For {code(f'{in_checkout(other.file)}:{other.span.line}')}:", "")
            yield from code_block(as_typed(other.fix_text), "yaml")
        yield ""
        yield "</details>"
