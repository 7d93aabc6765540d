"""Where a check's report is written, and in which formats: `--format`, `--output FORMAT=FILE`; only renders and writes."""

from __future__ import annotations

import os

from joblint.base.record import Record
from joblint.cli.output import HUMAN, OutputError, say, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from joblint.cli.streamed import Streamed
    from joblint.report.style import Style
    from joblint.run.result import Report

    Renderer = Callable[[Report, str, Style], Iterator[str]]


class Output(Record):
    """A format and its destination: a file, or `-` for standard output."""

    format: str
    file: str


class WrongOutput(Exception):
    """An invalid `--output`; the text is the reason."""


def outputs(format: str | None, asked: list[str]) -> tuple[Output, ...]:
    """Return the outputs for `--format` and `--output`; text on standard output by default. Raises WrongOutput."""
    found = [Output(format, "-")] if format else []
    for text in asked:
        name, equals, file = text.partition("=")
        from joblint.cli.options import FORMATS

        if name not in FORMATS:
            from joblint.base.nearest import nearest

            near = nearest(name, FORMATS)
            hint = f"did you mean {near}?" if near else f"formats: {', '.join(FORMATS)}"
            raise WrongOutput(f"--output {text}: unknown format {name!r}; {hint}")
        if equals and not file:
            raise WrongOutput(f"--output {text}: specify a file, or - for standard output")
        found.append(Output(name, file or "-"))
    for i, output in enumerate(found):
        if any(o.file == output.file for o in found[:i]):
            where = "standard output" if output.file == "-" else output.file
            raise WrongOutput(
                f"two formats cannot both be written to {where}; use a file for one of them: --output {output.format}=FILE"
            )
    return tuple(found) or (Output("text", "-"),)


def write_outputs(
    report: Report,
    least: str,
    fail_on: str,
    wanted: tuple[Output, ...],
    quiet: bool = False,
    color: str = "auto",
    statistics: bool = False,
    streamed: Streamed | None = None,
) -> bool:
    """Write the report in each format; return whether everything was written. `quiet` omits the last line of text. If it is
    `streamed`, the findings are on standard output already, and only the rest is written there. Raises what joblint raised while
    it showed a finding, once everything else is written."""
    from joblint.cli.console import style

    written = True
    failed: list[Exception] = []
    for output in wanted:
        if output.file == "-" and streamed is not None:
            written = streamed.end(report) and written
            continue
        render = renderer(output.format, fail_on, statistics)
        if output.file == "-":
            human = output.format in HUMAN
            shown = style(color)
            lines = render(report, least, shown) if human else _all_but_failing(render, report, least, shown, failed)
            try:
                write(_without_last(lines) if quiet and human else lines, utf8=not human)
            except OutputError as error:
                say(f"joblint: {error}")
                written = False
            continue
        try:
            _to_file(output.file, render, report, least, failed)
        except OSError as error:
            from joblint.report.safe import safe

            say(f"joblint: {safe(output.file)}: {error.strerror or error}")
            written = False
    if any(o.format == "github" for o in wanted) and os.environ.get("GITHUB_STEP_SUMMARY"):
        _step_summary(os.environ["GITHUB_STEP_SUMMARY"], report, least)
    if failed:
        raise failed[0]
    return written


def _all_but_failing(render: Renderer, report: Report, least: str, style: Style, failed: list[Exception]) -> Iterator[str]:
    """The lines of a format for programs. If joblint fails on a finding, they are those of the others; that error is added to
    `failed`, and the crash to the report. Raises what is raised without any finding."""
    try:
        return iter(list(render(report, least, style)))
    except MemoryError:
        raise
    except Exception as error:
        from joblint.base.record import replace
        from joblint.rules.finding import failed as crash

        failed.append(error)
        kept, crashes = [], list(report.crashes)
        for finding in report.findings:
            try:
                list(render(replace(report, findings=(finding,)), least, style))
            except Exception as its:
                crashes.append(crash(finding.file, finding.document, its, finding.rule, finding.name))
            else:
                kept.append(finding)
        return render(replace(report, findings=tuple(kept), crashes=tuple(crashes)), least, style)


def _without_last(lines: Iterator[str]) -> Iterator[str]:
    before: list[str] = []
    for line in lines:
        yield from before
        before = [line]


def _to_file(file: str, render: Renderer, report: Report, least: str, failed: list[Exception]) -> None:
    from joblint.base.whole import write_whole
    from joblint.report.style import Style

    text = "".join([line + "\n" for line in _all_but_failing(render, report, least, Style(False, False, 120), failed)])
    write_whole(file, text.encode("utf-8", "backslashreplace"))


def _step_summary(file: str, report: Report, least: str) -> None:
    """Add the report as Markdown to the summary of a GitHub job, up to GitHub's limit (1 MiB a step)."""
    from joblint.report.check.markdown import render
    from joblint.report.style import Style

    parts, size = [], 0
    for line in render(report, least, Style(False, False, 120)):
        size += len(line.encode("utf-8", "backslashreplace")) + 1
        if size > 1_000_000:
            parts.append("\n\nThere are more findings than GitHub shows here; see the log of the job.\n")
            break
        parts.append(line + "\n")
    try:
        with open(file, "a", encoding="utf-8", errors="backslashreplace") as out:
            out.write("".join(parts))
    except OSError as error:
        from joblint.report.safe import safe

        say(f"joblint: {safe(file)}: {error.strerror or error}")


def renderer(format: str, fail_on: str = "error", statistics: bool = False) -> Renderer:
    """Return the reporter of a format; `fail_on` is the lowest severity that fails a case of a test report, `statistics` says
    whether JSON includes the number of findings of each rule."""
    if format == "json":
        from joblint.report.check.json import render

        if statistics:
            from joblint.report.check.statistics import json_with_counts

            return json_with_counts
    elif format == "concise":
        from joblint.report.check.concise import render
    elif format == "sarif":
        from joblint.report.check.sarif import render
    elif format == "github":
        from joblint.report.check.github import render
    elif format == "gitlab":
        from joblint.report.check.gitlab import render
    elif format == "junit":
        from joblint.report.check import junit

        return lambda report, least, style: junit.render(report, least, style, fail_on)
    elif format == "markdown":
        from joblint.report.check.markdown import render
    elif format == "rdjson":
        from joblint.report.check.rdjson import render
    elif format == "checkstyle":
        from joblint.report.check.checkstyle import render
    else:
        from joblint.report.check.text import render
    return render
