"""The report of `check` as Markdown, for a pull request or the summary of a CI job."""

from __future__ import annotations

from joblint.base.checkout import in_checkout
from joblint.report.check.shown import shown
from joblint.report.check.summary import summary
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.rules.finding import Finding
    from joblint.run.check import Report

_MARKS = {"error": "❌ error", "warning": "⚠️ warning", "info": "ℹ️ info"}


def render(report: Report, least: str, style: Style) -> Iterator[str]:
    """The lines of the document: a table a file, then why and what to type, once a rule."""
    findings = shown(report, least)
    yield "## joblint"
    yield ""
    yield _text(summary(report, least))
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.file, []).append(finding)
    for file, members in files.items():
        yield ""
        yield f"### {_code(in_checkout(file))}"
        yield ""
        yield "| line | object | severity | finding |"
        yield "|---:|---|---|---|"
        for f in members:
            link = f"[{f.rule}]({f.url})" if f.url else f.rule
            also = "".join([f"<br>also: {_text(more)}" for more in f.also])
            place, title = f"{f.span.line}:{f.span.column}", _text(f.object.title)
            yield f"| {place} | {title} | {_MARKS[f.severity]} | {_text(f.message)}{also} {link} |"
    told: dict[str, Finding] = {}
    for finding in findings:
        told.setdefault(finding.rule, finding)
    for f in told.values():
        yield ""
        yield "<details>"
        yield f"<summary>{f.rule} {_text(f.name)}</summary>"
        yield ""
        yield from [_text(line) for line in f.why.split("\n")]
        yield ""
        yield "```yaml"
        yield from [safe(line) for line in f.mend.replace("```", "'''").split("\n")]
        yield "```"
        yield ""
        yield "</details>"


def _text(text: str) -> str:
    """Words as Markdown shows them: nothing of a manifest is a table, a link, a mention or HTML."""
    text = safe(" ".join(text.split()))
    for ch in "\\`*_[]|#~":
        text = text.replace(ch, f"\\{ch}")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")


def _code(text: str) -> str:
    text = safe(text)
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"
